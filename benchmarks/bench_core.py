# SPDX-License-Identifier: Apache-2.0
"""Kernels of the core beside NumPy and OpenCV, in one run on one thread.

    python benchmarks/bench_core.py [--json FILE] [--repeats N]

Every case runs both sides in turn on seeded inputs after a warm-up. The table shows medians, the
90th percentile of ours and the ratio of the medians; the JSON holds every sample. Not timed: making
the inputs. OpenCV is held to one thread.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import peers
import peers_metric
from environment import environment
from rich.console import Console
from rich.progress import track
from rich.table import Table

from edgepose import _core
from edgepose.geometry import crop_matrix

MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
INPUT_WH = (192, 256)
COCO_SIGMAS = np.full(17, 0.07)


@dataclass(frozen=True)
class Case:
    """Our form and a peer's form of the same work."""

    name: str
    peer: str
    ours: Callable[[], Any]
    theirs: Callable[[], Any]


def crop_cases() -> list[Case]:
    """One 256x192 crop of a 1080p frame."""
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (1080, 1920, 3), np.uint8)
    frame = np.asarray(cv2.GaussianBlur(noise, (9, 9), 0), np.uint8)
    out = np.empty((1, 3, 256, 192), np.float32)
    cases = []
    for height, turn in ((120, 0), (400, 0), (800, 0), (400, 20)):
        box = [[900.0, 100.0, 900.0 + 0.5 * height, 100.0 + height]]
        matrix = crop_matrix(
            box, INPUT_WH, padding=1.25, warp="half_pixel", rotation_deg=float(turn)
        )

        def ours(matrix: Any = matrix) -> Any:
            return _core.crop_normalize(frame, matrix, (256, 192), MEAN, STD, True, 0.0, out)

        name = f"crop of a {height} px person" + (f", turned {turn} deg" if turn else "")
        warp = peers.Warp(frame, matrix[0], INPUT_WH)
        cases.append(Case(name, "cv2.warpAffine + NumPy", ours, warp.normalised(MEAN, STD)))
        cases.append(Case(name, "cv2.warpAffine alone", ours, warp))
    return cases


def heatmap_cases() -> list[Case]:
    """The maps of one person, 17x64x48."""
    maps = peers.person_maps(17, 64, 48)

    def decode(subpixel: str) -> Callable[[], Any]:
        return lambda: _core.heatmap_decode(maps, subpixel, 11)

    none = decode("none")
    return [
        Case("argmax", "np.max, one pass", none, lambda: maps.max()),
        Case("argmax", "NumPy", none, lambda: peers.argmax(maps)),
        Case("quarter", "NumPy, vectorised", decode("quarter"), lambda: peers.quarter(maps)),
        Case("quadratic", "NumPy, vectorised", decode("quadratic"), lambda: peers.quadratic(maps)),
        Case("dark", "NumPy + OpenCV blur", decode("dark"), lambda: peers.dark(maps, 11)),
        Case("udp", "NumPy + OpenCV blur", decode("udp"), lambda: peers.udp(maps, 11)),
        Case("megvii", "NumPy + OpenCV blur", decode("megvii"), lambda: peers.megvii(maps, 11)),
        Case("mspn", "NumPy + OpenCV blur", decode("mspn"), lambda: peers.mspn(maps, 11)),
        Case("integral", "NumPy", decode("integral"), lambda: peers.integral(maps, 1.0)),
    ]


def stored_cases() -> list[Case]:
    """The same maps as halves, integers and channels last; the peer turns them into float32."""
    maps = peers.person_maps(17, 64, 48)
    halves = maps.astype(np.float16)
    scale = np.float32(1.1 / 255)
    integers = np.clip(np.rint(maps / scale), 0, 255).astype(np.uint8)
    last, last_halves, last_integers = (
        np.ascontiguousarray(stored.transpose(0, 2, 3, 1)) for stored in (maps, halves, integers)
    )

    def ours(stored: Any, *, channels_last: bool) -> Callable[[], Any]:
        zoom = float(scale) if stored.dtype == np.uint8 else None
        return lambda: _core.heatmap_decode(
            stored, "quadratic", channels_last=channels_last, scale=zoom
        )

    def peer(stored: Any, *, channels_last: bool) -> Callable[[], Any]:
        def run() -> Any:
            values = stored.astype(np.float32)
            if stored.dtype == np.uint8:
                values *= scale
            return peers.quadratic(values.transpose(0, 3, 1, 2) if channels_last else values)

        return run

    return [
        Case(
            f"quadratic, {name}",
            "NumPy, vectorised",
            ours(stored, channels_last="NHWC" in name),
            peer(stored, channels_last="NHWC" in name),
        )
        for name, stored in (
            ("float16", halves),
            ("uint8", integers),
            ("NHWC", last),
            ("NHWC float16", last_halves),
            ("NHWC uint8", last_integers),
        )
    ]


