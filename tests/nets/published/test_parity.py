# SPDX-License-Identifier: Apache-2.0
"""The published networks against the golden records: names, shapes, counts, outputs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")

from nets.published.golden import Golden  # noqa: E402

from edgepose.nets.count import cost  # noqa: E402
from edgepose.nets.published.registry import architecture  # noqa: E402

# Record, architecture, and our output for each of the record's.
CASES: dict[str, tuple[str, dict[str, str]]] = {
    "hrnet_w32_256x192": ("hrnet-w32", {"out": "heatmap"}),
    "simplebaseline_r50_256x192": ("simplebaseline-r50", {"out": "heatmap"}),
    "mspn_2stage_256x192": ("mspn-r50-2stage", {"out": "stage1_up4"}),
    "higherhrnet_w32_512": ("higherhrnet-w32", {"out_quarter": "quarter", "out_half": "half"}),
    "litehrnet_18_256x192": ("litehrnet-18", {"out": "heatmap"}),
    "hourglass_2stack_256": (
        "hourglass-2stack",
        {"first_stack": "stack0", "last_stack": "stack1"},
    ),
    "cpn50_256x192": (
        "cpn-r50",
        {"refine": "refine", **{f"global{level}": f"global{level}" for level in range(4)}},
    ),
    "lightweight_openpose_256": (
        "lightweight-openpose",
        {
            "init_heat": "init_heat",
            "init_paf": "init_paf",
            "heat": "refine0_heat",
            "paf": "refine0_paf",
        },
    ),
    "openpose_coco_184": ("openpose-coco", {"out": "maps"}),
}


@pytest.fixture(params=CASES, scope="module")
def case(request: pytest.FixtureRequest, golden_dir: Path) -> tuple[Golden, Any, dict[str, str]]:
    arch, outputs = CASES[request.param]
    net = architecture(arch).build().eval()
    return Golden(golden_dir / "arch", request.param), net, outputs


def test_names_shapes_and_order(case: tuple[Golden, Any, dict[str, str]]) -> None:
    golden, net, _ = case
    ours = [(name, list(tensor.shape)) for name, tensor in net.state_dict().items()]
    assert ours == [(name, shape) for name, shape, _ in golden.record["state_dict"]]


def test_costs(case: tuple[Golden, Any, dict[str, str]]) -> None:
    golden, net, _ = case
    _, _, *hw = golden.record["input_shape"]
    found = cost(net, (hw[0], hw[1]))
    assert found.parameters == golden.record["parameter_count"]
    assert found.macs == golden.record["macs"] - run_twice(golden)


def run_twice(golden: Golden) -> int:
    """MACs of layers that the reference runs again on the same input; ours runs them once.

    Only Lite-HRNet has them: its exchange adds the first branch's path twice.
    """
    shapes = {name: shape for name, shape, _ in golden.record["state_dict"]}
    seen: set[str] = set()
    macs = 0
    for name, kind, shape, *_ in golden.record["trace"]:
        if name in seen and kind == "Conv2d":
            macs += math.prod(shape) * math.prod(shapes[f"{name}.weight"][1:])
        seen.add(name)
    return macs


def test_outputs(case: tuple[Golden, Any, dict[str, str]]) -> None:
    golden, net, outputs = case
    net.load_state_dict(golden.state())
    picture = golden.picture()
    head = golden.arrays["input_head"]
    assert (picture[0, :, 0, :8].numpy() == head).all()
    with torch.no_grad():
        found = dict(zip(net.outputs, net(picture), strict=True))
    for theirs, ours in outputs.items():
        record = golden.record["outputs"][theirs]
        assert list(found[ours].shape) == record["shape"]
        step = record["slice_step"]
        array = found[ours].numpy()
        error = np.abs(array[:, :, ::step, ::step] - golden.arrays[theirs]).max()
        assert error < 1e-4 * record["std"]
        for statistic, value in (("mean", array.mean((0, 2, 3))), ("std", array.std((0, 2, 3)))):
            expected = golden.arrays[f"{theirs}_channel_{statistic}"]
            assert np.abs(value - expected).max() < 1e-4 * record["std"]


def test_the_weight_rule() -> None:
    from nets.published.golden import uniform

    found = uniform("edgepose-pub-1/hrnet_w32_256x192/conv1.weight", 4)
    expected = [0.34246551990509033, -0.24267685413360596, -0.43590664863586426]
    assert found.tolist() == [*expected, -0.34129881858825684]
