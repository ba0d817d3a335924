# SPDX-License-Identifier: Apache-2.0
"""The training configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

import edgepose.train
from edgepose.errors import InputError
from edgepose.train.config_file import read_config

RECIPES = sorted((Path(edgepose.train.__file__).parent / "recipes").glob("*.toml"))
GOOD = """
name = "run"
task = "top_down"
arch = "hrnet-tiny"
keypoint_names = ["nose", "left_eye"]
[[source]]
shards = "a-*.npz"
[[phase]]
height = 128
width = 96
passes = 2
learning_rate = 1e-3
"""


def _read(folder: Path, text: str) -> object:
    path = folder / "recipe.toml"
    path.write_text(text)
    return read_config(path, folder)


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_the_recipes_of_the_package_are_read(path: Path, tmp_path: Path) -> None:
    config = read_config(path, tmp_path)
    assert config.name == path.stem
    assert config.folder == tmp_path.resolve()


def test_there_are_recipes() -> None:
    assert {path.stem for path in RECIPES} == {
        *("det-n", "hrnet-s", "hrnet-xs", "mspn-n", "mspn-s", "mspn-xs", "paf-s", "ae-s"),
        *("hrnet-xs-integral", "hrnet-xs-simcc"),
    }


def test_defaults_fill_what_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(GOOD)
    config = read_config(path, tmp_path)
    assert config.keypoint_names == ("nose", "left_eye")
    assert config.phases[0].passes == 2  # a whole number is a number
    assert config.phases[0].batch_size == 64
    assert config.sources[0].passes_weight == 1.0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(GOOD, "", "name is missing", id="empty"),
        pytest.param(GOOD, "name = ", "cannot read", id="not-toml"),
        pytest.param('name = "run"', 'name = "../run"', "name must be letters", id="path"),
        pytest.param('name = "run"', 'name = "last"', "not 'last'", id="checkpoint-name"),
        pytest.param('"top_down"', '"bottom_up"', "task must be one of", id="task"),
        pytest.param('name = "run"', 'name = "run"\nspeed = 1', "unknown field speed", id="field"),
        pytest.param('name = "run"', 'name = "r"\nfolder = "x"', "field 'folder'", id="nested"),
        pytest.param('name = "run"', 'name = "r"\nseed = 1.5', "seed must be a whole", id="float"),
        pytest.param('name = "run"', 'name = "r"\nseed = true', "seed must be a whole", id="bool"),
        pytest.param('name = "run"', 'name = "r"\nseed = -1', "seed must be at least", id="seed"),
        pytest.param('name = "run"', 'name = "r"\nema_decay = 1.0', "ema_decay must", id="ema"),
        pytest.param('name = "run"', 'name = "r"\nprecision = "int8"', "precision", id="precision"),
        pytest.param('["nose", "left_eye"]', "[]", "keypoint_names must be", id="no-keypoints"),
        pytest.param('"left_eye"', '"nose"', "different non-empty names", id="keypoint-twice"),
        pytest.param('"left_eye"', "3", "keypoint_names must be a list", id="keypoint-number"),
        pytest.param('"top_down"', '"detector"', "belongs to pose networks", id="detector"),
        pytest.param("[[source]]", "[source]", "must be a table [[source]]", id="source-table"),
        pytest.param('shards = "a-*.npz"', "", "source.shards is missing", id="no-shards"),
        pytest.param('"a-*.npz"', '""', "source.shards must be a glob", id="empty-glob"),
        pytest.param("[[source]]\nshards", "other", "one [[source]] or more", id="no-source"),
        pytest.param("height = 128", "height = 100", "phase.height must be", id="multiple"),
        pytest.param("height = 128", "height = 0", "phase.height must be", id="zero"),
        pytest.param("width = 96", "width = 128", "3/4 of height", id="aspect"),
        pytest.param("passes = 2", "passes = 0", "phase.passes must be above 0", id="passes"),
        pytest.param("passes = 2", "passes = nan", "a finite number", id="nan"),
        pytest.param("passes = 2", "passes = inf", "a finite number", id="infinite"),
        pytest.param("passes = 2", 'passes = "2"', "a finite number", id="text"),
        pytest.param("1e-3", "1e-3\nbatch_size = 0", "phase.batch_size", id="batch"),
        pytest.param("1e-3", "1e-3\nsigma = 0", "phase.sigma", id="sigma"),
        pytest.param("1e-3", '1e-3\nsave_as = "a/b"', "phase.save_as must be", id="save-as"),
        pytest.param("1e-3", "1e-3\nbatch = 1", "unknown field phase.batch", id="phase-field"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = GOOD.replace(old, new)
    if message.startswith("one [[source]]"):
        text = GOOD.replace('[[source]]\nshards = "a-*.npz"\n', "")
    with pytest.raises(InputError) as caught:
        _read(tmp_path, text)
    assert message in str(caught.value)
    assert "recipe.toml" in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        read_config(tmp_path / "none.toml", tmp_path)


def test_two_phases_must_keep_different_weights(tmp_path: Path) -> None:
    phase = GOOD[GOOD.index("[[phase]]") :] + 'save_as = "a"\n'
    with pytest.raises(InputError, match="different names"):
        _read(tmp_path, GOOD + 'save_as = "a"\n' + phase)
