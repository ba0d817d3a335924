# SPDX-License-Identifier: Apache-2.0
"""Smoothing, matching and regions: properties, references and refusals."""

from __future__ import annotations

import doctest
import importlib
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from edgepose import _core
from edgepose.errors import InputError
from edgepose.track import (
    OneEuro,
    OneEuroPeople,
    iou_matrix,
    match_boxes,
    match_poses,
    match_similar,
    rois_of_keypoints,
)

Series = NDArray[np.float64]


def _run(values: Series, seconds: Series, **options: float) -> Series:
    """One keypoint that moves along x."""
    smooth = OneEuro(1, **options)
    samples = zip(values, seconds, strict=True)
    return np.array([smooth([[v, 0.0]], seconds=t, object_size=100.0)[0, 0] for v, t in samples])


def _plain(values: Series, seconds: Series, low: float, beta: float, speed_hz: float) -> Series:
    """The filter written down once more, for one number of an object of size 100."""

    def weight(cutoff: float, elapsed: float) -> float:
        return 1 / (1 + 1 / (2 * math.pi * cutoff * elapsed))

    out, speed = [values[0]], 0.0
    for i in range(1, len(values)):
        elapsed = seconds[i] - seconds[i - 1]
        share = weight(speed_hz, elapsed)
        now = (values[i] - values[i - 1]) / 100 / elapsed
        speed = share * now + (1 - share) * speed
        share = weight(low + beta * abs(speed), elapsed)
        out.append(share * values[i] + (1 - share) * out[-1])
    return np.array(out)


@settings(max_examples=50, deadline=None)
@given(
    values=st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20),
    steps=st.lists(st.floats(1e-3, 1.0), min_size=20, max_size=20),
    low=st.floats(0.01, 5),
    beta=st.floats(0, 100),
)
def test_equals_the_plain_filter(
    values: list[float], steps: list[float], low: float, beta: float
) -> None:
    seconds = np.cumsum(steps)[: len(values)]
    found = _run(np.array(values), seconds, min_cutoff_hz=low, beta=beta)
    np.testing.assert_allclose(found, _plain(np.array(values), seconds, low, beta, 1.0), atol=1e-6)


@given(value=st.floats(-1e6, 1e6), steps=st.lists(st.floats(1e-4, 10), min_size=1, max_size=9))
def test_a_constant_stays_constant(value: float, steps: list[float]) -> None:
    found = _run(np.full(len(steps), value), np.cumsum(steps))
    np.testing.assert_array_equal(found, value)


def test_lag_falls_as_beta_rises() -> None:
    seconds = np.arange(60) / 30
    ramp = 200 * seconds
    lags = [abs(_run(ramp, seconds, beta=beta) - ramp)[30:].mean() for beta in (0, 1, 10, 80)]
    assert lags == sorted(lags, reverse=True)
    assert lags[-1] < 0.05 * lags[0]


def test_jitter_falls() -> None:
    seconds = np.arange(300) / 30
    noisy = 50 + np.random.default_rng(1).normal(0, 0.05, 300)
    assert _run(noisy, seconds)[30:].std() < 0.5 * noisy.std()
    stds = [_run(noisy, seconds, min_cutoff_hz=hz, beta=0)[30:].std() for hz in (10, 1, 0.1)]
    assert stds == sorted(stds, reverse=True)


@given(factor=st.floats(0.01, 100))
def test_size_makes_people_near_and_far_alike(factor: float) -> None:
    path = np.random.default_rng(2).uniform(0, 100, (9, 3, 2))
    near, far = OneEuro(3), OneEuro(3)
    for i, xy in enumerate(path):
        one = near(xy, seconds=i / 30, object_size=50.0)
        other = far(xy * factor, seconds=i / 30, object_size=50.0 * factor)
        np.testing.assert_allclose(one * factor, other, rtol=1e-9)


