# SPDX-License-Identifier: Apache-2.0
"""Every error that edgepose raises on purpose; each is also the built-in type it resembles."""

from __future__ import annotations


class EdgePoseError(Exception):
    """Root of all errors raised on purpose by edgepose."""


class InputError(EdgePoseError, ValueError):
    """An argument has the wrong type, shape, range or content."""


class ImageError(InputError):
    """A picture cannot be read or used."""


class AnnotationError(InputError):
    """A file of labels, boxes or results is not what it should be."""


class SpecError(EdgePoseError, ValueError):
    """A model's contract is missing, malformed, contradictory or untrue."""


class ModelError(EdgePoseError, RuntimeError):
    """A model file cannot be loaded or does not behave as it declares."""


class DownloadError(EdgePoseError, RuntimeError):
    """A model's release file cannot be fetched or kept, or is not the one that was released."""


class AccuracyError(EdgePoseError, RuntimeError):
    """A quantized model loses more accuracy than was allowed, whatever stays in float."""


class BackendError(EdgePoseError, RuntimeError):
    """An inference runtime or an execution provider is not usable as asked."""


class MissingDependencyError(EdgePoseError, ImportError):
    """An optional package is needed; the message names the extra to install."""
