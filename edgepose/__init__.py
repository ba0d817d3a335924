# SPDX-License-Identifier: Apache-2.0
"""Human pose for edge devices: a C++ core, compact networks, one contract.

>>> import edgepose
>>> result = edgepose.Pose()("photo.jpg")  # doctest: +SKIP
>>> result.keypoints.xy.shape  # doctest: +SKIP
(2, 17, 2)

Names are imported on first use, so that `import edgepose` loads neither OpenCV nor a runtime.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from edgepose.errors import AccuracyError as AccuracyError
    from edgepose.errors import AnnotationError as AnnotationError
    from edgepose.errors import BackendError as BackendError
    from edgepose.errors import DownloadError as DownloadError
    from edgepose.errors import EdgePoseError as EdgePoseError
    from edgepose.errors import ImageError as ImageError
    from edgepose.errors import InputError as InputError
    from edgepose.errors import MissingDependencyError as MissingDependencyError
    from edgepose.errors import ModelError as ModelError
    from edgepose.errors import SpecError as SpecError
    from edgepose.pose import Pose as Pose
    from edgepose.spec import Spec as Spec
    from edgepose.types import Keypoints as Keypoints
    from edgepose.types import Person as Person
    from edgepose.types import Result as Result
    from edgepose.types import Skeleton as Skeleton
    from edgepose.types import Timing as Timing

    __version__: str

# Public name -> the module that has it.
_HOMES = {
    **dict.fromkeys(("Keypoints", "Person", "Result", "Skeleton", "Timing"), "edgepose.types"),
    **dict.fromkeys(
        (
            "AccuracyError",
            "AnnotationError",
            "BackendError",
            "DownloadError",
            "EdgePoseError",
            "ImageError",
            "InputError",
            "MissingDependencyError",
            "ModelError",
            "SpecError",
        ),
        "edgepose.errors",
    ),
    "Pose": "edgepose.pose",
    "Spec": "edgepose.spec",
    "__version__": "edgepose.version",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'edgepose' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
