# SPDX-License-Identifier: Apache-2.0
"""Pictures for calibration: chosen without chance, cut as the runtime cuts them, kept by hash.

A folder gives its pictures; for a pose model the package's detector finds the people on them, and
a picture without people is one crop as a whole. COCO annotations give their labelled boxes. Which
ones are taken follows from a hash of the file's name, so the same folder always gives the same
crops, and a picture that is added later moves few of them.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import ImageError, InputError
from edgepose.evaluation.plan import share_keypoints
from edgepose.geometry import crop_matrix
from edgepose.io.coco import read_coco
from edgepose.io.images import read_image
from edgepose.io.sources import expand_sources
from edgepose.pipelines.detector import Detector, fill_crops, input_to_image
from edgepose.pipelines.network import open_network
from edgepose.spec import Spec
from edgepose.types import Skeleton

Floats = NDArray[np.float32]
Boxes = NDArray[np.float64]
# Fewer say too little about the range of an activation.
MIN_CROPS = 8
Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Crops:
    """Inputs of the network.

    Attributes:
        inputs: [N, 3, H, W], normalised as the contract says.
        names: [N] file that each was cut from.
        digest: SHA-256 of the pictures, the boxes and the preprocessing.
        skipped: Files that could not be read, with the reason.
    """

    inputs: Floats
    names: tuple[str, ...]
    digest: str
    skipped: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True, eq=False)
class Choice:
    """A picture and the boxes to cut from it; None lets a detector find them."""

    path: Path
    boxes: Boxes | None


def load_crops(
    spec: Spec,
    source: Path,
    images: Path | None = None,
    *,
    count: int = 128,
    least: int = MIN_CROPS,
    cache: Path | None = None,
    say: Progress | None = None,
) -> Crops:
    """Chooses and cuts the calibration crops.

    Args:
        spec: Contract of the model.
        source: Folder of pictures, or COCO keypoint annotations.
        images: Folder of the annotations' pictures; None is the one the annotations are in.
        count: Most crops.
        least: Fewest crops.
        cache: Folder that keeps the crops for the next time; None keeps nothing.
        say: Told what happens.

    Raises:
        InputError: Nothing is there, `count` is below `least`, or fewer crops are found
            (AnnotationError: the annotations are wrong).
        ImageError: More than half of the pictures cannot be read.
    """
    if count < least:
        raise InputError(f"calibration needs at least {least} crops; got {count}")
    choices = choose(spec, source, images, count)
    content, skipped = _hash(spec, choices, count)
    kept = None if cache is None else cache / f"calibration-{content[:16]}.npz"
    if kept is not None and kept.is_file():
        with np.load(kept) as saved:
            return Crops(saved["inputs"], tuple(saved["names"].tolist()), content, skipped)
    if say is not None:
        say(f"cutting up to {count} crops from {len(choices)} pictures")
    inputs, names = _cut(spec, choices, count, skipped)
    if len(skipped) > len(choices) / 2:
        raise ImageError(
            f"{source}: {len(skipped)} of {len(choices)} pictures cannot be read; "
            f"the first: {skipped[0]}"
        )
    if len(inputs) < least:
        raise InputError(
            f"{source}: at least {least} crops are needed; {len(choices)} pictures "
            f"give {len(inputs)}"
        )
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_name(f".{os.getpid()}-{kept.name}")
        np.savez(partial, inputs=inputs, names=np.array(names))
        partial.replace(kept)  # it appears whole or not at all
    return Crops(inputs, names, content, skipped)


def choose(spec: Spec, source: Path, images: Path | None, count: int) -> list[Choice]:
    """The pictures that are looked at, in order; no more than `count`.

    Raises:
        InputError: As `load_crops`.
    """
    if source.is_dir():
        if images is not None:
            raise InputError("a folder of images belongs to annotations; calibration is a folder")
        whole = spec.task != "top_down"
        found = [
            Choice(path, np.zeros((0, 4)) if whole else None)
            for path in expand_sources([str(source)])
        ]
    elif source.is_file():
        found = _labelled(spec, source, images or source.parent)
    else:
        raise InputError(f"{source}: no such folder or annotations file")
    return sorted(found, key=lambda each: hashlib.sha256(each.path.name.encode()).digest())[:count]


def _labelled(spec: Spec, source: Path, folder: Path) -> list[Choice]:
    dataset = read_coco(source)
    if spec.task == "top_down":
        share_keypoints(cast(Skeleton, spec.keypoints), dataset)
    people = dataset.persons
    usable = people.counts & people.sized
    found = []
    for image in dataset.images:
        boxes = people.box[(people.image_id == image.id) & usable]
        if len(boxes):
            whole = spec.task != "top_down"
            found.append(Choice(folder / image.file_name, boxes[:0] if whole else boxes))
    if not found:
        raise InputError(f"{source}: no picture has a person with a box and a labelled keypoint")
    return found


def _hash(spec: Spec, choices: list[Choice], count: int) -> tuple[str, tuple[str, ...]]:
    """Digest of everything the crops depend on, and the files that are not there or broken."""
    total = hashlib.sha256()
    document = spec.to_dict()
    total.update(json.dumps([document["input"], document["codec"], count]).encode())
    skipped = []
    for choice in choices:
        try:
            total.update(choice.path.read_bytes())
            read_image(choice.path)
        except OSError as error:
            skipped.append(f"{choice.path}: {error.strerror}")
        except ImageError as error:
            skipped.append(str(error))
        total.update(b"" if choice.boxes is None else choice.boxes.tobytes())
    return total.hexdigest(), tuple(skipped)


def _cut(
    spec: Spec, choices: list[Choice], count: int, skipped: tuple[str, ...]
) -> tuple[Floats, tuple[str, ...]]:
    """Crops of the pictures in turn: first one person of each, then a second, up to `count`."""
    broken = {line.split(": ", 1)[0] for line in skipped}
    good = [choice for choice in choices if str(choice.path) not in broken]
    detector = None
    if any(choice.boxes is None for choice in good):
        detector = Detector(open_network("det-n", task="detector"))
    share = -(-count // max(len(good), 1))
    crops: list[tuple[int, int, Floats]] = []
    for index, choice in enumerate(good):
        image = read_image(choice.path)
        boxes = choice.boxes
        if boxes is None and detector is not None:
            boxes = detector(image)[0]
            if not len(boxes):
                boxes = np.array([[-0.5, -0.5, image.shape[1] - 0.5, image.shape[0] - 0.5]])
        # Where few pictures have many people, twice the fair share fills up for the others.
        for rank, matrix in enumerate(_matrices(spec, image, boxes)[: 2 * share]):
            out = np.empty((1, 3, spec.input.height, spec.input.width), np.float32)
            fill_crops(image, matrix[None], spec.input, out)
            crops.append((rank, index, out))
    crops.sort(key=lambda each: each[:2])
    del crops[count:]
    names = tuple(good[index].path.name for _, index, _ in crops)
    if not crops:
        return np.empty((0, 3, spec.input.height, spec.input.width), np.float32), names
    return np.concatenate([out for *_, out in crops]), names


def _matrices(spec: Spec, image: NDArray[np.uint8], boxes: Boxes | None) -> Boxes:
    if spec.task != "top_down" or boxes is None:
        return input_to_image(spec.input, (image.shape[1], image.shape[0]))
    codec: Any = spec.codec
    padding = cast(float, spec.input.box_padding)
    return crop_matrix(boxes, spec.input.wh, padding=padding, warp=codec.warp)
