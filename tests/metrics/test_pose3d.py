# SPDX-License-Identifier: Apache-2.0
"""Errors of poses in space."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import reference.pose3d
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from edgepose.errors import InputError
from edgepose.metrics.pose3d import Alignment, fit_similarity, mpjpe

RELATIVE = 1e-6


@pytest.fixture(scope="module")
def golden(golden_dir: Path) -> dict[str, Any]:
    with np.load(golden_dir / "pose3d.npz") as data:
        return {name: data[name] for name in data.files}


@pytest.mark.parametrize("alignment", ["none", "scale", "procrustes"])
def test_errors_agree_with_mmpose(golden: dict[str, Any], alignment: Alignment) -> None:
    pred, truth, mask = golden["pred_mm"], golden["gt_mm"], golden["mask"]
    found = mpjpe(pred, truth, mask=mask, alignment=alignment)
    wanted = golden[f"mmpose_mpjpe_{alignment}_per_sample"]
    # Exact copies have an error of rounding only.
    np.testing.assert_allclose(found.per_person, wanted, rtol=RELATIVE, atol=1e-9)
    assert found.value == pytest.approx(float(golden[f"mmpose_mpjpe_{alignment}"]), rel=RELATIVE)


def test_errors_and_transforms_agree_with_the_3d_baseline(golden: dict[str, Any]) -> None:
    pred, truth = golden["pred_mm"], golden["gt_mm"]
    unique = 0
    for name, alignment in (("scaled", "procrustes"), ("unscaled", "rigid")):
        found = mpjpe(pred, truth, alignment=alignment)  # type: ignore[arg-type]
        wanted = golden[f"baseline3d_{name}_mpjpe_per_sample"]
        np.testing.assert_allclose(found.per_person, wanted, rtol=RELATIVE, atol=1e-9)
        for i, (source, target) in enumerate(zip(pred, truth, strict=True)):
            fit = fit_similarity(source, target, scaled=name == "scaled")
            np.testing.assert_allclose(fit(source), found.aligned[i], atol=1e-7)
            a, b = source - source.mean(axis=0), target - target.mean(axis=0)
            s = np.linalg.svd(a.T @ b)[1]
            if s[2] < 1e-6 * s[0] or s[1] - s[2] < 1e-6 * s[0]:
                continue  # the rotation is not unique
            unique += 1
            assert fit.scale == pytest.approx(golden[f"baseline3d_{name}_b"][i], rel=RELATIVE)
            # The reference multiplies from the right.
            np.testing.assert_allclose(
                fit.rotation.T, golden[f"baseline3d_{name}_T"][i], atol=RELATIVE
            )
            np.testing.assert_allclose(
                fit.translation, golden[f"baseline3d_{name}_c"][i], rtol=RELATIVE, atol=1e-5
            )
    assert unique >= 20


def _poses(seed: int, people: int, joints: int) -> NDArray[np.float64]:
    """Two sets of poses; some are flat, some lie on a line, some mirror each other."""
    rng = np.random.default_rng(seed)
    both = rng.normal(0, 100, (2, people, joints, 3))
    for person in range(people):
        kind = rng.integers(0, 4)
        if kind in (1, 2):
            both[:, person, :, kind:] = 0
        if kind == 3:
            both[0, person] = both[1, person] * (-1, 1, 1)
    return both


@settings(deadline=None)
@given(
    people=st.integers(0, 4),
    joints=st.integers(2, 9),
    scaled=st.booleans(),
    seed=st.integers(0, 10**6),
)
def test_aligned_errors_equal_the_reference(
    people: int, joints: int, scaled: bool, seed: int
) -> None:
    predicted, labelled = _poses(seed, people, joints)
    before = predicted.copy(), labelled.copy()
    found = mpjpe(predicted, labelled, alignment="procrustes" if scaled else "rigid")
    for i in range(people):
        aligned = reference.pose3d.align(predicted[i], labelled[i], scaled)
        squared = ((aligned - labelled[i]) ** 2).sum()
        # Several rotations may fit equally well: what is least is the sum of squares.
        ours = ((found.aligned[i] - labelled[i]) ** 2).sum()
        assert ours == pytest.approx(squared, rel=1e-9, abs=1e-9)
        error = reference.pose3d.error(found.aligned[i], labelled[i])
        assert found.per_person[i] == pytest.approx(error, rel=1e-12)
    np.testing.assert_array_equal(predicted, before[0])
    np.testing.assert_array_equal(labelled, before[1])


@settings(deadline=None)
@given(seed=st.integers(0, 10**6), scale=st.floats(0.1, 10), angle=st.floats(-3, 3))
def test_a_similar_pose_has_no_error(seed: int, scale: float, angle: float) -> None:
    rng = np.random.default_rng(seed)
    pose = rng.normal(0, 100, (1, 17, 3))
    cosine, sine = math.cos(angle), math.sin(angle)
    rotation = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
    moved = scale * pose @ rotation.T + rng.normal(0, 1000, 3)
    assert mpjpe(moved, pose, alignment="procrustes").value < 1e-9
    assert mpjpe(scale * pose, pose, alignment="scale").value < 1e-9


def test_masks() -> None:
    pose = np.random.default_rng(0).normal(0, 1, (2, 6, 3))
    broken = pose.copy()
    broken[:, 5] += 50
    mask = np.ones((2, 6), bool)
    mask[:, 5] = False
    assert mpjpe(broken, pose, mask=mask).value == 0.0
    assert mpjpe(broken, pose, mask=mask, alignment="procrustes").value > 0.1
    fitted = mpjpe(broken, pose, mask=mask, fit_mask=mask, alignment="procrustes")
    assert fitted.value < 1e-12
    mask[0] = False
    found = mpjpe(broken, pose, mask=mask)
    assert np.isnan(found.per_person[0])
    assert found.value == 0.0


def test_nobody_is_undefined() -> None:
    found = mpjpe(np.zeros((0, 17, 3)), np.zeros((0, 17, 3)))
    assert math.isnan(found.value)
    assert found.aligned.shape == (0, 17, 3)


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (lambda a: mpjpe(a, a[:, :2]), "predicted and labelled must be"),
        (lambda a: mpjpe(a[..., :2], a[..., :2]), "predicted and labelled must be"),
        (lambda a: mpjpe(a, a, mask=np.ones((1, 2), bool)), "mask must be"),
        (lambda a: mpjpe(a, a, fit_mask=np.ones((1, 2), bool)), "fit_mask must be"),
        (lambda a: mpjpe(a, a, alignment=cast(Any, "affine")), "alignment must be"),
        (lambda a: fit_similarity(a, a), "source must be"),
        (lambda a: fit_similarity(a[0], a[0, :2]), "target must be"),
        (lambda a: fit_similarity(a[0], a[0], mask=[True]), "mask must be"),
    ],
    ids=["joints", "flat", "mask", "fit mask", "alignment", "batch", "target", "points"],
)
def test_wrong_arguments(run: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        run(np.zeros((1, 3, 3)))
