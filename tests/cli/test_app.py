# SPDX-License-Identifier: Apache-2.0
"""The command line as a whole: overview, exit codes, errors in one line, lazy imports."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from edgepose.cli.app import COMMANDS, load
from edgepose.errors import InputError
from edgepose.version import __version__


def process(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs `python -m edgepose` on its own."""
    command = [sys.executable, "-m", "edgepose", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_no_argument_shows_the_overview(edgepose: Any) -> None:
    result = edgepose()
    assert result.exit_code in (0, 2)  # typer changed its mind about it
    for name in COMMANDS:
        assert name in result.output


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help(edgepose: Any, option: str) -> None:
    result = edgepose(option)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert "Usage:" in result.stdout
    assert list(COMMANDS) == sorted(COMMANDS, key=result.stdout.index)


def test_version(edgepose: Any) -> None:
    result = edgepose("--version")
    assert (result.exit_code, result.stdout) == (0, f"edgepose {__version__}\n")


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_loads_and_says_what_the_overview_says(edgepose: Any, name: str) -> None:
    command = load(name)
    assert command.name == name
    first = " ".join(command.help.partition("\n\n")[0].split())
    assert first.startswith(COMMANDS[name].rstrip(".").partition(" (")[0])
    result = edgepose(name, "--help")
    assert result.exit_code == 0, result.output
    assert f" {name} " in result.stdout.splitlines()[0]


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["--nonsense"], ["predict"], ["predict", "--nonsense"], ["val"], ["inspect"]],
    ids=" ".join,
)
def test_wrong_usage_is_2(edgepose: Any, arguments: list[str]) -> None:
    result = edgepose(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error" in result.stderr
    assert "Traceback" not in result.stderr


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Lets `edgepose models` raise."""

    def fail() -> None:
        raise error

    monkeypatch.setattr("edgepose.cli.models.list_models", fail)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (InputError("two\n  lines"), 1, "edgepose: two lines\n"),
        (FileNotFoundError(2, "gone", "a.txt"), 1, "edgepose: [Errno 2] gone: 'a.txt'\n"),
        (KeyboardInterrupt(), 130, "edgepose: interrupted\n"),
        (BrokenPipeError(), 141, ""),
    ],
    ids=["edgepose-error", "os-error", "ctrl-c", "pipe"],
)
def test_errors_end_in_a_line_and_a_code(
    edgepose: Any, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    raising(monkeypatch, error)
    result = edgepose("models")
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", said)


def test_unexpected_errors_keep_their_trace(edgepose: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    raising(monkeypatch, ZeroDivisionError("a bug"))
    assert isinstance(edgepose("models").exception, ZeroDivisionError)


@pytest.mark.parametrize("how", ["option", "environment"])
def test_traceback_on_demand(edgepose: Any, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    raising(monkeypatch, InputError("wrong"))
    if how == "environment":
        monkeypatch.setenv("EDGEPOSE_TRACEBACK", "1")
    result = edgepose(*(["--traceback"] if how == "option" else []), "models")
    assert result.exit_code == 1
    assert "Traceback" in result.stderr
    assert result.stderr.endswith("edgepose: wrong\n")


def test_the_overview_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['edgepose', '--help']\n"
        "from edgepose.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: code = end.code\n"
        "heavy = {'numpy', 'cv2', 'onnxruntime', 'torch', 'edgepose._core'}\n"
        "print(code, sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == "0 []\n"


def test_module_runs_as_the_command() -> None:
    done = process("inspect", "nonsense")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("edgepose: model must be a file or one of ")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and pipes")
def test_a_reader_that_goes_away_is_no_error_to_talk_about() -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "edgepose", "models", "--json"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and pipes")
def test_ctrl_c_while_working(tmp_path: Path) -> None:
    fifo = tmp_path / "never.json"
    os.mkfifo(fifo)  # nobody writes: the command waits
    (tmp_path / "a.png").touch()
    command = [sys.executable, "-m", "edgepose", "predict", str(tmp_path / "a.png")]
    running = subprocess.Popen(
        [*command, "--boxes", str(fifo)],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_take_interrupts,
    )
    writer = _open_when_read(fifo)
    running.send_signal(signal.SIGINT)
    # A signal that comes just before the command waits again is seen when the wait ends.
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.wait(timeout=5)
    os.close(writer)
    _, said = running.communicate(timeout=20)
    assert (running.returncode, said) == (130, "edgepose: interrupted\n")


def _take_interrupts() -> None:
    """Undoes what a shell does to commands in the background, and they hand on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _open_when_read(fifo: Path) -> int:
    """Opens a pipe to write once somebody reads it."""
    for _ in range(2000):
        try:
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.01)
    raise AssertionError("the command never read its boxes")


@pytest.mark.skipif(find_spec("torch") is None, reason="torch is not installed")
def test_commands_of_the_runtime_leave_torch_alone() -> None:
    code = (
        "import sys\n"
        "from edgepose.cli.app import load\n"
        "for name in ('predict', 'demo', 'models', 'inspect', 'val'): load(name)\n"
        "print('torch' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
