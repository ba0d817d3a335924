# SPDX-License-Identifier: Apache-2.0
"""A picture in, people out, with models whose answers can be told from the picture."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from tiny_models import (
    BLUE,
    GREEN,
    RED,
    centers_document,
    picture,
    pose_document,
    write_centers,
    write_paf,
    write_pose,
    write_yolox,
)

import edgepose
from edgepose.errors import BackendError, EdgePoseError, ImageError, InputError, SpecError
from edgepose.pose import Pose
from edgepose.spec import Spec


@pytest.fixture
def pose_file(tmp_path: Path) -> Path:
    return write_pose(tmp_path / "pose.onnx")


@pytest.fixture(params=["centers", "yolox"])
def detector_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    write = {"centers": write_centers, "yolox": write_yolox}[request.param]
    return write(tmp_path / "detector.onnx")


@pytest.fixture
def pose(pose_file: Path, tmp_path: Path) -> Pose:
    return Pose(pose_file, write_centers(tmp_path / "detector.onnx"), threads=1)


@pytest.fixture
def single(pose_file: Path) -> Pose:
    return Pose(pose_file, None, threads=1)


# Two people of 16x24 px around red dots that fill a detector's cell each.
CROWD = picture((64, 64), [(16, 16, RED), (40, 40, (0, 0, 200))], side=8)
CROWD_BOXES = [[11.5, 7.5, 27.5, 31.5], [35.5, 31.5, 51.5, 55.5]]
DOTS = picture((32, 48), [(8, 4, RED), (16, 20, GREEN), (24, 40, BLUE)])
DOTS_XY = [[9.5, 5.5], [17.5, 21.5], [25.5, 41.5]]


def test_detected_people(pose_file: Path, detector_file: Path) -> None:
    with Pose(pose_file, detector_file) as pose:
        result = pose(CROWD)
    assert len(result) == 2
    np.testing.assert_allclose(result.boxes.xyxy, CROWD_BOXES, atol=1e-4)
    np.testing.assert_allclose(result.boxes.score, [1, 200 / 255], atol=1e-4)
    assert result[0].score > result[1].score
    for person in result:
        assert person.score == pytest.approx(person.box_score * person.keypoints.score.mean())
    np.testing.assert_allclose(result[0].keypoints.xy[0], (19.5, 19.5), atol=3)
    assert result.detector == pose.detector
    assert result.model == pose.model == "tiny-pose"
    assert result.skeleton is pose.skeleton
    assert list(result.timing.stages) == ["load", "detect", "preprocess", "pose", "decode"]
    assert 0 < sum(result.timing.stages.values()) <= result.timing.total
    assert result.image is not None
    assert not result.image.flags.writeable
    assert result.source is None


def test_nobody(pose: Pose) -> None:
    result = pose(np.zeros((48, 64, 3), np.uint8))
    assert len(result) == 0
    assert result.keypoints.xy.shape == (0, 3, 2)
    assert result.image_wh == (64, 48)
    assert result.detector == "tiny-centers"


def test_people_found_twice_are_one(pose_file: Path, tmp_path: Path) -> None:
    """Boxes that overlap too little for the detector, around the same dots."""
    document = centers_document()
    document["codec"]["nms_iou"] = 1.0
    detector = write_centers(tmp_path / "detector.onnx", document)
    crowd = picture((64, 64), [(24, 16, RED), (24, 32, (0, 0, 150))], side=8)
    assert len(Pose(pose_file, detector, oks_threshold=1.0)(crowd)) == 2
    assert len(Pose(pose_file, detector, oks_threshold=0.0)(crowd)) == 1


def test_whole_picture_is_one_person(single: Pose) -> None:
    result = single(DOTS)
    assert len(result) == 1
    assert result.detector is None
    np.testing.assert_allclose(result[0].keypoints.xy, DOTS_XY, atol=1e-5)
    np.testing.assert_array_equal(result[0].box, [-0.5, -0.5, 31.5, 47.5])
    assert result[0].box_score == 1
    assert result[0].score == pytest.approx(1)
    assert "detect" not in result.timing.stages


@pytest.mark.parametrize("boxes", [[], np.zeros((0, 4)), np.zeros((0, 4), int)], ids=repr)
def test_no_box_is_nobody(pose: Pose, boxes: Any) -> None:
    assert len(pose(CROWD, boxes=boxes)) == 0


def test_boxes_give_one_person_each_in_order(pose: Pose) -> None:
    whole = [-0.5, -0.5, 31.5, 47.5]
    boxes = np.array([whole, [0.25, 0, 8, 8], whole, [900, 900, 910, 910], whole], np.float32)
    before = boxes.copy()
    result = pose(DOTS, boxes=boxes)
    assert len(result) == 5
    np.testing.assert_array_equal(result.boxes.xyxy, before)
    np.testing.assert_array_equal(boxes, before)
    for index in (0, 2, 4):
        np.testing.assert_allclose(result[index].keypoints.xy, DOTS_XY, atol=1e-5)
    assert result.detector is None


@pytest.mark.parametrize(
    ("boxes", "message"),
    [
        ([1, 2, 3, 4], "boxes must be [N,4] x1, y1, x2, y2; got (4,)"),
        ([[1, 2, 3]], "got (1, 3)"),
        (np.zeros((0, 5)), "got (0, 5)"),
        ([[1, 2, 3, 4], [5, 5, 5, 9]], "got [5.0, 5.0, 5.0, 9.0] at row 1"),
        ([[4, 2, 3, 4]], "must be finite with x2 > x1 and y2 > y1"),
        ([[0, 0, np.nan, 4]], "must be finite"),
        ([[0, 0, np.inf, 4]], "must be finite"),
        ([["a", 0, 1, 4]], "boxes must be numbers [N,4]; got list"),
        ([[1, 2, 3, 4], [1, 2]], "boxes must be numbers [N,4]; got list"),
        ({"a": 1}, "boxes must be numbers [N,4]; got dict"),
    ],
    ids=["flat", "three", "five", "no_width", "turned", "nan", "inf", "text", "ragged", "dict"],
)
def test_bad_boxes(single: Pose, boxes: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        single(DOTS, boxes=boxes)
    assert message in str(caught.value)


def test_every_kind_of_source_gives_the_same(single: Pose, tmp_path: Path) -> None:
    file = tmp_path / "dots.png"
    assert cv2.imwrite(str(file), DOTS)
    rgb = np.ascontiguousarray(DOTS[..., ::-1])
    sources: list[tuple[Any, str, str | None]] = [
        (file, "bgr", str(file)),
        (str(file), "rgb", str(file)),
        (DOTS, "bgr", None),
        (rgb, "rgb", None),
        (Image.fromarray(rgb), "bgr", None),
        (DOTS.astype(np.uint16) * 256, "bgr", None),
        (np.dstack([DOTS, DOTS[..., 0]]), "bgr", None),
    ]
    for source, color, name in sources:
        result = single(source, color=color)
        np.testing.assert_allclose(result[0].keypoints.xy, DOTS_XY, atol=1e-5)
        assert result.source == name
        np.testing.assert_array_equal(result.image, DOTS)


def test_rgb_array_taken_as_bgr_is_another_picture(single: Pose) -> None:
    swapped = single(DOTS, color="rgb")
    np.testing.assert_allclose(swapped[0].keypoints.xy, DOTS_XY[::-1], atol=1e-5)


@pytest.mark.parametrize("wh", [(1, 1), (20000, 1), (1, 20000), (2, 3)], ids=str)
@pytest.mark.parametrize("level", [0, 255])
def test_odd_sizes(pose: Pose, single: Pose, wh: tuple[int, int], level: int) -> None:
    image = np.full((wh[1], wh[0], 3), level, np.uint8)
    for found in (pose(image), single(image)):
        assert found.image_wh == wh
        assert np.isfinite(found.keypoints.xy).all()
    assert len(single(image)) == 1


@pytest.mark.parametrize(
    "image",
    [np.zeros((0, 0, 3), np.uint8), np.full((9, 9, 3), np.nan), np.zeros((9, 9, 2), np.uint8)],
    ids=["0x0", "nan", "channels"],
)
def test_unusable_pictures(pose: Pose, image: Any) -> None:
    with pytest.raises(ImageError):
        pose(image)


def test_unusable_files(pose: Pose, tmp_path: Path) -> None:
    whole = cv2.imencode(".jpg", CROWD)[1].tobytes()
    for content in (b"", b"text", whole[: len(whole) // 2]):
        file = tmp_path / "a.jpg"
        file.write_bytes(content)
        with pytest.raises(ImageError, match=r"a\.jpg: "):
            pose(file)


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"model": "hrnet-x"}, InputError, "model must be a file or one of hrnet-s"),
        ({"detector": "hrnet-x"}, InputError, "model must be a file or one of hrnet-s"),
        ({"detector": None, "detector_spec": "a.json"}, InputError, "needs a detector"),
        ({"detector": None, "min_box_score": 0.5}, InputError, "min_box_score needs a detector"),
        ({"min_box_score": 2.0}, InputError, "min_score of a box must be 0..1; got 2.0"),
        ({"oks_threshold": 1.5}, InputError, "oks_threshold must be 0..1; got 1.5"),
        ({"oks_threshold": float("nan")}, InputError, "oks_threshold must be 0..1; got nan"),
        ({"threads": 0}, InputError, "threads must be"),
        ({"max_batch": 0}, InputError, "max_batch must be"),
        ({"backend": "x"}, InputError, "backend must be one of"),
        ({"providers": ["NoSuch"]}, BackendError, "'NoSuch' is not available"),
        ({"spec": "none.json"}, SpecError, "no such contract file"),
        ({"detector_spec": "none.json"}, SpecError, "no such contract file"),
    ],
    ids=[
        "model", "detector", "detector_spec", "box_score", "high_box_score", "oks", "oks_nan",
        "threads", "batch", "backend", "providers", "no_spec", "no_detector_spec",
    ],
)  # fmt: skip
def test_refuses(
    pose_file: Path,
    tmp_path: Path,
    options: dict[str, Any],
    kind: type[EdgePoseError],
    message: str,
) -> None:
    detector = write_centers(tmp_path / "detector.onnx")
    with pytest.raises(kind) as caught:
        Pose(**{"model": pose_file, "detector": detector, **options})
    assert message in str(caught.value)


def test_models_in_each_others_place(pose_file: Path, tmp_path: Path) -> None:
    detector = write_centers(tmp_path / "detector.onnx")
    wanted = "expected a model for task 'top_down' or 'bottom_up'; got 'detector'"
    with pytest.raises(InputError, match=wanted):
        Pose(detector, None)
    with pytest.raises(InputError, match="expected a model for task 'detector'; got 'top_down'"):
        Pose(pose_file, pose_file)


def test_model_without_contract(tmp_path: Path) -> None:
    bare = write_pose(tmp_path / "bare.onnx", {})
    with pytest.raises(SpecError, match=r"there is no bare\.spec\.json beside it"):
        Pose(bare, None)
    assert Pose(bare, None, spec=Spec.from_dict(pose_document())).model == "tiny-pose"


def test_facts(pose: Pose, single: Pose) -> None:
    assert (pose.model, pose.detector) == ("tiny-pose", "tiny-centers")
    assert (single.detector, single.detector_spec) == (None, None)
    assert pose.detector_spec is not None
    assert pose.spec.name == "tiny-pose"
    assert pose.providers == single.providers == ("CPUExecutionProvider",)
    assert pose.skeleton.names == ("red", "green", "blue")


def test_closed(pose: Pose) -> None:
    pose(CROWD)
    pose.close()
    pose.close()
    with pytest.raises(BackendError, match="the model is closed"):
        pose(CROWD)
    with pytest.raises(BackendError, match="the model is closed"):
        pose(CROWD, boxes=[[0, 0, 9, 9]])


def test_several_threads_share_one(pose: Pose) -> None:
    """Each thread sees the people of its own picture, however calls and batches meet."""

    def crowd(count: int) -> Any:
        dots = [(8 + 16 * (i % 3), 8 + 24 * (i // 3), RED) for i in range(count)]
        return picture((64, 64), dots, side=8)

    expected = {count: pose(crowd(count)) for count in range(6)}

    def work(job: int) -> bool:
        count = job % 6
        found = pose(crowd(count))
        return np.array_equal(found.keypoints.xy, expected[count].keypoints.xy) and np.array_equal(
            found.boxes.xyxy, expected[count].boxes.xyxy
        )

    assert [len(result) for result in expected.values()] == [0, 1, 2, 3, 4, 5]
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(60)))


def test_is_the_package_s_name_for_it() -> None:
    assert edgepose.Pose is Pose


def test_import_loads_no_runtime() -> None:
    code = (
        "import sys, edgepose;"
        "sys.exit(any(name in sys.modules for name in ('cv2', 'numpy', 'onnxruntime')))"
    )
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    assert time.perf_counter() - start < 30  # hangs are found; speed is for the benchmarks


# A red, a green and a blue dot side by side are a person of the bottom-up model.
LYING = picture((64, 48), [(8, 8, RED), (24, 8, GREEN), (40, 8, BLUE)])


def test_a_bottom_up_model_needs_no_detector(tmp_path: Path) -> None:
    before = LYING.copy()
    with Pose(write_paf(tmp_path / "paf.onnx"), threads=1) as pose:
        nobody = pose(np.zeros_like(LYING))
        result = pose(LYING)
        with pytest.raises(InputError, match="boxes need a model for task 'top_down'"):
            pose(LYING, boxes=[[0, 0, 9, 9]])
    assert len(nobody) == 0
    np.testing.assert_array_equal(LYING, before)
    assert (result.model, result.detector, pose.detector) == ("tiny-paf", None, None)
    assert list(result.timing.stages) == ["load", "preprocess", "pose", "decode"]
    (person,) = result
    np.testing.assert_allclose(person.keypoints.xy, [[9.5, 9.5], [25.5, 9.5], [41.5, 9.5]])
    np.testing.assert_allclose(person.box, [9.5, 9.5, 41.5, 9.5])
    assert person.box_score == person.score > 0
    assert pose.providers == ("CPUExecutionProvider",)
    with pytest.raises(BackendError, match="closed"):
        pose(LYING)


@pytest.mark.parametrize(
    "options",
    [
        {"detector": "det-other"},
        {"detector_spec": "x.json"},
        {"min_box_score": 0.5},
    ],
    ids=lambda options: next(iter(options)),
)
def test_a_bottom_up_model_refuses_a_detector(tmp_path: Path, options: dict[str, Any]) -> None:
    name = next(iter(options))
    with pytest.raises(InputError, match=f"{name} needs a model for task 'top_down'; got one for"):
        Pose(write_paf(tmp_path / "paf.onnx"), **options)


@pytest.mark.parametrize("detector", [True, False], ids=["with_detector", "alone"])
def test_report(pose_file: Path, tmp_path: Path, detector: bool) -> None:
    other = write_centers(tmp_path / "d.onnx") if detector else None
    with Pose(pose_file, other, threads=1, strict=True) as pose:
        reports = pose.report(runs=1)
        assert [Path(report.model) for report in reports] == [pose_file] + [other] * detector
        assert all(report.used == pose.providers for report in reports)
        assert all(share.time_ms is not None for r in reports for share in r.shares)
    with pytest.raises(BackendError, match="the model is closed"):
        pose.report()


def test_two_ways_to_say_where(pose_file: Path) -> None:
    with pytest.raises(InputError, match="device and providers both say where to run"):
        Pose(pose_file, None, device="cpu", providers=["CPUExecutionProvider"])
