# SPDX-License-Identifier: Apache-2.0
"""What `edgepose verify` prints and saves."""

from __future__ import annotations

from pathlib import Path

import cv2

from edgepose.cli.tables import show, table
from edgepose.evaluation.disagreement import Agreement
from edgepose.evaluation.side_by_side import side_by_side
from edgepose.io.targets import writing
from edgepose.types import Skeleton


def save_worst(folder: Path, found: Agreement, skeleton: Skeleton, min_score: float) -> None:
    """Writes the people who differ most, A on the left and B on the right.

    Raises:
        InputError: A file cannot be written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for rank, person in enumerate(found.worst, start=1):
        picture = side_by_side(person, skeleton, found.names, min_score)
        target = folder / f"{rank:02d}_{person.path.stem}.png"
        _, encoded = cv2.imencode(".png", picture)
        with writing(target):
            target.write_bytes(encoded.tobytes())


def show_agreement(found: Agreement, titles: list[str]) -> None:
    """Prints the numbers and who differs most.

    Args:
        found: The numbers.
        titles: What A and B are called.
    """
    rows = [
        (unit, *(f"{value:.4g}" for value in (numbers.max, numbers.mean, numbers.p99)))
        for unit, numbers in (
            ("px of the picture", found.image_px), ("px of the input", found.input_px)
        )
    ]  # fmt: skip
    facts = [f"OKS mean {found.oks_mean:.6f}, least {found.oks_min:.6f}"]
    facts += [f"output {role}: largest difference {v:.3g}" for role, v in found.outputs.items()]
    if not found.is_complete:
        facts.append(
            f"people found by one alone: A {found.unmatched_a}, B {found.unmatched_b}; keypoints "
            f"of the others: A {found.only_a}, B {found.only_b}"
        )
    made = [
        table(
            f"{titles[0]} and {titles[1]}: {found.pictures} pictures, {found.persons} persons, "
            f"{found.keypoints} keypoints, {found.left_out} of too low a score left out",
            ("distance", "largest>", "mean>", "99 %>"),
            rows,
            caption="; ".join(facts),
        )
    ]
    if found.worst:
        plain = found.to_dict()["worst"]
        cells = [
            (row["picture"], f"only in {row['only'].upper()}", "", "")
            if row["only"]
            else (
                *(row["picture"], str(row["keypoint"])),
                *(f"{row['max_px']:.4g}", f"{row['oks'] or 0:.4f}"),
            )
            for row in plain
        ]
        made.append(table("Who differs most", ("picture", "keypoint", "px>", "OKS>"), cells))
    show(*made)