def test_missing_keypoints_keep_their_state() -> None:
    smooth = OneEuro(2)
    smooth([[0, 0], [5, 5]], seconds=0.0, object_size=10)
    gone = smooth(np.array([[np.nan, 0], [5, 5]]), seconds=0.1, object_size=10)
    assert np.isnan(gone[0]).all()
    assert gone[1].tolist() == [5.0, 5.0]
    back = smooth(np.array([[1, 0], [np.inf, 5]]), seconds=0.2, object_size=10)
    alone = OneEuro(1)
    alone([[0, 0]], seconds=0.0, object_size=10)
    assert back[0].tolist() == alone([[1, 0]], seconds=0.2, object_size=10)[0].tolist()
    assert np.isnan(back[1]).all()


@pytest.mark.parametrize("seconds", [1.0, 0.5, -3.0])
def test_time_that_does_not_advance_changes_nothing(seconds: float) -> None:
    smooth = OneEuro(1)
    smooth([[0, 0]], seconds=0.0, object_size=10)
    last = smooth([[1, 1]], seconds=1.0, object_size=10)
    for _ in range(2):
        np.testing.assert_array_equal(smooth([[9, 9]], seconds=seconds, object_size=10), last)
    smooth.reset()
    assert smooth([[9, 9]], seconds=seconds, object_size=10).tolist() == [[9.0, 9.0]]


@pytest.mark.parametrize("size", [0.0, -1.0, np.nan, np.inf])
def test_without_a_size_nothing_is_smoothed(size: float) -> None:
    smooth = OneEuro(1)
    smooth([[0, 0]], seconds=0.0, object_size=10)
    assert smooth([[9, 9]], seconds=1.0, object_size=size).tolist() == [[9.0, 9.0]]
    assert smooth([[0, 0]], seconds=1.0, object_size=10).tolist() == [[0.0, 0.0]]


def test_huge_jumps_start_anew() -> None:
    smooth = OneEuro(1)
    smooth([[-1e308, 0]], seconds=0.0, object_size=1e-300)
    assert smooth([[1e308, 0]], seconds=1e-9, object_size=1e-300).tolist() == [[1e308, 0.0]]


def test_no_keypoints_and_untouched_inputs() -> None:
    assert OneEuro(0)(np.zeros((0, 2)), seconds=0.0, object_size=1.0).shape == (0, 2)
    xy = np.ones((2, 2))
    smooth = OneEuro(2)
    smooth(xy * 3, seconds=0.0, object_size=1.0)
    smooth(xy, seconds=1.0, object_size=1.0)
    np.testing.assert_array_equal(xy, 1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"keypoints": -1}, "keypoints", id="negative count"),
        pytest.param({"min_cutoff_hz": 0.0}, "cutoffs", id="cutoff of zero"),
        pytest.param({"derivative_cutoff_hz": np.nan}, "cutoffs", id="NaN cutoff"),
        pytest.param({"beta": -1.0}, "beta", id="negative beta"),
        pytest.param({"beta": np.inf}, "beta", id="infinite beta"),
    ],
)
def test_filter_refuses_bad_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        OneEuro(**{"keypoints": 1, **options})
    with pytest.raises(InputError, match=message):
        OneEuroPeople(**{"keypoints": 1, **options})


def test_people_are_smoothed_as_one_by_one() -> None:
    rng = np.random.default_rng(3)
    together, alone = OneEuroPeople(3, beta=40), {i: OneEuro(3, beta=40) for i in range(9)}
    for frame in range(30):
        person = rng.permutation(9)[: rng.integers(0, 10)].tolist()
        xy = rng.uniform(0, 100, (len(person), 3, 2))
        xy[rng.random(xy.shape[:2]) < 0.1] = np.nan
        before = xy.copy()
        seconds = frame / 30 + rng.uniform(0, 0.01, len(person))
        size = rng.uniform(0, 200, len(person))
        found = together(person, xy, seconds=seconds, object_size=size)
        np.testing.assert_array_equal(xy, before)
        for i, each in enumerate(person):
            wanted = alone[each](xy[i], seconds=seconds[i], object_size=size[i])
            np.testing.assert_array_equal(found[i], wanted)
    assert sorted(together.people) == list(range(9))


def test_nobody_and_no_keypoints() -> None:
    smooth = OneEuroPeople(2)
    assert smooth([], np.zeros((0, 2, 2)), seconds=0.0, object_size=1.0).shape == (0, 2, 2)
    assert smooth.people == []
    bare = OneEuroPeople(0)
    assert bare([4], np.zeros((1, 0, 2)), seconds=0.0, object_size=1.0).shape == (1, 0, 2)


