# SPDX-License-Identifier: Apache-2.0
"""How the outputs of a network that looks at one person are to be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from edgepose.errors import SpecError
from edgepose.spec import check
from edgepose.spec.codec_parts import Shape, belongs, check_maps, map_shape, odd, tiles
from edgepose.spec.input import InputSpec
from edgepose.types import Skeleton

SUBPIXELS = ("none", "quarter", "quadratic", "dark", "udp", "megvii", "mspn", "integral")
BLURRED = ("dark", "udp", "megvii", "mspn")
SIMCC_WARPS = ("half_pixel", "legacy")
SIMCC_SUBPIXELS = ("none", "dark")
SIMCC_SCORES = ("value", "softmax", "gaussian")
SIMCC_JOINS = ("smaller", "larger")
MAX_SHIFTS = 4
MAX_BETA = 1e6
MAX_RATIO = 64


@dataclass(frozen=True, slots=True)
class HeatmapCodec:
    """One heatmap per keypoint.

    Attributes:
        stride: Input px per cell.
        warp: How cells lie on the input: "half_pixel", "udp" or "legacy".
        subpixel: How a peak is refined, see `edgepose.decode.decode_heatmaps`.
        blur_kernel: Odd size 1..63 of the Gaussian in cells; "dark", "udp", "megvii" and "mspn"
            need it.
        shifts: Cells 0..1 that "mspn" moves towards the second, third, ... maximum, 1 to 4; only
            with "mspn".
        beta: Sharpness of the softmax; only with "integral".
        debias: Whether the pull of the softmax towards the middle is undone; only with "integral".

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
    shifts: tuple[float, ...] | None = None
    beta: float | None = None
    debias: bool | None = None

    def __post_init__(self) -> None:
        check_maps(self)
        chosen = "subpixel", check.choice("codec.subpixel", self.subpixel, SUBPIXELS)
        if self.blur_kernel is not None:
            odd("codec.blur_kernel", self.blur_kernel)
        elif self.subpixel in BLURRED:
            raise SpecError(f"codec.blur_kernel is missing; subpixel {self.subpixel!r} needs it")
        belongs("shifts", self.shifts, chosen, ("mspn",))
        belongs("beta", self.beta, chosen, ("integral",))
        belongs("debias", self.debias, chosen, ("integral",))
        if self.shifts is not None:
            shifts = check.numbers("codec.shifts", self.shifts, (1, MAX_SHIFTS), 0, 1)
            object.__setattr__(self, "shifts", shifts)
        if self.beta is not None:
            beta = check.number("codec.beta", self.beta, 0, MAX_BETA, above=True)
            object.__setattr__(self, "beta", beta)
        if self.debias is not None:
            check.boolean("codec.debias", self.debias)

    def check_input(self, input_spec: InputSpec) -> None:
        """Checks that cells tile the input.

        Raises:
            SpecError: They do not, or warp "udp" has no distance between two px to scale by.
        """
        tiles(self, input_spec)

    def shape(self, role: str, input_spec: InputSpec, skeleton: Skeleton | None) -> Shape:  # noqa: ARG002
        """[N, K, height / stride, width / stride]."""
        joints = None if skeleton is None else len(skeleton)
        return map_shape(joints, self.stride, input_spec)


@dataclass(frozen=True, slots=True)
class SimccCodec:
    """One vector over x and one over y per keypoint.

    Attributes:
        split_ratio: Bins per input px; makes whole numbers of bins of width and height.
        warp: How bins lie on the input: "half_pixel", (bin + 0.5) / split_ratio - 0.5, or "legacy",
            bin / split_ratio.
        subpixel: "none" or "dark".
        score: Of an axis: "value", "softmax" or "gaussian", see `edgepose.decode.decode_simcc`.
        joined_score: Which axis' score a keypoint has: the "smaller" or the "larger".
        blur_kernel: Odd sizes 1..63 for x and y of the Gaussian in bins; "dark" needs it.
        beta: Sharpness of the softmax for x and y; only with "softmax".
        sigma: Width of the Gaussians for x and y, bins; 0 leaves values as they are; only with
            "gaussian".

    Raises:
        SpecError: A value is of the wrong type or out of range, or two contradict each other.
    """

    type: ClassVar[str] = "simcc"
    task: ClassVar[str] = "top_down"
    roles: ClassVar[tuple[str, ...]] = ("simcc_x", "simcc_y")

    split_ratio: float
    warp: str
    subpixel: str
    score: str
    joined_score: str
    blur_kernel: tuple[int, int] | None = None
    beta: tuple[float, float] | None = None
    sigma: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        ratio = check.number("codec.split_ratio", self.split_ratio, 0, MAX_RATIO, above=True)
        object.__setattr__(self, "split_ratio", ratio)
        check.choice("codec.warp", self.warp, SIMCC_WARPS)
        check.choice("codec.subpixel", self.subpixel, SIMCC_SUBPIXELS)
        chosen = "score", check.choice("codec.score", self.score, SIMCC_SCORES)
        check.choice("codec.joined_score", self.joined_score, SIMCC_JOINS)
        belongs("beta", self.beta, chosen, ("softmax",))
        belongs("sigma", self.sigma, chosen, ("gaussian",))
        if self.blur_kernel is not None:
            kernel = check.items("codec.blur_kernel", self.blur_kernel, 2, 2)
            kernel = tuple(odd(f"codec.blur_kernel[{i}]", size) for i, size in enumerate(kernel))
            object.__setattr__(self, "blur_kernel", kernel)
        elif self.subpixel == "dark":
            raise SpecError("codec.blur_kernel is missing; subpixel 'dark' needs it")
        if self.beta is not None:
            beta = check.numbers("codec.beta", self.beta, (2, 2), 0, MAX_BETA, above=True)
            object.__setattr__(self, "beta", beta)
        if self.sigma is not None:
            sigma = check.numbers("codec.sigma", self.sigma, (2, 2), 0, 1e4)
            object.__setattr__(self, "sigma", sigma)

    def check_input(self, input_spec: InputSpec) -> None:
        """Checks that bins tile the input.

        Raises:
            SpecError: They do not.
        """
        for side in ("width", "height"):
            pixels = getattr(input_spec, side)
            if not (pixels * self.split_ratio).is_integer():
                raise SpecError(
                    f"input.{side} times codec.split_ratio must be a whole number of bins; "
                    f"got {pixels} * {self.split_ratio:g}"
                )

    def shape(self, role: str, input_spec: InputSpec, skeleton: Skeleton | None) -> Shape:
        """[N, K, side * split_ratio]."""
        joints = None if skeleton is None else len(skeleton)
        pixels = input_spec.width if role == "simcc_x" else input_spec.height
        return None, joints, int(pixels * self.split_ratio)
