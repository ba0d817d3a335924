# SPDX-License-Identifier: Apache-2.0
"""A picture in, people out."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike, fsdecode
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgepose.errors import InputError
from edgepose.io.images import load_image
from edgepose.pipelines.bottom_up import BottomUp
from edgepose.pipelines.detector import Detector
from edgepose.pipelines.network import Network, open_network
from edgepose.pipelines.persons import persons_of_groups, persons_of_poses
from edgepose.pipelines.stopwatch import Stopwatch
from edgepose.pipelines.top_down import TopDown, suppress
from edgepose.spec import Spec
from edgepose.types import Person, Result, Skeleton, Timing

if TYPE_CHECKING:
    from edgepose.backends import OnnxRuntimeOptions, OpenVinoOptions, Provider, SessionReport
    from edgepose.io.images import Source

    Model = str | PathLike[str]
    Contract = Spec | str | PathLike[str]


DETECTOR = "det-n"


class Pose:
    """Finds people and their keypoints.

    A top-down model does it by detector, crops, pose network and suppression of doubles; a
    bottom-up model looks at the whole picture once and puts the keypoints that it finds together.
    The model's contract says which it is.

    One object may be called from several threads at once; they share the networks, and each call
    has buffers of its own. A person's score is the score of the box times the mean score of the
    keypoints; with a bottom-up model it is that of the grouping, the box lies around the keypoints
    that were found, and the others are at (0, 0) with score 0.

    Args:
        model: Pose model: a name of `edgepose.models.list_models` or a file.
        detector: Person detector alike; None takes the whole picture as one person unless boxes
            are given. A bottom-up model needs none, and the default is not opened for it.
        spec: Contract or its file, instead of the model's own.
        detector_spec: The same for the detector.
        threads: Threads of each network; None leaves it to the runtime.
        providers: ONNX Runtime's execution providers that may run the networks, the preferred
            first; None is the processor. Each must be used by both networks: nothing falls back in
            silence. Names, or providers with options of `edgepose.backends.providers`.
        backend: Inference runtime, "onnxruntime" or "openvino".
        device: Where to run, instead of `providers`: "cuda,cpu" for ONNX Runtime, "GPU" or
            "AUTO:NPU,CPU" for OpenVINO; see `edgepose.backends.open_session`.
        strict: Let no part of a network run elsewhere than on the first provider or the devices
            named.
        options: `edgepose.backends.OnnxRuntimeOptions` or `OpenVinoOptions`.
        max_batch: Most people that go through the network at once; bounds the memory.
        min_box_score: Detected boxes of this score or less are passed over, 0..1; None takes the
            threshold of the detector's contract.
        oks_threshold: Detected people that resemble a better one more than this go, 0..1.

    Raises:
        InputError: An unknown name, a model for another task, a detector for a bottom-up model, a
            bad argument.
        SpecError: A model has no contract, or it is not valid or does not fit the model.
        ModelError: A model cannot be loaded.
        BackendError: A provider or device is not available or not used, or would be helped out.
        MissingDependencyError: The runtime is not installed.

    Example:
        >>> with Pose(threads=2) as pose:  # doctest: +SKIP
        ...     result = pose("photo.jpg")
        >>> result.keypoints.xy.shape  # doctest: +SKIP
        (2, 17, 2)
    """

    def __init__(
        self,
        model: Model = "hrnet-s",
        detector: Model | None = DETECTOR,
        *,
        spec: Contract | None = None,
        detector_spec: Contract | None = None,
        threads: int | None = None,
        providers: Sequence[str | Provider] | None = None,
        backend: str = "onnxruntime",
        device: str | None = None,
        strict: bool = False,
        options: OnnxRuntimeOptions | OpenVinoOptions | None = None,
        max_batch: int = 16,
        min_box_score: float | None = None,
        oks_threshold: float = 0.9,
    ) -> None:
        if not 0 <= oks_threshold <= 1:
            raise InputError(f"oks_threshold must be 0..1; got {oks_threshold!r}")
        if detector is None and (detector_spec is not None or min_box_score is not None):
            name = "min_box_score" if detector_spec is None else "detector_spec"
            raise InputError(f"{name} needs a detector; got detector=None")
        self._oks_threshold = oks_threshold
        where: dict[str, Any] = {
            "backend": backend,
            "threads": threads,
            "device": device,
            "providers": providers,
            "strict": strict,
            "options": options,
        }
        tasks = ("top_down", "bottom_up")
        network = open_network(model, task=tasks, spec=spec, max_batch=max_batch, **where)
        self._network = network
        self._bottom_up: BottomUp | None = None
        self._detector: Detector | None = None
        try:
            if network.spec.task == "bottom_up":
                _check_alone(detector, detector_spec, min_box_score)
                self._bottom_up = BottomUp(network)
                return
            self._top_down = TopDown(network)
            if detector is not None:
                found = open_network(detector, task="detector", spec=detector_spec, **where)
                try:
                    self._detector = Detector(found, min_score=min_box_score)
                except BaseException:
                    found.close()
                    raise
        except BaseException:
            network.close()
            raise

    @property
    def _networks(self) -> list[Network]:
        detector = [] if self._detector is None else [self._detector.network]
        return [self._network, *detector]

    @property
    def skeleton(self) -> Skeleton:
        """Keypoint names, limbs and OKS constants of the pose model."""
        return cast(Skeleton, self._network.spec.keypoints)

    @property
    def model(self) -> str:
        """Name of the pose model, by its contract."""
        return self._network.spec.name

    @property
    def detector(self) -> str | None:
        """Name of the detector, by its contract; None without one."""
        return None if self._detector is None else self._detector.network.spec.name

    @property
    def spec(self) -> Spec:
        """Contract of the pose model."""
        return self._network.spec

    @property
    def detector_spec(self) -> Spec | None:
        """Contract of the detector; None without one."""
        return None if self._detector is None else self._detector.network.spec

    @property
    def providers(self) -> tuple[str, ...]:
        """Execution providers or devices that really run a part of either network."""
        return tuple(dict.fromkeys(name for net in self._networks for name in net.providers))

    def report(self, runs: int = 0) -> tuple[SessionReport, ...]:
        """What runs where: runtime, providers or devices, nodes, precision.

        Args:
            runs: Runs on zeros that take the time of each place. ONNX Runtime needs a folder for
                temporary files for it, which is removed; without runs nothing is written.

        Returns:
            A report of the pose network, and one of the detector if there is one.

        Raises:
            InputError: A negative number of runs.
            ModelError: A network cannot be run on zeros.
            BackendError: The object is closed.

        Example:
            >>> for report in Pose(threads=2).report(runs=10):  # doctest: +SKIP
            ...     print(report.used, report.shares)
        """
        return tuple(network.session.report(runs) for network in self._networks)

    def __call__(
        self, source: Source, boxes: ArrayLike | None = None, color: str = "bgr"
    ) -> Result:
        """Finds the people in a picture.

        Args:
            source: Path of a JPEG, PNG, WebP, BMP or TIFF file; an array [H, W], [H, W, 3] or
                [H, W, 4] of uint8 or uint16; or a PIL image.
            boxes: [N, 4] x1, y1, x2, y2 image px of people to look at, instead of the detector's;
                each gives one person, in this order. No box gives no person. Only with a top-down
                model.
            color: Order of an array's channels, "bgr" or "rgb".

        Returns:
            The people. Without boxes they come by falling score and without doubles. The picture
            is kept in it: a read-only view if an array came, which must not change meanwhile.

        Raises:
            ImageError: The picture cannot be read or used.
            InputError: Boxes that are not [N, 4], not finite or without area, or for a bottom-up
                model; a bad `color`.
            SpecError: A network's output is not what its contract says.
            ModelError: A network fails or gives values that are not finite.
            BackendError: The object is closed.
        """
        watch = Stopwatch()
        if boxes is not None and self._bottom_up is not None:
            raise InputError("boxes need a model for task 'top_down'; got one for 'bottom_up'")
        given = None if boxes is None else _check_boxes(boxes)
        image = load_image(source, color=color)
        wh = image.shape[1], image.shape[0]
        watch.lap("load")
        detected = given is None and self._detector is not None
        persons = self._look(image, given, watch)
        watch.lap("decode")
        return Result(
            persons=persons,
            image_wh=wh,
            model=self.model,
            detector=self.detector if detected else None,
            skeleton=self.skeleton,
            timing=Timing(watch.stages, watch.total),
            source=fsdecode(source) if isinstance(source, (str, PathLike)) else None,
            image=image,
        )

    def _look(
        self, image: NDArray[np.uint8], given: NDArray[np.float64] | None, watch: Stopwatch
    ) -> tuple[Person, ...]:
        """The people of a picture, or those in the boxes given."""
        wh = image.shape[1], image.shape[0]
        if self._bottom_up is not None:
            return persons_of_groups(self._bottom_up(image, watch), self.skeleton, wh)
        if given is not None:
            box, box_score = given, np.ones(len(given))
        elif self._detector is not None:
            box, found = self._detector(image)
            box_score = found.astype(np.float64)
            watch.lap("detect")
        else:
            box, box_score = np.array([[-0.5, -0.5, wh[0] - 0.5, wh[1] - 0.5]]), np.ones(1)
        poses = self._top_down(image, box, box_score, watch)
        if given is None and self._detector is not None:
            poses = suppress(poses, self.skeleton, self._oks_threshold)
        return persons_of_poses(poses, self.skeleton, wh)

    def close(self) -> None:
        """Gives the networks' memory back; calls after it raise BackendError."""
        self._network.close()
        if self._detector is not None:
            self._detector.network.close()

    def __enter__(self) -> Pose:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _check_alone(
    detector: Model | None, detector_spec: Contract | None, min_box_score: float | None
) -> None:
    """A bottom-up model goes without a detector; the default one is as good as none."""
    given = {
        "detector": None if detector == DETECTOR else detector,
        "detector_spec": detector_spec,
        "min_box_score": min_box_score,
    }
    for name, value in given.items():
        if value is not None:
            raise InputError(f"{name} needs a model for task 'top_down'; got one for 'bottom_up'")


def _check_boxes(boxes: ArrayLike) -> NDArray[np.float64]:
    try:
        xyxy = np.array(boxes, np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"boxes must be numbers [N,4]; got {type(boxes).__name__}") from error
    if xyxy.size == 0 and xyxy.ndim == 1:
        xyxy = xyxy.reshape(0, 4)
    if xyxy.ndim != 2 or xyxy.shape[1] != 4:
        raise InputError(f"boxes must be [N,4] x1, y1, x2, y2; got {xyxy.shape}")
    bad = ~(np.isfinite(xyxy).all(axis=1) & (xyxy[:, 2:] > xyxy[:, :2]).all(axis=1))
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        raise InputError(
            f"boxes must be finite with x2 > x1 and y2 > y1; got {xyxy[first].tolist()} "
            f"at row {first}"
        )
    return xyxy