def vector_cases() -> list[Case]:
    """SimCC of one person at 256x192, and the flip test of its maps."""
    rng = np.random.default_rng(2)
    x, y = (
        np.exp(-((np.arange(bins) - rng.uniform(20, bins - 20, (1, 17, 1))) ** 2) / 72)
        for bins in (384, 512)
    )
    x = (x + rng.uniform(0, 0.05, x.shape)).astype(np.float32)
    y = (y + rng.uniform(0, 0.05, y.shape)).astype(np.float32)
    maps = peers.person_maps(17, 64, 48)
    flipped, out = maps[..., ::-1].copy(), np.empty_like(maps)
    joint_of = np.array([0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15])
    volumes = rng.random((1, 17, 24, 24, 24), np.float32)
    return [
        Case(
            "simcc",
            "NumPy, vectorised",
            lambda: _core.simcc_decode(x, y, 2.0),
            lambda: peers.simcc(x, y, softmax=False),
        ),
        Case(
            "simcc softmax",
            "NumPy, vectorised",
            lambda: _core.simcc_decode(x, y, 2.0, "softmax"),
            lambda: peers.simcc(x, y, softmax=True),
        ),
        Case(
            "simcc dark",
            "NumPy + OpenCV blur",
            lambda: _core.simcc_decode(x, y, 2.0, blur_kernel=(37, 37)),
            lambda: peers.simcc_dark(x, y, 37),
        ),
        Case(
            "merge_flip",
            "NumPy",
            lambda: _core.merge_flip(maps, flipped, joint_of, out=out),
            lambda: peers.merge_flip(maps, flipped, joint_of, shift=False),
        ),
        Case(
            "merge_flip, shift",
            "NumPy",
            lambda: _core.merge_flip(maps, flipped, joint_of, 1, out=out),
            lambda: peers.merge_flip(maps, flipped, joint_of, shift=True),
        ),
        Case(
            "soft-argmax 24x24x24",
            "NumPy",
            lambda: _core.volume_decode(volumes, 1.0),
            lambda: peers.integral(volumes.reshape(1, 17, 24 * 24, 24), 1.0),
        ),
    ]


def other_cases() -> list[Case]:
    """Boxes and people of a crowded picture."""
    rng = np.random.default_rng(1)
    corner = rng.uniform(0, 300, (300, 2))
    boxes = np.concatenate([corner, corner + np.array([60, 120])], axis=1).astype(np.float32)
    score = rng.random(300, np.float32)
    xywh = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
    xy = rng.uniform(0, 400, (30, 17, 2))
    area = np.full(30, 2000.0)
    heat = peers.person_maps(1, 40, 40)[0]
    size, offset = np.full((2, 40, 40), 64, np.float32), np.zeros((2, 40, 40), np.float32)
    return [
        Case(
            "box_nms of 300",
            "cv2.dnn.NMSBoxes",
            lambda: _core.box_nms(boxes, score, 0.6),
            lambda: cv2.dnn.NMSBoxes(xywh, score, 0.0, 0.6),  # type: ignore[arg-type]
        ),
        Case(
            "oks_matrix 30x30",
            "NumPy, vectorised",
            lambda: _core.oks_matrix(xy, xy, area, COCO_SIGMAS),
            lambda: peers.oks_matrix(xy, xy, area, COCO_SIGMAS),
        ),
        Case(
            "centers 40x40",
            "cv2.dilate + NumPy",
            lambda: _core.centers_decode(heat, size, offset, 8.0, 0.3, 100),
            lambda: peers.centers(heat, size, offset, 8.0, 0.3),
        ),
    ]


def metric_cases() -> list[Case]:
    """Suppression among 30 people, and the errors of 1,000 poses in space."""
    rng = np.random.default_rng(2)
    xy, score = rng.uniform(0, 400, (30, 17, 2)), rng.random(30)
    area, shown = np.full(30, 2000.0), np.ones((30, 17))
    poses, truth = rng.normal(0, 400, (2, 1000, 17, 3))
    return [
        Case(
            "soft_oks_nms of 30",
            "NumPy, vectorised",
            lambda: _core.soft_oks_nms(xy, shown, score, area, COCO_SIGMAS, 0.9),
            lambda: peers_metric.soft_oks_nms(xy, score, area, COCO_SIGMAS, 0.9),
        ),
        Case(
            "nearby_joints_nms of 30",
            "NumPy, vectorised",
            lambda: _core.nearby_joints_nms(xy, score, 0.05, 8),
            lambda: peers_metric.nearby_joints_nms(xy, score, 0.05),
        ),
        Case(
            "PA-MPJPE of 1,000",
            "NumPy, batched SVD",
            lambda: _core.mpjpe(poses, truth, None, None, "procrustes"),
            lambda: peers_metric.pa_mpjpe(poses, truth),
        ),
    ]


def measure(case: Case, repeats: int) -> dict[str, Any]:
    """Samples of both sides, taken in turn, in microseconds."""
    samples: dict[str, list[float]] = {"ours_us": [], "peer_us": []}
    sides = (("ours_us", case.ours), ("peer_us", case.theirs))
    for turn in range(repeats + 5):
        for key, run in sides:
            start = time.perf_counter_ns()
            run()
            if turn >= 5:
                samples[key].append((time.perf_counter_ns() - start) / 1e3)
    return {"name": case.name, "peer": case.peer, **samples}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write every sample here")
    parser.add_argument("--repeats", type=int, default=300)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)

    cases = crop_cases() + heatmap_cases() + stored_cases() + vector_cases()
    cases += other_cases() + metric_cases()
    rows = [measure(case, arguments.repeats) for case in track(cases, description="measuring")]

    table = Table("kernel", "ours, us", "p90", "peer", "peer, us", "ratio")
    for row in rows:
        ours, p90 = np.percentile(row["ours_us"], [50, 90])
        peer = np.median(row["peer_us"])
        table.add_row(
            row["name"],
            f"{ours:.1f}",
            f"{p90:.1f}",
            row["peer"],
            f"{peer:.1f}",
            f"{peer / ours:.1f}x",
        )
    console = Console()
    console.print(table)
    where = environment()
    console.print(", ".join(f"{key} {value}" for key, value in where.items()))
    if arguments.json:
        arguments.json.write_text(json.dumps({"environment": where, "cases": rows}, indent=1))


if __name__ == "__main__":
    main()
