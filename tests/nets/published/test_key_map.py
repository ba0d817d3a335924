# SPDX-License-Identifier: Apache-2.0
"""Names of checkpoints: prefixes, wrappers, what is missing, unexpected or of another shape."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs edgepose[train]")

from edgepose.nets.published.key_map import match, unwrap  # noqa: E402

WANTED = {"conv1.weight": (2, 3), "bn1.num_batches_tracked": (), "final_layer.bias": (4,)}


def tensors(shapes: dict[str, tuple[int, ...]]) -> dict[str, Any]:
    return {name: torch.ones(shape) for name, shape in shapes.items()}


@pytest.mark.parametrize(
    ("names", "source"),
    [
        pytest.param(("conv1.weight", "final_layer.bias"), "official", id="as-they-are"),
        pytest.param(("module.conv1.weight", "module.final_layer.bias"), "official", id="module"),
        pytest.param(
            ("module.module.conv1.weight", "module.module.final_layer.bias"),
            "official",
            id="module-twice",
        ),
        pytest.param(
            ("backbone.conv1.weight", "keypoint_head.final_layer.bias"), "mmpose", id="mmpose-0"
        ),
        pytest.param(("backbone.conv1.weight", "head.final_layer.bias"), "mmpose", id="mmpose-1"),
    ],
)
def test_prefixes(names: tuple[str, str], source: str) -> None:
    found = tensors({names[0]: (2, 3), names[1]: (4,)})
    fit = match(tensors(WANTED), found, "hrnet")
    assert fit.complete
    assert fit.source == source
    assert set(fit.state) == {"conv1.weight", "final_layer.bias"}
    assert not fit.unexpected


def test_what_does_not_fit_is_named() -> None:
    found = tensors({"conv1.weight": (2, 9), "fc.weight": (1,)})
    fit = match(tensors(WANTED), found, "hrnet")
    assert not fit.complete
    assert fit.mismatched == (("conv1.weight", (2, 3), (2, 9)),)
    assert fit.missing == ("final_layer.bias",)
    assert fit.unexpected == ("fc.weight",)


def test_nothing_fits_nothing() -> None:
    fit = match(tensors(WANTED), {}, "unheard-of")
    assert fit.missing == ("conv1.weight", "final_layer.bias")
    assert not fit.state


@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda state: state, id="bare"),
        pytest.param(lambda state: {"state_dict": state, "epoch": 3}, id="state_dict"),
        pytest.param(lambda state: {"model": {"state_dict": state}}, id="twice"),
    ],
)
def test_unwrap(wrap: Any) -> None:
    state = tensors(WANTED)
    assert unwrap(wrap(state)).keys() == state.keys()


@pytest.mark.parametrize("document", [{}, {"epoch": 3}, {"model": {}}, [1], None])
def test_no_tensors(document: Any) -> None:
    with pytest.raises(ValueError, match="expected tensors by name"):
        unwrap(document)
