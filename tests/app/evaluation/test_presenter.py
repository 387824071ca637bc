"""The Test lens with a real child: measure, choose a cell, put its picture on the pad."""

import html
import json
from pathlib import Path

import numpy as np
import pytest

from app.application import _made
from app.evaluation.panel import EMPTY
from model.evaluation.kept import kept_evaluation
from model.evaluation.robustness import DISTURBANCES
from model.protocol import Failed

SEVEN = [[0, 0], [50, 0], [20, 90]]
ONE = [[10, 0], [12, 90]]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIGITPAD_CACHE", str(tmp_path / "cache"))
    rows = [{"label": 7, "strokes": [SEVEN]}] * 4 + [{"label": 4, "strokes": [SEVEN]}]
    rows += [{"label": 1, "strokes": [ONE]}] * 3
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


@pytest.fixture
def root(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITPAD_SETTINGS", str(tmp_path / "settings"))
    monkeypatch.setenv("DIGITPAD_MODELS", str(tmp_path / "models"))
    _, made = _made(["digitpad"])
    qtbot.addWidget(made.window)
    made.window.show()
    qtbot.waitExposed(made.window)
    made.window.show_lens("test")
    qtbot.waitUntil(lambda: _assert_listed(made), timeout=20_000)
    yield made
    made.window.close()


def _assert_listed(root) -> None:
    assert root.evaluation.panel is not None
    assert root.evaluation.panel.chosen_model is not None


def _assert_measured(root) -> None:
    assert not root.evaluation.panel.problem.text()
    assert root.evaluation.presenter.evaluation is not None


def _measured(root, qtbot, data: Path, **options: bool):
    panel = root.evaluation.panel
    panel.data.add(str(data))
    panel.robustness.setChecked(options.get("robustness", False))
    panel.measure.click()
    qtbot.waitUntil(lambda: _assert_measured(root), timeout=60_000)
    return panel


def test_before_anything_the_lens_says_what_it_does(root):
    assert root.evaluation.panel.details.text() == EMPTY
    assert not root.evaluation.panel.matrix.isVisibleTo(root.evaluation.panel)


@pytest.mark.process
def test_from_a_wrong_picture_to_the_pad_in_two_clicks(root, qtbot, data):
    panel = _measured(root, qtbot, data)
    assert panel.headline.text() == "87.50% of 8 training images right (mine.jsonl)"
    assert "no test split" in panel.details.text()
    assert panel.matrix.counts[4][7] == 1
    panel.matrix.choose(4, 7)
    assert panel.pictures.count() == 1
    item = panel.pictures.item(0)
    assert "True label 4, predicted 7" in html.unescape(item.toolTip())
    panel.pictures.itemClicked.emit(item)
    assert [len(stroke) for stroke in root.window.drawing_pad.strokes()] == [3]
    assert root.recognition.recognition.label == "7"
    assert panel.slices.rowCount() == 1
    assert panel.classes.rowCount() == 10


@pytest.mark.process
def test_curves_mark_where_the_drawing_on_the_pad_changes_and_a_slider_turns_it(root, qtbot, data):
    panel = _measured(root, qtbot, data, robustness=True)
    assert panel.curves.chosen == "rotation"
    root.window.drawing_pad.set_strokes([SEVEN])
    qtbot.waitUntil(lambda: _assert_says_yours(panel), timeout=30_000)
    before = root.window.drawing_pad.drawing
    undo = root.window.drawing_pad.undo_stack.count()
    panel.slider.setValue(panel.slider.maximum())
    turned = root.window.drawing_pad.strokes()[0]
    assert not np.allclose(turned, SEVEN)
    assert root.window.drawing_pad.undo_stack.count() == undo
    panel.curves.setFocus()
    panel.curves.curve_chosen.emit("slant")
    assert root.window.drawing_pad.drawing is before


def _assert_says_yours(panel) -> None:
    assert panel.change.text().startswith("Yours ")


@pytest.mark.process
def test_data_that_can_not_be_measured_is_a_sentence_in_the_lens(root, qtbot, tmp_path):
    panel = root.evaluation.panel
    path = tmp_path / "letters.jsonl"
    rows = [{"label": "cat", "strokes": [ONE]}, {"label": "dog", "strokes": [SEVEN]}]
    path.write_text("\n".join(map(json.dumps, rows)))
    panel.data.add(str(path))
    panel.measure.click()
    qtbot.waitUntil(lambda: _assert_problem(panel), timeout=60_000)
    assert "cat, dog" in panel.problem.text()
    assert panel.measure.isVisible()


def _assert_problem(panel) -> None:
    assert panel.problem.text()


def test_a_child_that_dies_is_said_and_can_be_started_again(root):
    presenter, panel = root.evaluation.presenter, root.evaluation.panel
    presenter._on_measured(Failed(kind="X", sentence="The measurement was given up.", detail=""))
    assert panel.problem.text() == "The measurement was given up."
    assert panel.measure.isVisible()


@pytest.mark.process
def test_reports_are_saved_as_page_table_and_json(root, qtbot, data, tmp_path):
    from model.evaluation.saving import written_report

    _measured(root, qtbot, data, robustness=True)
    evaluation = root.evaluation.presenter.evaluation
    for suffix in ("html", "csv", "json"):
        written_report(evaluation, tmp_path / f"report.{suffix}")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "87.50%" in page
    assert page.count("<svg") == len(DISTURBANCES)
    assert "http" not in page
    table = (tmp_path / "report.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(table) == 11
    figures = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert figures["report"]["right"] == 7


def test_kept_files_that_are_gone_are_said(root, tmp_path):
    assert kept_evaluation(tmp_path / "gone") is None
