# SPDX-License-Identifier: Apache-2.0
"""What a pipeline says about one picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from edgepose.errors import InputError
from edgepose.types.frozen import Frozen, finite, image_size
from edgepose.types.keypoints import KeypointArrays
from edgepose.types.person import Boxes, Person
from edgepose.types.skeleton import Skeleton


@dataclass(frozen=True, slots=True)
class Timing(Frozen):
    """Wall-clock milliseconds of one call.

    Attributes:
        stages: Milliseconds by stage, such as load, detect, preprocess, pose, decode; read-only.
        total: Milliseconds of the whole call; may exceed the sum of the stages.

    Raises:
        InputError: A time that is not a finite number.
    """

    stages: Mapping[str, float]
    total: float

    def __post_init__(self) -> None:
        if not isinstance(self.stages, Mapping):
            got = type(self.stages).__name__
            raise InputError(f"timing.stages must be a mapping; got {got}")
        stages = {str(name): finite(value, "timing") for name, value in self.stages.items()}
        object.__setattr__(self, "stages", MappingProxyType(stages))
        object.__setattr__(self, "total", finite(self.total, "timing.total"))

    def __reduce__(self) -> tuple[Any, ...]:
        return Timing, (dict(self.stages), self.total)


@dataclass(frozen=True, slots=True, eq=False)
class Result(Frozen):
    """The people of one picture, in the order of the boxes given or by falling score.

    `len(result)` is the number of people, `for person in result` goes over them.

    Attributes:
        persons: The people, perhaps none.
        image_wh: Width and height of the picture, px.
        model: Name of the pose model.
        detector: Name of the person detector; None if boxes were given.
        skeleton: The model's keypoints.
        timing: Milliseconds by stage.
        source: Where the picture came from; None for an array.
        image: [H, W, 3] uint8 BGR, the decoded picture, shared and not copied; may be None.

    Raises:
        InputError: Persons whose keypoints are not the skeleton's, or of another picture's size.
    """

    persons: tuple[Person, ...]
    image_wh: tuple[int, int]
    model: str
    detector: str | None
    skeleton: Skeleton
    timing: Timing
    source: str | None = None
    image: NDArray[np.uint8] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "persons", tuple(self.persons))
        object.__setattr__(self, "image_wh", image_size(self.image_wh))
        for person in self.persons:
            if not isinstance(person, Person):
                raise InputError(f"persons must be Person; got {type(person).__name__}")
            if person.keypoints.image_wh != self.image_wh:
                raise InputError(
                    f"persons must be of the picture's size {self.image_wh}; "
                    f"got {person.keypoints.image_wh}"
                )
            if person.keypoints.names != self.skeleton.names:
                raise InputError(
                    f"persons must have the skeleton's {len(self.skeleton)} keypoints; "
                    f"got {len(person.keypoints)}: {', '.join(person.keypoints.names[:5])}, ..."
                )

    def __len__(self) -> int:
        return len(self.persons)

    def __bool__(self) -> bool:
        return True  # a picture without people is still a result

    def __iter__(self) -> Iterator[Person]:
        return iter(self.persons)

    def __getitem__(self, index: int) -> Person:
        return self.persons[index]

    @property
    def keypoints(self) -> KeypointArrays:
        """Keypoints of all people: `.xy` [N, K, 2], `.xyn` [N, K, 2], `.score` [N, K], `.names`."""
        count, joints = len(self.persons), len(self.skeleton)
        xy = np.empty((count, joints, 2), np.float32)
        score = np.empty((count, joints), np.float32)
        for index, person in enumerate(self.persons):
            xy[index], score[index] = person.keypoints.xy, person.keypoints.score
        return KeypointArrays(xy, score, self.skeleton.names, self.image_wh)

    @property
    def boxes(self) -> Boxes:
        """Boxes of all people: `.xyxy` [N, 4] and the boxes' own `.score` [N]."""
        xyxy = np.array([person.box for person in self.persons], np.float32).reshape(-1, 4)
        return Boxes(xyxy, np.array([person.box_score for person in self.persons], np.float32))

    def draw(self, image: NDArray[np.uint8] | None = None) -> NDArray[np.uint8]:
        """A new picture with the people drawn on it.

        Args:
            image: [H, W, 3] uint8 BGR to draw on; by default the picture that was looked at.

        Returns:
            [H, W, 3] uint8 BGR, a copy.

        Raises:
            InputError: No picture was given and the result does not hold one.
        """
        picture = self.image if image is None else image
        if picture is None:
            raise InputError("draw() needs a picture: the result does not hold one; pass image=")
        drawn = _upper("edgepose.draw", "draw_result")(picture, self)
        return cast("NDArray[np.uint8]", drawn)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: see `edgepose.io.result_dict`."""
        return cast("dict[str, Any]", _upper("edgepose.io.result_dict", "to_dict")(self))

    def to_coco(self, image_id: int | str, category_id: int = 1) -> list[dict[str, Any]]:
        """COCO keypoint results, one entry per person: see `edgepose.io.result_coco`."""
        entries = _upper("edgepose.io.result_coco", "to_coco")(self, image_id, category_id)
        return cast("list[dict[str, Any]]", entries)

    def to_openpose(self) -> dict[str, Any]:
        """OpenPose's JSON in its COCO-18 order: see `edgepose.io.result_openpose`."""
        return cast("dict[str, Any]", _upper("edgepose.io.result_openpose", "to_openpose")(self))


def _upper(module: str, name: str) -> Any:
    """A function of a higher layer, found when called, so that types import nothing above them."""
    return getattr(import_module(module), name)
