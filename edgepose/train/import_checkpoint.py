# SPDX-License-Identifier: Apache-2.0
"""Checkpoints of published networks to weights that `edgepose export` takes.

The weights carry the contract of their authors' code: input, normalisation, warp and codec.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from edgepose.errors import InputError, ModelError
from edgepose.group.paf import paf_options
from edgepose.group.paf_skeleton import PAF_BODY_25, PAF_COCO_18
from edgepose.nets.published.key_map import Match, match, unwrap
from edgepose.nets.published.registry import Architecture, architecture, read_json
from edgepose.spec import Spec
from edgepose.spec.contract import VERSION
from edgepose.train.checkpoint import load_file, write_weights
from edgepose.train.contract import INPUT, skeleton
from edgepose.train.recipe import Recipe

PAF_SKELETONS = {"coco18": PAF_COCO_18, "body25": PAF_BODY_25}
# Fields of the codec `paf` that a preset of the decoder decides.
PAF_FIELDS = (
    *("upscale", "peak_threshold", "sample_threshold", "min_fraction", "matching"),
    *("min_joints", "min_joint_score"),
)
SHOWN = 5


@dataclass(frozen=True)
class ImportOptions:
    """What a checkpoint does not know; None and empty stand for its authors' usual choice.

    Attributes:
        keypoints: A set of `keypoint_sets.json`, or the names, separated by commas.
        input_wh: Width and height of the input, px.
        warp: How heatmap cells lie on the input: `half_pixel`, `udp` or `legacy`.
        subpixel: How a peak is refined.
        blur_kernel: Of subpixel `dark` and `udp`.
        name: Of the weights.
        data: Names of the data sets.
        license: Of the weights.
        partial: Whether tensors may be missing; they stay random.
    """

    keypoints: str = ""
    input_wh: tuple[int, int] | None = None
    warp: str = ""
    subpixel: str = ""
    blur_kernel: int | None = None
    name: str = ""
    data: tuple[str, ...] = ()
    license: str = "not stated"
    partial: bool = False


def import_checkpoint(
    source: Path, arch: str, output: Path, options: ImportOptions | None = None
) -> Match:
    """Reads a checkpoint of a published network and writes weights with recipe and contract.

    Args:
        source: The `.pth` file; only tensors and plain values are read from it.
        arch: Name of the published network.
        output: The weights.
        options: What the checkpoint does not know.

    Returns:
        How the checkpoint fitted.

    Raises:
        ModelError: The file is damaged, or lacks tensors (unless `partial`), or has them in
            other shapes.
        InputError: The network or a keypoint set is unknown.
        SpecError: The contract would not be valid.
    """
    chosen = options or ImportOptions()
    kind = architecture(arch)
    rules = read_json("conventions.json")[kind.convention]
    names = keypoint_names(chosen.keypoints or rules["keypoint_set"])
    spec = contract_of(kind, names, chosen)
    net = kind.build(len(names)).eval()
    try:
        tensors = unwrap(load_file(source))
    except ValueError as error:
        raise ModelError(f"{source}: {error}") from error
    fit = match(net.state_dict(), tensors, kind.convention)
    _check(source, arch, fit, partial=chosen.partial)
    _write(net, fit, spec, kind, names, output)
    return fit


def keypoint_names(text: str) -> tuple[str, ...]:
    """The names of a set, or those given.

    Raises:
        InputError: One name only, which no set has, or a name twice.
    """
    sets = read_json("keypoint_sets.json")
    names = sets[text] if text in sets else [name.strip() for name in text.split(",")]
    if len(names) < 2 or len(set(names)) != len(names) or not all(names):
        raise InputError(
            f"keypoints must be a set of {', '.join(sets)}, or different names separated by "
            f"commas; got {text!r}"
        )
    return tuple(names)


def contract_of(kind: Architecture, names: tuple[str, ...], options: ImportOptions) -> Spec:
    """The contract of a published network.

    Raises:
        SpecError: An option is not possible, or this version knows no such codec.
    """
    rules = read_json("conventions.json")[kind.convention]
    input_spec: dict[str, Any] = {"name": INPUT, "layout": "NCHW", "dtype": "float32"}
    input_spec.update(rules["input"])
    if options.input_wh:
        input_spec["width"], input_spec["height"] = options.input_wh
    codec = dict(rules["codec"])
    changes = {"warp": options.warp, "subpixel": options.subpixel}
    codec.update({key: value for key, value in changes.items() if value})
    if options.blur_kernel is not None:
        codec["blur_kernel"] = options.blur_kernel
    roles = {"heatmap": ("heatmap",), "paf": ("heatmap", "paf"), "tags": ("heatmap", "tags")}
    if "paf_skeleton" in rules:
        codec = _paf_codec(codec, rules["paf_skeleton"])
    document = {
        "edgepose_spec": VERSION,
        "name": options.name or kind.name,
        "task": rules["task"],
        "input": input_spec,
        "codec": codec,
        "outputs": {role: role for role in roles[codec["type"]]},
        "keypoints": _keypoints(names),
        "training": {
            "data": list(options.data),
            "description": f"{kind.name}, imported from a checkpoint",
        },
        "license": options.license,
    }
    return Spec.from_json(json.dumps(document))


def _paf_codec(codec: dict[str, Any], name: str) -> dict[str, Any]:
    limbs = PAF_SKELETONS[name]
    preset = paf_options(codec["preset"])
    pairs = zip(limbs.limbs, limbs.channels, strict=True)
    return {
        **codec,
        **{field: getattr(preset, field) for field in PAF_FIELDS},
        "limbs": [[*limb, *channels] for limb, channels in pairs],
        "redundant": list(limbs.redundant),
        "uncounted": list(limbs.uncounted),
    }


def _keypoints(names: tuple[str, ...]) -> dict[str, Any]:
    found = skeleton(names)
    return {
        "names": list(found.names),
        "edges": [list(pair) for pair in found.edges],
        "flip_pairs": [list(pair) for pair in found.flip_pairs],
        "sigmas": list(found.sigmas),
    }


def _check(source: Path, arch: str, fit: Match, *, partial: bool) -> None:
    if fit.mismatched:
        name, ours, theirs = fit.mismatched[0]
        raise ModelError(
            f"{source}: {name} must be {list(ours)} for {arch}; got {list(theirs)} "
            f"({len(fit.mismatched)} tensors of other shapes); is --keypoints right?"
        )
    if fit.missing and not (partial and fit.state):
        raise ModelError(
            f"{source}: {len(fit.missing)} tensors of {arch} are missing: {listed(fit.missing)}; "
            f"unknown in the file: {listed(fit.unexpected)}"
        )


def listed(names: tuple[str, ...]) -> str:
    """The first names, and how many more there are.

    Example:
        >>> listed(("a", "b", "c", "d", "e", "f"))
        'a, b, c, d, e and 1 more'
    """
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more if names else "none"


def _write(
    net: nn.Module,
    fit: Match,
    spec: Spec,
    kind: Architecture,
    names: tuple[str, ...],
    output: Path,
) -> None:
    if not output.parent.is_dir():
        raise InputError(f"cannot write {output}: its folder does not exist")
    with torch.no_grad():
        net.load_state_dict(dict(fit.state), strict=False)
    recipe = Recipe(
        arch=kind.name,
        task=spec.task,
        keypoint_names=names,
        height=spec.input.height,
        width=spec.input.width,
        sigma=1.0,
        samples_seen=0,
        name=spec.name,
        data=spec.training.data,
        contract=spec.to_json(),
    )
    write_weights(output, net, recipe)