def test_who_is_forgotten_starts_anew() -> None:
    smooth = OneEuroPeople(1)
    start = np.array([[[0.0, 0]], [[5.0, 5]], [[7.0, 7]]])
    smooth([10, 11, 12], start, seconds=0.0, object_size=10.0)
    smooth.keep([11, 99])
    assert smooth.people == [11]
    found = smooth([10, 11, 13], start + 1, seconds=0.1, object_size=10.0)
    assert found[0].tolist() == [[1.0, 1.0]]
    assert 5 < found[1, 0, 0] < 6
    assert found[2].tolist() == [[8.0, 8.0]]
    smooth.reset()
    assert smooth.people == []
    assert smooth([11], start[:1], seconds=0.0, object_size=10.0).tolist() == [[[0.0, 0.0]]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"person": []}, r"xy must be \[0,1,2\]; got \(2, 1, 2\)", id="nobody"),
        pytest.param({"person": [3, 3]}, r"person must be different ids; got \[3, 3\]", id="twice"),
        pytest.param({"xy": np.zeros((2, 2, 2))}, r"xy must be \[2,1,2\]", id="keypoints"),
        pytest.param({"seconds": [0.0]}, r"seconds must be one number or \[2\]", id="times"),
        pytest.param({"seconds": [0.0, np.nan]}, "seconds must be finite", id="nan"),
        pytest.param({"seconds": np.inf}, "seconds must be finite; got inf", id="infinite"),
        pytest.param({"object_size": np.ones(3)}, r"object_size must be one number", id="sizes"),
    ],
)
def test_filter_of_people_refuses(change: dict[str, Any], message: str) -> None:
    smooth = OneEuroPeople(1)
    sample = {"person": [1, 2], "xy": np.zeros((2, 1, 2)), "seconds": 0.0, "object_size": 1.0}
    with pytest.raises(InputError, match=message):
        smooth(**{**sample, **change})
    assert smooth.people == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"xy": np.zeros((1, 2, 2))}, "xy", id="keypoints"),
        pytest.param({"states": np.zeros((2, 1, 6))}, "states", id="states"),
        pytest.param({"states": np.zeros((2, 2, 7))[:, ::2]}, "states", id="strided states"),
        pytest.param({"slot": np.array([2])}, "index", id="slot"),
        pytest.param({"slot": np.array([0.0])}, "slot", id="float slot"),
        pytest.param({"seconds": np.zeros(2)}, "seconds", id="times"),
        pytest.param({"object_size": np.zeros(0)}, "object_size", id="sizes"),
    ],
)
def test_core_filter_of_people_refuses(change: dict[str, Any], message: str) -> None:
    one = np.ones(1)
    sample: dict[str, Any] = {"xy": np.zeros((1, 1, 2)), "states": np.zeros((2, 1, 7))}
    sample |= {"slot": np.array([0]), "seconds": one, "object_size": one}
    with pytest.raises(InputError, match=message):
        _core.one_euro_apply_people(**{**sample, **change})


def test_filter_refuses_bad_samples() -> None:
    with pytest.raises(InputError, match="seconds"):
        OneEuro(1)([[0, 0]], seconds=np.nan, object_size=1.0)
    with pytest.raises(InputError, match="xy"):
        OneEuro(1)([[0, 0], [1, 1]], seconds=0.0, object_size=1.0)


def test_nobody_matches_nobody() -> None:
    assert iou_matrix(np.zeros((0, 4)), np.zeros((3, 4))).shape == (0, 3)
    assert match_boxes(np.zeros((0, 4)), np.zeros((3, 4))).shape == (0, 2)
    assert match_similar(np.zeros((2, 0)), gate=0.0).shape == (0, 2)


