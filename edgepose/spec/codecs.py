# SPDX-License-Identifier: Apache-2.0
"""How the outputs of a network are to be read: one class per `codec.type`, detectors' here.

A codec also knows which outputs it needs, which shape each must have and which inputs suit it. An
axis of an expected shape is a number, a range of numbers, or None for any.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from edgepose.spec import check
from edgepose.spec.bottom_up_codecs import PafCodec, TagsCodec
from edgepose.spec.codec_parts import MAX_STRIDE, Shape, check_numbers, divides, map_shape
from edgepose.spec.input import InputSpec
from edgepose.spec.top_down_codecs import BLURRED as BLURRED
from edgepose.spec.top_down_codecs import SUBPIXELS as SUBPIXELS
from edgepose.spec.top_down_codecs import HeatmapCodec, SimccCodec
from edgepose.types import Skeleton

MAX_BOXES = 10_000
MAX_CLASSES = 10_000


@dataclass(frozen=True, slots=True)
class CentersCodec:
    """A detector of centres: probability, size in input px and offset in cells per cell.

    Attributes:
        stride: Input px per cell.
        score_threshold: Least score of a box, 0..1.
        nms_iou: Overlap 0..1 above which the lower box goes.
        max_boxes: Most boxes per picture.

    Raises:
        SpecError: A value is of the wrong type or out of range.
    """

    type: ClassVar[str] = "centers"
    task: ClassVar[str] = "detector"
    roles: ClassVar[tuple[str, ...]] = ("heatmap", "size", "offset")
    channels: ClassVar[dict[str, int]] = {"heatmap": 1, "size": 2, "offset": 2}

    stride: int
    score_threshold: float
    nms_iou: float
    max_boxes: int

    def __post_init__(self) -> None:
        check.integer("codec.stride", self.stride, 1, MAX_STRIDE)
        _check_boxes(self)

    def check_input(self, input_spec: InputSpec) -> None:
        """Checks that cells tile the input.

        Raises:
            SpecError: They do not.
        """
        divides(self.stride, input_spec)

    def shape(self, role: str, input_spec: InputSpec, skeleton: Skeleton | None) -> Shape:  # noqa: ARG002
        """[N, 1 or 2, height / stride, width / stride]."""
        return map_shape(self.channels[role], self.stride, input_spec)


@dataclass(frozen=True, slots=True)
class YoloxCodec:
    """YOLOX's raw predictions: grid offsets and exponentials still to apply.

    Attributes:
        strides: Input px per cell of each level, in the order of the rows.
        class_index: The class that is a person.
        score_threshold: Least objectness x class score of a box, 0..1.
        nms_iou: Overlap 0..1 above which the lower box goes.
        max_boxes: Most boxes per picture.

    Raises:
        SpecError: A value is of the wrong type or out of range.
    """

    type: ClassVar[str] = "yolox"
    task: ClassVar[str] = "detector"
    roles: ClassVar[tuple[str, ...]] = ("predictions",)

    strides: tuple[int, ...]
    class_index: int
    score_threshold: float
    nms_iou: float
    max_boxes: int

    def __post_init__(self) -> None:
        found = check.items("codec.strides", self.strides, 1, 8)
        for index, stride in enumerate(found):
            check.integer(f"codec.strides[{index}]", stride, 1, MAX_STRIDE)
        object.__setattr__(self, "strides", check.different("codec.strides", found))
        check.integer("codec.class_index", self.class_index, 0, MAX_CLASSES - 1)
        _check_boxes(self)

    def check_input(self, input_spec: InputSpec) -> None:
        """Checks that the levels tile the input.

        Raises:
            SpecError: They do not.
        """
        for stride in self.strides:
            divides(stride, input_spec)

    def shape(self, role: str, input_spec: InputSpec, skeleton: Skeleton | None) -> Shape:  # noqa: ARG002
        """[N, cells of all levels, 5 + classes]."""
        width, height = input_spec.wh
        cells = sum((width // stride) * (height // stride) for stride in self.strides)
        return None, cells, range(6 + self.class_index, 6 + MAX_CLASSES)


def _check_boxes(codec: CentersCodec | YoloxCodec) -> None:
    """Options that every detector has."""
    check_numbers(codec, {"score_threshold": (0, 1), "nms_iou": (0, 1)})
    check.integer("codec.max_boxes", codec.max_boxes, 1, MAX_BOXES)


Codec: TypeAlias = "HeatmapCodec | SimccCodec | PafCodec | TagsCodec | CentersCodec | YoloxCodec"
CODECS: dict[str, type[Codec]] = {
    codec.type: codec
    for codec in (HeatmapCodec, SimccCodec, PafCodec, TagsCodec, CentersCodec, YoloxCodec)
}
