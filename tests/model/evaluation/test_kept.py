"""Evaluations are kept by model and data, and measured anew when either changes."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model.commands.measure import measure_arguments
from model.evaluation.kept import evaluation_file, kept_evaluation

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIGITPAD_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def drawings(path: Path, count: int) -> Path:
    seven = {"label": 7, "strokes": [[[0, 0], [50, 0], [20, 90]]]}
    wrong = {"label": 4, "strokes": [[[0, 0], [3, 90]], [[5, 5], [6, 6]]]}
    path.write_text("\n".join(map(json.dumps, [seven] * count + [wrong])))
    return path


def measured(*arguments: str) -> tuple[int, list[dict]]:
    child = subprocess.run(
        [sys.executable, "-m", "model", *arguments],
        cwd=PROJECT,
        capture_output=True,
        stdin=subprocess.DEVNULL if "--again" in arguments else subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
    )
    return child.returncode, [json.loads(line) for line in child.stdout.splitlines()]


@pytest.mark.process
def test_the_second_look_is_kept_and_a_changed_file_is_measured_anew(tmp_path: Path) -> None:
    data = drawings(tmp_path / "mine.jsonl", 3)
    arguments = measure_arguments(model=None, name="Digitpad network", dataset=str(data))
    code, events = measured(*arguments)
    assert code == 0
    assert events[-1]["event"] == "measured"
    assert not events[-1]["is_kept"]
    evaluation = kept_evaluation(Path(events[-1]["file"]))
    assert evaluation is not None
    assert evaluation.report.model == "Digitpad network"
    assert (evaluation.report.images, evaluation.report.right) == (4, 3)
    (picture,) = evaluation.pictures
    assert picture.image.shape == (28, 28)
    assert picture.image.max() > 200
    assert len(picture.strokes) == 2
    assert measured(*arguments)[1][-1]["is_kept"]
    drawings(data, 5)
    again = measured(*arguments)[1][-1]
    assert not again["is_kept"]
    assert again["file"] != events[-1]["file"]


@pytest.mark.process
def test_data_that_can_not_be_read_is_one_sentence(tmp_path: Path) -> None:
    arguments = measure_arguments(model=None, name="n", dataset=str(tmp_path / "nothing"))
    code, events = measured(*arguments)
    assert code == 2
    assert events[-1]["event"] == "failed"
    assert "There is no data set" in events[-1]["sentence"]


def test_a_damaged_file_is_no_evaluation(tmp_path: Path) -> None:
    path = tmp_path / "x.evaluation"
    assert kept_evaluation(path) is None
    path.write_bytes(b"\x00garbage" * 10)
    assert kept_evaluation(path) is None


def test_models_data_and_robustness_have_files_of_their_own() -> None:
    files = {
        evaluation_file(models=models, dataset=dataset, has_curves=curves)
        for models in (("a",), ("b",), ("a", "b"))
        for dataset in ("mnist", "pen-digits")
        for curves in (False, True)
    }
    assert len(files) == 12
    assert np.all([file.parent.name == "evaluations" for file in files])