@pytest.mark.parametrize(
    ("a", "b", "iou"),
    [
        pytest.param([0, 0, 2, 2], [0, 0, 2, 2], 1.0, id="same"),
        pytest.param([0, 0, 2, 2], [1, 0, 3, 2], 1 / 3, id="half"),
        pytest.param([0, 0, 2, 2], [2, 0, 4, 2], 0.0, id="side by side"),
        pytest.param([0, 0, 0, 2], [0, 0, 0, 2], 0.0, id="no area"),
        pytest.param([2, 0, 0, 2], [0, 0, 2, 2], 0.0, id="turned"),
        pytest.param([0, 0, np.nan, 2], [0, 0, 2, 2], 0.0, id="NaN"),
        pytest.param([0, 0, np.inf, 2], [0, 0, np.inf, 2], 0.0, id="infinite"),
    ],
)
def test_iou(a: list[float], b: list[float], iou: float) -> None:
    assert iou_matrix([a], [b])[0, 0] == pytest.approx(iou)


def test_matching_respects_the_gate_and_takes_the_best_total() -> None:
    table = [[0.9, 0.8], [0.7, 0.1]]
    assert match_similar(table, gate=0.0).tolist() == [[0, 1], [1, 0]]
    assert match_similar(table, gate=0.75).tolist() == [[0, 0]]
    assert match_similar(table, gate=0.9).tolist() == [[0, 0]]
    assert match_similar(table, gate=0.95).tolist() == []
    assert match_similar([[np.nan, np.inf, 0.2]], gate=0.1).tolist() == [[0, 2]]


def test_poses_follow_people_who_swap_places() -> None:
    rng = np.random.default_rng(3)
    people = rng.uniform(0, 400, (6, 17, 2))
    order = rng.permutation(6)
    moved = people[order] + rng.normal(0, 1, (6, 17, 2))
    found = match_poses(people, moved, np.full(6, 5000.0), np.full(17, 0.07), min_oks=0.5)
    assert found.tolist() == [[i, int(np.argmax(order == i))] for i in range(6)]


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda: match_similar([0.5], gate=0.1), id="no table"),
        pytest.param(lambda: match_similar([[0.5]], gate=np.nan), id="NaN gate"),
        pytest.param(lambda: iou_matrix([[0, 0, 1]], [[0, 0, 1, 1]]), id="no boxes"),
    ],
)
def test_matching_refuses_bad_arguments(call: Callable[[], Any]) -> None:
    with pytest.raises(InputError):
        call()


def test_regions() -> None:
    xy = np.array([[[0, 0], [10, 20], [5, 5], [99, 99]]], np.float64)
    score = np.array([[0.9, 0.9, 0.3, 0.2]])
    found = rois_of_keypoints(xy, score, min_keypoints=3, padding=0.1)
    assert found.tolist() == [[-2.0, -2.0, 12.0, 22.0]]
    assert np.isnan(rois_of_keypoints(xy, score, min_keypoints=4)).all()
    xy[0, 1, 0] = np.nan
    assert rois_of_keypoints(xy, score, min_keypoints=2, padding=0).tolist() == [[0, 0, 5, 5]]
    assert np.isnan(rois_of_keypoints(xy * 0, score * np.nan, min_keypoints=0)).all()
    assert np.isnan(rois_of_keypoints(xy * 0, score, min_keypoints=1)).all()  # all on one spot
    assert rois_of_keypoints(np.zeros((0, 4, 2)), np.zeros((0, 4))).shape == (0, 4)
    assert np.isnan(rois_of_keypoints(np.zeros((2, 0, 2)), np.zeros((2, 0)))).all()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"score_kp": np.zeros((1, 3))}, id="scores missing"),
        pytest.param({"min_keypoints": -1}, id="negative count"),
        pytest.param({"min_score": np.nan}, id="NaN score"),
        pytest.param({"padding": -0.1}, id="negative padding"),
        pytest.param({"padding": np.inf}, id="infinite padding"),
    ],
)
def test_regions_refuse_bad_arguments(changes: dict[str, Any]) -> None:
    arguments: dict[str, Any] = {"xy": np.zeros((1, 2, 2)), "score_kp": np.ones((1, 2)), **changes}
    with pytest.raises(InputError):
        rois_of_keypoints(**arguments)


@pytest.mark.parametrize("name", ["one_euro", "matching", "roi"])
def test_examples_in_docstrings(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(f"edgepose.track.{name}"))
    assert outcome.attempted > 0
    assert outcome.failed == 0
