# SPDX-License-Identifier: Apache-2.0
"""Every error has one root, is the built-in type it resembles, and can be pickled."""

from __future__ import annotations

import inspect
import pickle

import pytest

from edgepose import errors

CLASSES = [item for _, item in inspect.getmembers(errors, inspect.isclass)]
BUILT_IN = {
    "AccuracyError": RuntimeError,
    "AnnotationError": ValueError,
    "BackendError": RuntimeError,
    "DownloadError": RuntimeError,
    "EdgePoseError": Exception,
    "ImageError": ValueError,
    "InputError": ValueError,
    "MissingDependencyError": ImportError,
    "ModelError": RuntimeError,
    "SpecError": ValueError,
}


def test_the_table_is_whole() -> None:
    assert {error.__name__ for error in CLASSES} == set(BUILT_IN)


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_error(error: type[Exception]) -> None:
    assert issubclass(error, errors.EdgePoseError)
    assert issubclass(error, BUILT_IN[error.__name__])
    made = error("what was expected; got this")
    assert str(made) == "what was expected; got this"
    other = pickle.loads(pickle.dumps(made))
    assert (type(other), str(other)) == (error, str(made))
    assert error.__doc__
