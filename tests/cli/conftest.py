# SPDX-License-Identifier: Apache-2.0
"""The command line in this process, on tiny models."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from tiny_models import BLUE, GREEN, RED, picture, write_centers, write_pose
from typer.testing import CliRunner

Edgepose = Callable[..., Any]


@pytest.fixture
def edgepose(monkeypatch: pytest.MonkeyPatch) -> Edgepose:
    """Runs `edgepose` with some arguments; a typer result."""
    from edgepose.cli.app import application

    monkeypatch.delenv("EDGEPOSE_TRACEBACK", raising=False)
    return lambda *arguments: CliRunner().invoke(application(), [str(each) for each in arguments])


class Scratch:
    """A folder with models and pictures in it; each picture shows one or two people.

    A person is a red, a green and a blue dot below each other.
    """

    def __init__(self, folder: Path, edgepose: Edgepose) -> None:
        self.folder = folder
        self.pose = write_pose(folder / "pose.onnx")
        self.detector = write_centers(folder / "detector.onnx")
        self.models = ("--model", self.pose, "--detector", self.detector)
        self.alone = ("--model", self.pose, "--detector", "none")
        self._edgepose = edgepose

    def picture(self, name: str, people: int = 1) -> Path:
        """Writes a picture of 64x64 px with its people side by side."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        dots = []
        for left in (8, 40)[:people]:
            for row, color in enumerate((RED, GREEN, BLUE)):
                dots.append((left, 16 + 8 * row, color))
        _, data = cv2.imencode(file.suffix, picture((64, 64), dots, side=8))
        file.write_bytes(data.tobytes())
        return file

    def lying(self, name: str, people: int = 1) -> Path:
        """Writes a picture of 64x48 px with people that bottom-up models find, lying."""
        dots = [(8, 8, RED), (24, 8, GREEN), (40, 8, BLUE), (12, 32, RED), (36, 32, GREEN)]
        file = self.folder / name
        cv2.imwrite(str(file), picture((64, 48), dots[: 3 if people == 1 else 5]))
        return file

    def broken(self, name: str) -> Path:
        """Writes a file that is no picture."""
        file = self.folder / name
        file.write_bytes(b"this is no picture")
        return file

    def predict(self, *arguments: Any, code: int = 0) -> Any:
        """Runs `edgepose predict` with detector; checks the exit code."""
        result = self._edgepose("predict", *arguments, *self.models)
        assert result.exit_code == code, result.output
        return result

    @staticmethod
    def read(file: Path) -> Any:
        """The JSON in a file."""
        return json.loads(file.read_text(encoding="utf-8"))

    @staticmethod
    def pixels(file: Path) -> Any:
        """The picture in a file."""
        image = cv2.imread(str(file))
        assert image is not None
        return np.asarray(image)

    def run(self, *arguments: Any) -> Any:
        """Runs any command."""
        return self._edgepose(*arguments)


@pytest.fixture
def scratch(tmp_path: Path, edgepose: Edgepose) -> Scratch:
    return Scratch(tmp_path, edgepose)
