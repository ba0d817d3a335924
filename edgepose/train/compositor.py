# SPDX-License-Identifier: Apache-2.0
"""Multi-person pictures: real ones, and people pasted onto others with their ground truth."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from edgepose.geometry import letterbox_matrix
from edgepose.train import augment
from edgepose.train.config import Phase
from edgepose.train.cutout import Outliner, paste
from edgepose.train.limbs import limbs
from edgepose.train.pixels import inverse, moved, warp
from edgepose.train.scene_store import SceneStore

PASTED_SHARE = 0.4  # of real scenes that get people pasted into them
MOST_PASTED = 3
DONOR_KEYPOINTS = 0.5  # share of labelled keypoints that makes a person fit for pasting
DONOR_SIZE = 48  # px of the stored picture
PASTED_SIZE = (0.15, 0.7)  # of the view's shorter side
LARGEST_ZOOM = 2.0
HIDDEN = 0.5  # what of the outline hides a keypoint under it
SEEN_KEYPOINTS = 3  # people of whom less is seen are gone


@dataclass
class Scene:
    """A view with everybody in it.

    Attributes:
        picture: uint8 BGR [H, W, 3].
        people: [P, K, 3] x, y in px and visibility 0, 1 (hidden) or 2.
        size: [P] square root of the area of each one's box, px.
        counts: bool [H, W], False where people may be whom nobody labelled.
        known: bool [K], False where the data set does not label the keypoint.
    """

    picture: NDArray[np.uint8]
    people: NDArray[np.float64]
    size: NDArray[np.float64]
    counts: NDArray[np.bool_]
    known: NDArray[np.bool_]


class Compositor:
    """Makes scenes out of a store; every draw comes from the generator it is given.

    Args:
        store: Pictures and people.
        names: Of the keypoints.
        complete: [sources] whether everybody in a source's pictures has at least a box.
    """

    def __init__(
        self, store: SceneStore, names: tuple[str, ...], complete: NDArray[np.bool_]
    ) -> None:
        self.store = store
        self.flip = augment.flip_order(names)
        self.complete = complete[store.source]
        self.outliner = Outliner(names, limbs(names))
        picture = np.repeat(np.arange(len(store)), np.diff(store.person_start))
        sides = store.box[:, 2:] - store.box[:, :2]
        labelled = np.count_nonzero(store.keypoints[:, :, 2] > 0, axis=1)
        share = labelled / store.keypoints.shape[1]
        fit = (share >= DONOR_KEYPOINTS) & (sides.prod(1) >= DONOR_SIZE**2)
        self.donors = np.flatnonzero(fit & np.all(store.known, axis=1)[picture])
        self.picture_of = picture

    def scene(self, index: int, phase: Phase, rng: np.random.Generator) -> Scene:
        """Picture `index`, augmented as strongly as the phase says; 0 letterboxes it."""
        hw = (phase.height, phase.width)
        strength = phase.augment
        if strength <= 0:
            rows, columns = self.store.hw[index].tolist()
            size = (columns, rows)
            matrix = letterbox_matrix(size, (phase.width, phase.height), anchor="center")
            return self._placed(index, inverse(matrix[0]), hw, flip=False)
        scene = self._placed(index, *self._matrix(index, phase, rng))
        empty = not len(scene.people) and bool(scene.counts.all())
        if len(self.donors) and (empty or rng.random() < PASTED_SHARE):
            for _ in range(int(rng.integers(1, MOST_PASTED + 1))):
                self._paste(scene, int(rng.choice(self.donors)), rng)
        picture = augment.random_colour(scene.picture, rng, strength)
        scene.picture = augment.random_occlusion(picture, rng, 0.5 * strength)
        return scene

    def _matrix(
        self, index: int, phase: Phase, rng: np.random.Generator
    ) -> tuple[NDArray[np.float64], tuple[int, int], bool]:
        """The matrix from a picture to a view, the view's size, and whether it mirrors."""
        strength = phase.augment
        view = np.array([phase.width, phase.height])
        picture = self.store.hw[index][::-1].astype(np.float64)
        scale = float((view / picture).min()) * math.exp(strength * rng.uniform(-0.3, 0.7))
        spare = np.abs(picture - view / scale) / 2
        center = (picture - 1) / 2 + rng.uniform(-1, 1, 2) * spare
        degrees = augment.random_rotation(rng, 0.5 * strength)
        flip = bool(rng.random() < 0.5)
        matrix = augment.similarity(center, (view - 1) / 2, scale, degrees, flip)
        return matrix, (phase.height, phase.width), flip

    def _placed(
        self, index: int, matrix: NDArray[np.float64], hw: tuple[int, int], flip: bool
    ) -> Scene:
        store, rows = self.store, self.store.people(index)
        view = warp(store.picture(index), matrix, np.empty((*hw, 3), np.uint8))
        people, size = self._moved(rows, matrix, flip)
        counts = np.full(hw, self.complete[index], np.uint8)
        for box in store.box[rows]:
            _fill(counts, box, matrix, 1)
        for box in store.ignored_boxes(index):
            _fill(counts, box, matrix, 0)
        return Scene(view, people, size, counts.astype(np.bool_), store.known[index].copy())

    def _moved(
        self, rows: slice, matrix: NDArray[np.float64], flip: bool
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """People [P, K, 3] and their sizes [P] after a similarity."""
        people = self.store.keypoints[rows].astype(np.float64)
        people[..., :2] = moved(people[..., :2], matrix)
        sides = (self.store.box[rows, 2:] - self.store.box[rows, :2]).astype(np.float64)
        scale = math.sqrt(abs(float(np.linalg.det(matrix[:, :2]))))
        return people[:, self.flip] if flip else people, scale * np.sqrt(sides.prod(1))

    def _paste(self, scene: Scene, donor: int, rng: np.random.Generator) -> None:
        """Puts a person over a scene."""
        hw = scene.counts.shape
        row = slice(donor, donor + 1)
        box = self.store.box[donor].astype(np.float64)
        size = math.sqrt(float((box[2:] - box[:2]).prod()))
        wanted = min(hw) * math.exp(rng.uniform(*np.log(PASTED_SIZE)))
        scale = min(wanted / size, LARGEST_ZOOM)
        place = rng.uniform(0, 1, 2) * (hw[1], hw[0])
        flip = bool(rng.random() < 0.5)
        degrees = float(rng.normal(0, 10))
        matrix = augment.similarity((box[:2] + box[2:]) / 2, place, scale, degrees, flip)
        picture = self.store.picture(int(self.picture_of[donor]))
        person, moved_size = self._moved(row, matrix, flip)
        mask = self.outliner.draw(person[0], float(moved_size[0]), hw)
        mask *= _inside(picture.shape, matrix, hw)
        view = warp(picture, matrix, np.empty_like(scene.picture))
        scene.picture = paste(scene.picture, view, mask)
        self._hide(scene, mask)
        scene.counts |= mask > HIDDEN
        scene.people = np.concatenate([scene.people, person])
        scene.size = np.concatenate([scene.size, moved_size])

    def _hide(self, scene: Scene, mask: NDArray[np.float32]) -> None:
        """Keypoints under the mask are hidden; people of whom nearly all is hidden are gone."""
        limit = np.array(mask.shape[::-1]) - 1
        nearest = np.clip(np.round(scene.people[..., :2]), 0, limit).astype(np.int64)
        covered = mask[nearest[..., 1], nearest[..., 0]] > HIDDEN
        covered &= scene.people[..., 2] > 0
        scene.people[..., 2] = np.where(covered, 1, scene.people[..., 2])
        seen = ((scene.people[..., 2] > 0) & ~covered).sum(1)
        gone = covered.any(1) & (seen < SEEN_KEYPOINTS)
        for person in scene.people[gone]:  # what is left of them neither teaches nor punishes
            points = person[person[:, 2] > 0, :2]
            low = np.clip(np.floor(points.min(0)), 0, limit + 1).astype(int)
            high = np.clip(np.ceil(points.max(0)) + 1, 0, limit + 1).astype(int)
            scene.counts[low[1] : high[1], low[0] : high[0]] = False
        scene.people, scene.size = scene.people[~gone], scene.size[~gone]


def _fill(
    counts: NDArray[np.uint8], box: NDArray[np.float32], matrix: NDArray[np.float64], value: int
) -> None:
    """Sets the pixels of a box that a matrix moves."""
    x1, y1, x2, y2 = box.astype(np.float64).tolist()
    corners = moved(np.array([[x1, y1], [x2, y1], [x2, y2], [x1, y2]]), matrix)
    polygon = np.clip(np.round(corners), -(1 << 15), 1 << 15).astype(np.int32)
    cv2.fillConvexPoly(counts, polygon, value)


def _inside(
    shape: tuple[int, ...], matrix: NDArray[np.float64], hw: tuple[int, int]
) -> NDArray[np.float32]:
    """1 where a moved picture of `shape` lies in a view, else 0."""
    result = np.zeros(hw, np.uint8)
    edges = np.array([0, 0, shape[1] - 1, shape[0] - 1], np.float32)
    _fill(result, edges, matrix, 1)
    return result.astype(np.float32)
