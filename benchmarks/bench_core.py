# SPDX-License-Identifier: Apache-2.0
"""Kernels of the core beside NumPy and OpenCV, in one run on one thread.

    python benchmarks/bench_core.py [--json FILE] [--quick]

How cases are timed: see suite.py. Not timed: making the inputs. OpenCV is held to one thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
import peers
import peers_metric
import suite
from suite import PEOPLE, Case, Row

from edgepose import _core

TITLE = "kernels"

COCO_SIGMAS = np.full(17, 0.07)


def heatmap_cases() -> list[Case]:
    """The maps of one person, 17x64x48."""
    maps = peers.person_maps(17, 64, 48)

    def decode(subpixel: str) -> Callable[[], Any]:
        return lambda: _core.heatmap_decode(maps, subpixel, 11)

    none = decode("none")
    return [
        Case("argmax", "np.max, one pass", none, lambda: maps.max()),
        Case("argmax", "NumPy", none, lambda: peers.argmax(maps)),
        Case("quarter", "NumPy, vectorised", decode("quarter"), lambda: peers.quarter(maps)),
        Case("quadratic", "NumPy, vectorised", decode("quadratic"), lambda: peers.quadratic(maps)),
        Case("dark", "NumPy + OpenCV blur", decode("dark"), lambda: peers.dark(maps, 11)),
        Case("udp", "NumPy + OpenCV blur", decode("udp"), lambda: peers.udp(maps, 11)),
        Case("megvii", "NumPy + OpenCV blur", decode("megvii"), lambda: peers.megvii(maps, 11)),
        Case("mspn", "NumPy + OpenCV blur", decode("mspn"), lambda: peers.mspn(maps, 11)),
        Case("integral", "NumPy", decode("integral"), lambda: peers.integral(maps, 1.0)),
    ]


def batch_cases() -> list[Case]:
    """The maps of several people in one call."""
    one = peers.person_maps(17, 64, 48)
    cases = []
    for people in (1, 8, 32):
        maps = np.concatenate([np.roll(one, 3 * i, axis=3) for i in range(people)])

        def ours(maps: Any = maps) -> Any:
            return _core.heatmap_decode(maps, "quarter", 11)

        def theirs(maps: Any = maps) -> Any:
            return peers.quarter(maps)

        def pass_over(maps: Any = maps) -> Any:
            return maps.max()

        name = f"quarter, a batch of {people}"
        cases.append(Case(name, "NumPy, vectorised", ours, theirs))
        cases.append(Case(name, "np.max, one pass", ours, pass_over))
    return cases


def stored_cases() -> list[Case]:
    """The same maps as halves, integers and channels last; the peer turns them into float32."""
    maps = peers.person_maps(17, 64, 48)
    halves = maps.astype(np.float16)
    scale = np.float32(1.1 / 255)
    integers = np.clip(np.rint(maps / scale), 0, 255).astype(np.uint8)
    last, last_halves, last_integers = (
        np.ascontiguousarray(stored.transpose(0, 2, 3, 1)) for stored in (maps, halves, integers)
    )

    def ours(stored: Any, *, channels_last: bool) -> Callable[[], Any]:
        zoom = float(scale) if stored.dtype == np.uint8 else None
        return lambda: _core.heatmap_decode(
            stored, "quadratic", channels_last=channels_last, scale=zoom
        )

    def peer(stored: Any, *, channels_last: bool) -> Callable[[], Any]:
        def run() -> Any:
            values = stored.astype(np.float32)
            if stored.dtype == np.uint8:
                values *= scale
            return peers.quadratic(values.transpose(0, 3, 1, 2) if channels_last else values)

        return run

    return [
        Case(
            f"quadratic, {name}",
            "NumPy, vectorised",
            ours(stored, channels_last="NHWC" in name),
            peer(stored, channels_last="NHWC" in name),
        )
        for name, stored in (
            ("float16", halves),
            ("uint8", integers),
            ("NHWC", last),
            ("NHWC float16", last_halves),
            ("NHWC uint8", last_integers),
        )
    ]


def vector_cases() -> list[Case]:
    """SimCC of one person at 256x192, and the flip test of its maps."""
    rng = np.random.default_rng(2)
    x, y = (
        np.exp(-((np.arange(bins) - rng.uniform(20, bins - 20, (1, 17, 1))) ** 2) / 72)
        for bins in (384, 512)
    )
    x = (x + rng.uniform(0, 0.05, x.shape)).astype(np.float32)
    y = (y + rng.uniform(0, 0.05, y.shape)).astype(np.float32)
    maps = peers.person_maps(17, 64, 48)
    flipped, out = maps[..., ::-1].copy(), np.empty_like(maps)
    joint_of = np.array([0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15])
    volumes = rng.random((1, 17, 24, 24, 24), np.float32)
    return [
        Case(
            "simcc",
            "NumPy, vectorised",
            lambda: _core.simcc_decode(x, y, 2.0),
            lambda: peers.simcc(x, y, softmax=False),
        ),
        Case(
            "simcc softmax",
            "NumPy, vectorised",
            lambda: _core.simcc_decode(x, y, 2.0, "softmax"),
            lambda: peers.simcc(x, y, softmax=True),
        ),
        Case(
            "simcc dark",
            "NumPy + OpenCV blur",
            lambda: _core.simcc_decode(x, y, 2.0, blur_kernel=(37, 37)),
            lambda: peers.simcc_dark(x, y, 37),
        ),
        Case(
            "merge_flip",
            "NumPy",
            lambda: _core.merge_flip(maps, flipped, joint_of, out=out),
            lambda: peers.merge_flip(maps, flipped, joint_of, shift=False),
        ),
        Case(
            "merge_flip, shift",
            "NumPy",
            lambda: _core.merge_flip(maps, flipped, joint_of, 1, out=out),
            lambda: peers.merge_flip(maps, flipped, joint_of, shift=True),
        ),
        Case(
            "soft-argmax 24x24x24",
            "NumPy",
            lambda: _core.volume_decode(volumes, 1.0),
            lambda: peers.integral(volumes.reshape(1, 17, 24 * 24, 24), 1.0),
        ),
    ]


def other_cases() -> list[Case]:
    """Boxes and people of a crowded picture."""
    rng = np.random.default_rng(1)
    corner = rng.uniform(0, 300, (300, 2))
    boxes = np.concatenate([corner, corner + np.array([60, 120])], axis=1).astype(np.float32)
    score = rng.random(300, np.float32)
    xywh = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
    xy = rng.uniform(0, 400, (30, 17, 2))
    area = np.full(30, 2000.0)
    heat = peers.person_maps(1, 40, 40)[0]
    size, offset = np.full((2, 40, 40), 64, np.float32), np.zeros((2, 40, 40), np.float32)
    return [
        Case(
            "box_nms of 300",
            "cv2.dnn.NMSBoxes",
            lambda: _core.box_nms(boxes, score, 0.6),
            lambda: cv2.dnn.NMSBoxes(xywh, score, 0.0, 0.6),  # type: ignore[arg-type]
        ),
        Case(
            "oks_matrix 30x30",
            "NumPy, vectorised",
            lambda: _core.oks_matrix(xy, xy, area, COCO_SIGMAS),
            lambda: peers.oks_matrix(xy, xy, area, COCO_SIGMAS),
        ),
        Case(
            "centers 40x40",
            "cv2.dilate + NumPy",
            lambda: _core.centers_decode(heat, size, offset, 8.0, 0.3, 100),
            lambda: peers.centers(heat, size, offset, 8.0, 0.3),
        ),
    ]


def metric_cases() -> list[Case]:
    """Suppression among 30 people, and the errors of 1,000 poses in space."""
    rng = np.random.default_rng(2)
    xy, score = rng.uniform(0, 400, (30, 17, 2)), rng.random(30)
    area, shown = np.full(30, 2000.0), np.ones((30, 17))
    poses, truth = rng.normal(0, 400, (2, 1000, 17, 3))
    return [
        Case(
            "soft_oks_nms of 30",
            "NumPy, vectorised",
            lambda: _core.soft_oks_nms(xy, shown, score, area, COCO_SIGMAS, 0.9),
            lambda: peers_metric.soft_oks_nms(xy, score, area, COCO_SIGMAS, 0.9),
        ),
        Case(
            "nearby_joints_nms of 30",
            "NumPy, vectorised",
            lambda: _core.nearby_joints_nms(xy, score, 0.05, 8),
            lambda: peers_metric.nearby_joints_nms(xy, score, 0.05),
        ),
        Case(
            "PA-MPJPE of 1,000",
            "NumPy, batched SVD",
            lambda: _core.mpjpe(poses, truth, None, None, "procrustes"),
            lambda: peers_metric.pa_mpjpe(poses, truth),
        ),
    ]


def oks_cases() -> list[Case]:
    """Suppression by object keypoint similarity, from one person to a crowd."""
    cases = []
    for people in PEOPLE:
        rng = np.random.default_rng(people)
        xy, score = rng.uniform(0, 400, (people, 17, 2)), rng.random(people)
        area = np.full(people, 2000.0)
        shown = np.ones((people, 17))

        def ours(xy: Any = xy, shown: Any = shown, score: Any = score, area: Any = area) -> Any:
            return _core.oks_nms(xy, shown, score, area, COCO_SIGMAS, 0.9)

        def theirs(xy: Any = xy, score: Any = score, area: Any = area) -> Any:
            return peers_metric.oks_nms(xy, score, area, COCO_SIGMAS, 0.9)

        name = f"oks_nms of {people}"
        cases.append(Case(name, "NumPy, vectorised", ours, theirs, "oks_nms", people))
    return cases


def cases(quick: bool) -> Sequence[Case]:
    del quick
    found = heatmap_cases() + batch_cases() + stored_cases() + vector_cases() + other_cases()
    return found + oks_cases() + metric_cases()


def rows(quick: bool) -> list[Row]:
    return suite.measure_all(cases(quick), suite.effort_of(quick), TITLE)


if __name__ == "__main__":
    suite.main(__doc__, TITLE, rows)
