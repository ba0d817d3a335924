# SPDX-License-Identifier: Apache-2.0
"""Differences between a model before and after."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tiny_models import POSE_WH, pose_document

from edgepose.convert.compare import check_inputs, differences
from edgepose.errors import ModelError
from edgepose.spec import Spec


def floats(values: list[float]) -> NDArray[np.float32]:
    return np.array(values, np.float32)


def spec(**changes: Any) -> Spec:
    document = pose_document()
    document["input"] |= {"mean": [1, 2, 3], "std": [4, 5, 6], **changes}
    return Spec.from_dict(document)


def test_no_batch() -> None:
    assert check_inputs(spec(), ()) == []
    assert differences([], ["a"], list, list) == {"a": 0.0}


def test_inputs_are_as_the_contract_says() -> None:
    batches = check_inputs(spec(), (1, 3))
    assert [batch.shape for batch in batches] == [
        (count, 3, POSE_WH[1], POSE_WH[0]) for count in (1, 1, 3, 3)
    ]
    assert all(batch.dtype == np.float32 and batch.flags.c_contiguous for batch in batches)
    pixels = batches[1] * floats([4, 5, 6])[:, None, None] + floats([1, 2, 3])[:, None, None]
    assert -0.01 < pixels.min() < pixels.max() < 255.01
    last = check_inputs(spec(layout="NHWC"), (1, 3))
    for one, other in zip(batches, last, strict=True):
        np.testing.assert_array_equal(one, other.transpose(0, 3, 1, 2))


def test_difference_is_over_the_range() -> None:
    batches = [floats([0, 1]), floats([0, 10])]
    found = differences(batches, ["a", "b"], lambda x: [x, x], lambda x: [x, x + 1])
    assert found == {"a": 0.0, "b": 1.0}
    np.testing.assert_array_equal(batches[1], [0, 10])


@pytest.mark.parametrize(
    ("after", "message"),
    [
        (lambda x: [x + 0.2], r"output a differs from X by 0\.2 of its range; at most 0\.1"),
        (lambda x: [x[:1]], r"expected finite \(2,\); got \(1,\)"),
        (lambda x: [x * np.nan], r"expected finite \(2,\)"),
    ],
    ids=["too-far", "shape", "nan"],
)
def test_refuses(after: Any, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        differences([floats([0, 1])], ["a"], lambda x: [x], after, 0.1, "X")
