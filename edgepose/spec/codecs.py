# SPDX-License-Identifier: Apache-2.0
"""How the outputs of a network are to be read: one class per `codec.type`.

A codec also knows which outputs it needs, which shape each must have and which inputs suit it. An
axis of an expected shape is a number, a range of numbers, or None for any.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from edgepose.errors import SpecError
from edgepose.spec import check
from edgepose.spec.input import InputSpec
from edgepose.types import Skeleton

Axis: TypeAlias = "int | range | None"
Shape: TypeAlias = tuple[Axis, ...]

WARPS = ("half_pixel", "udp", "legacy")
SUBPIXELS = ("none", "quarter", "quadratic", "dark", "udp")
BLURRED = ("dark", "udp")
MAX_STRIDE = 128
MAX_BOXES = 10_000
MAX_CLASSES = 10_000


@dataclass(frozen=True, slots=True)
class HeatmapCodec:
    """One heatmap per keypoint.

    Attributes:
        stride: Input px per cell.
        warp: How cells lie on the input: "half_pixel", "udp" or "legacy".
        subpixel: How a peak is refined: "none", "quarter", "quadratic", "dark" or "udp".
        blur_kernel: Odd size 1..63 of the Gaussian in cells; "dark" and "udp" need it.

    Raises:
        SpecError: A value is of the wrong type or out of range, or two contradict each other.
    """

    type: ClassVar[str] = "heatmap"
    task: ClassVar[str] = "top_down"
    roles: ClassVar[tuple[str, ...]] = ("heatmap",)

    stride: int
    warp: str
    subpixel: str
    blur_kernel: int | None = None

    def __post_init__(self) -> None:
        check.integer("codec.stride", self.stride, 1, MAX_STRIDE)
        check.choice("codec.warp", self.warp, WARPS)
        check.choice("codec.subpixel", self.subpixel, SUBPIXELS)
        if self.blur_kernel is not None:
            kernel = check.integer("codec.blur_kernel", self.blur_kernel, 1, 63)
            if kernel % 2 == 0:
                raise SpecError(f"codec.blur_kernel must be odd; got {kernel}")
        elif self.subpixel in BLURRED:
            raise SpecError(f"codec.blur_kernel is missing; subpixel {self.subpixel!r} needs it")

    def check_input(self, input_spec: InputSpec) -> None:
        """Checks that cells tile the input.

        Raises:
            SpecError: They do not, or warp "udp" has no distance between two px to scale by.
        """
        _divides(self.stride, input_spec)
        if self.warp == "udp" and min(input_spec.wh) < 2:
            width, height = input_spec.wh
            raise SpecError(
                f"codec.warp 'udp' needs an input of at least 2x2; got {width}x{height}"
            )

    def shape(self, role: str, input_spec: InputSpec, skeleton: Skeleton | None) -> Shape:  # noqa: ARG002
        """[N, K, height / stride, width / stride]."""
        width, height = input_spec.wh
        joints = None if skeleton is None else len(skeleton)
        return None, joints, height // self.stride, width // self.stride


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
        _divides(self.stride, input_spec)

    def shape(self, role: str, input_spec: InputSpec, skeleton: Skeleton | None) -> Shape:  # noqa: ARG002
        """[N, 1 or 2, height / stride, width / stride]."""
        rows, columns = input_spec.height // self.stride, input_spec.width // self.stride
        return None, self.channels[role], rows, columns


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
            _divides(stride, input_spec)

    def shape(self, role: str, input_spec: InputSpec, skeleton: Skeleton | None) -> Shape:  # noqa: ARG002
        """[N, cells of all levels, 5 + classes]."""
        width, height = input_spec.wh
        cells = sum((width // stride) * (height // stride) for stride in self.strides)
        return None, cells, range(6 + self.class_index, 6 + MAX_CLASSES)


def _divides(stride: int, input_spec: InputSpec) -> None:
    """Cells of a stride must tile the input."""
    for side in ("width", "height"):
        value = getattr(input_spec, side)
        if value % stride:
            raise SpecError(f"input.{side} must be a multiple of stride {stride}; got {value}")


def _check_boxes(codec: CentersCodec | YoloxCodec) -> None:
    """Options that every detector has."""
    for name in ("score_threshold", "nms_iou"):
        value = check.number(f"codec.{name}", getattr(codec, name), 0, 1)
        object.__setattr__(codec, name, value)
    check.integer("codec.max_boxes", codec.max_boxes, 1, MAX_BOXES)


Codec: TypeAlias = "HeatmapCodec | CentersCodec | YoloxCodec"
CODECS: dict[str, type[HeatmapCodec] | type[CentersCodec] | type[YoloxCodec]] = {
    codec.type: codec for codec in (HeatmapCodec, CentersCodec, YoloxCodec)
}
