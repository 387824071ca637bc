"""The Test lens with a real child: measure, choose a cell, put its picture on the pad."""

import html
import json
import os
import signal
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.application import _made
from app.evaluation.panel import EMPTY, ModelEntry
from app.evaluation.words import headline, stale_words, subject_words
from app.evaluation.wrong_pictures import picture_of_ink
from model.database.database import Database
from model.database.hands import Hands, KeptDrawing
from model.evaluation.answers import Answers
from model.evaluation.comparison import ModelComparison
from model.evaluation.disturbances import DISTURBANCES
from model.evaluation.kept import Evaluation, kept_evaluation
from model.evaluation.report import report_of
from model.evaluation.robustness import RobustnessCurve, RobustnessPoint
from model.evaluation.wrong_pictures import WrongPicture
from model.ink import ink_from_strokes
from model.metadata import DIGIT_NAMES
from model.run_events import Failed
from tests.app.planted_models import plant

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
    # A test may end while something is measured, about which the window would ask.
    qtbot.addWidget(made.window, before_close_func=lambda window: window.close_guards.clear())
    made.window.show()
    qtbot.waitExposed(made.window)
    made.window.show_lens("test")
    qtbot.waitUntil(lambda: _assert_listed(made), timeout=60_000)
    yield made
    made.window.close()


def _assert_listed(root) -> None:
    assert root.evaluation.panel is not None
    assert root.evaluation.panel.chosen_model is not None


def _assert_title(root, title: str) -> None:
    data = root.evaluation.panel.data
    assert data.itemText(data.findData("my-drawings")) == title


def test_the_list_of_data_says_how_many_drawings_are_kept(qtbot, root) -> None:
    qtbot.waitUntil(lambda: _assert_title(root, "My drawings (none yet)"))
    strokes = (((0.0, 0.0), (50.0, 0.0), (20.0, 90.0)),)
    with Database() as database:
        Hands(database).keep("me", [KeptDrawing(label="7", strokes=strokes)] * 3)
        Hands(database).keep("you", [KeptDrawing(label="1", strokes=strokes)])
    root.window.show_lens("models")
    root.window.show_lens("test")
    qtbot.waitUntil(lambda: _assert_title(root, "My drawings (4)"))
    with Database() as database:
        Hands(database).keep("me", [KeptDrawing(label="7", strokes=strokes)])
    root.evaluation.panel.data.showPopup()
    qtbot.waitUntil(lambda: _assert_title(root, "My drawings (5)"))
    root.evaluation.panel.data.hidePopup()


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


def test_before_anything_the_lens_says_what_it_does_and_does_it(root, qtbot):
    panel = root.evaluation.panel
    assert panel.empty_state.words.text() == EMPTY
    assert panel.empty_state.isVisible()
    with qtbot.waitSignal(panel.measure_requested):
        panel.measure.click()
    assert not panel.empty_state.isVisible()  # while it measures
    panel.stop.click()
    assert panel.empty_state.isVisible()
    assert not root.evaluation.panel.results.matrix.isVisibleTo(root.evaluation.panel)


@pytest.mark.process
def test_from_a_wrong_picture_to_the_pad_in_two_clicks(root, qtbot, data):
    panel = _measured(root, qtbot, data)
    assert panel.headline.text() == (
        "Digitpad network: training accuracy 87.50 % (mine.jsonl, 8 images)"
    )
    assert "no test split" in panel.results.details.text()
    assert panel.results.matrix.counts[4][7] == 1
    panel.results.matrix.choose(4, 7)
    assert panel.results.pictures.count() == 1
    item = panel.results.pictures.item(0)
    assert "True label 4, predicted 7" in html.unescape(item.toolTip())
    panel.results.pictures.itemClicked.emit(item)
    assert [len(stroke) for stroke in root.window.drawing_pad.strokes()] == [3]
    assert root.recognition.recognition.label == "7"
    said = root.window.status_text
    assert said.startswith("True label 4, predicted 7 by Digitpad network, ")
    assert panel.results.slices.rowCount() == 1
    assert panel.results.classes.rowCount() == 10


@pytest.mark.process
def test_the_title_says_while_a_measurement_goes_on(root, qtbot, data):
    titles = []
    root.window.windowTitleChanged.connect(titles.append)
    _measured(root, qtbot, data)
    assert titles[0] == "Digitpad — measuring …"
    assert titles[-1] == root.window.windowTitle() == "Digitpad"


@pytest.mark.process
def test_from_a_wrong_picture_to_explain_by_keyboard(root, qtbot, data):
    panel, window = root.evaluation.panel, root.window
    window.activateWindow()
    panel.measure.setFocus()
    _measured(root, qtbot, data)
    assert panel.results.matrix.hasFocus()
    assert panel.results.matrix.chosen == (4, 7)
    QTest.keyClick(panel.results.matrix, Qt.Key.Key_Return)
    QTest.keyClick(panel.results.matrix, Qt.Key.Key_Tab)
    assert panel.results.pictures.hasFocus()
    QTest.keyClick(panel.results.pictures, Qt.Key.Key_Return)
    assert [len(stroke) for stroke in window.drawing_pad.strokes()] == [3]
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.open_lens == "explain"


@pytest.mark.process
def test_curves_mark_where_the_drawing_on_the_pad_changes_and_a_slider_turns_it(root, qtbot, data):
    panel = _measured(root, qtbot, data, robustness=True)
    assert panel.results.curves.chosen == "rotation"
    root.window.drawing_pad.set_strokes([SEVEN])
    qtbot.waitUntil(lambda: _assert_says_yours(panel), timeout=60_000)
    before = root.window.drawing_pad.drawing
    undo = root.window.drawing_pad.undo_stack.count()
    panel.results.slider.setValue(panel.results.slider.maximum())
    turned = root.window.drawing_pad.strokes()[0]
    assert not np.allclose(turned, SEVEN)
    assert root.window.drawing_pad.undo_stack.count() == undo
    panel.results.curves.setFocus()
    panel.results.curves.curve_chosen.emit("slant")
    assert root.window.drawing_pad.drawing is before


def _assert_says_yours(panel) -> None:
    assert panel.results.change.text().startswith("Rotation: yours ")


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


@pytest.mark.process
def test_dark_ink_is_inverted_by_one_click(root, qtbot, tmp_path):
    panel = root.evaluation.panel
    images = np.zeros((20, 28, 28), np.uint8)
    images[:, 4:24, 12:16] = 255
    labels = np.ones(20, np.uint8)
    np.savez(tmp_path / "ones.npz", x_train=255 - images, y_train=labels)
    panel.data.add(str(tmp_path / "ones.npz"))
    assert not panel.invert.isVisible()
    panel.measure.click()
    qtbot.waitUntil(lambda: _assert_problem(panel), timeout=60_000)
    assert "dark ink" in panel.problem.text()
    assert panel.invert.isVisible()
    panel.invert.click()
    qtbot.waitUntil(lambda: _assert_measured(root), timeout=60_000)
    assert not panel.invert.isVisible()
    assert root.evaluation.presenter.evaluation.report.accuracy == 1


def _assert_problem(panel) -> None:
    assert panel.problem.text()


def test_a_child_that_dies_is_said_and_can_be_started_again(root):
    presenter, panel = root.evaluation.presenter, root.evaluation.panel
    presenter._on_measured(Failed(kind="X", sentence="The measurement was given up.", detail=""))
    assert panel.problem.text() == "The measurement was given up."
    assert panel.measure.isVisible()


@pytest.mark.process
def test_reports_are_saved_as_page_table_and_json(root, qtbot, data, tmp_path):
    from model.evaluation.saving import write_report

    _measured(root, qtbot, data, robustness=True)
    evaluation = root.evaluation.presenter.evaluation
    for suffix in ("html", "csv", "json"):
        write_report(evaluation, tmp_path / f"report.{suffix}")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "87.50 %" in page
    training, reliability = 2, 1
    assert page.count("<svg") == len(DISTURBANCES) + training + reliability
    assert "://" not in page
    table = (tmp_path / "report.csv").read_text(encoding="utf-8-sig").splitlines()
    assert table[0].startswith("true \\ answer,0,1,")
    assert table[11] == ""
    assert "by,value,images,right,accuracy,low,high" in table
    figures = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert figures["report"]["right"] == 7


@pytest.mark.process
def test_numbers_are_measured_and_a_wrong_one_comes_to_the_pad(root, qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITPAD_CACHE", str(tmp_path / "cache"))
    right = {"text": "71", "strokes": [SEVEN, [[100, 0], [101, 90]]], "writer": "anna"}
    wrong = right | {"text": "94", "writer": "ben"}
    path = tmp_path / "numbers.jsonl"
    path.write_text("\n".join(map(json.dumps, [right, right, wrong])))
    panel = _measured(root, qtbot, path, robustness=True)
    assert panel.headline.text() == (
        "Digitpad network: numbers read right 66.67 % (numbers.jsonl, 3 numbers)"
    )
    assert not panel.results.matrix.isVisibleTo(panel)
    parts = [
        panel.results.slices.item(row, 0).text() for row in range(panel.results.slices.rowCount())
    ]
    names = [part.partition(": ")[2] for part in parts]
    assert names == ["2", "anna", "ben"]
    assert panel.results.pictures.count() == 1
    panel.results.pictures.itemClicked.emit(panel.results.pictures.item(0))
    assert len(root.window.drawing_pad.strokes()) == 2
    assert root.recognition.number.text == "71"


@pytest.mark.process
def test_figures_go_pale_when_something_else_is_chosen_or_nothing_is_measured(
    root, qtbot, data, tmp_path
):
    panel = _measured(root, qtbot, data)
    assert not panel.stale.isVisible()
    assert panel.results.graphicsEffect() is None
    for label in panel.results._titles:
        assert label.text().endswith(": Digitpad network on mine.jsonl")
    letters = tmp_path / "letters.jsonl"
    letters.write_text(json.dumps({"label": "cat", "strokes": [ONE]}))
    panel.data.add(str(letters))
    assert panel.stale.text() == (
        "The pale figures below are those of Digitpad network on mine.jsonl, measured before."
    )
    assert panel.results.graphicsEffect() is not None
    panel.measure.click()
    assert panel.stale.isVisible()  # while it is measured
    qtbot.waitUntil(lambda: _assert_problem(panel), timeout=60_000)
    assert panel.stale.isVisible()  # and when that failed
    panel.data.choose(str(data))
    assert panel.stale.isVisible()  # the failure is still said
    _measured(root, qtbot, data)
    qtbot.waitUntil(lambda: _assert_fresh(panel), timeout=60_000)


def _assert_fresh(panel) -> None:
    assert not panel.stale.isVisible()
    assert panel.results.graphicsEffect() is None


@pytest.mark.process
def test_a_model_that_is_renamed_has_its_new_name_over_its_figures(root, qtbot, data):
    panel = _measured(root, qtbot, data)
    entry = panel.chosen_model
    root.evaluation.presenter._follow_names([ModelEntry("Lesson 1", entry.path, entry.sha256)])
    assert panel.headline.text().startswith("Lesson 1: training accuracy 87.50 %")
    assert root.evaluation.presenter.evaluation.report.model == "Lesson 1"


def _three(panel, tmp_path) -> list[ModelEntry]:
    lessons = [
        ModelEntry(name, tmp_path / f"{name}.keras", name * 8) for name in ("dense", "pixels")
    ]
    return [panel.chosen_model, *lessons]


def test_choices_follow_models_that_are_deleted_taken_back_and_renamed(root, tmp_path):
    panel = root.evaluation.panel
    bundled, dense, pixels = models = _three(panel, tmp_path)
    panel.show_models(models, bundled.sha256)
    panel.choose_model(dense.path)
    panel.second.setCurrentIndex(1)
    assert (panel.chosen_model, panel.chosen_second) == (dense, bundled)
    panel.show_models([bundled, pixels], bundled.sha256)
    assert (panel.chosen_model, panel.chosen_second) == (bundled, None)
    panel.show_models([bundled, pixels], bundled.sha256)  # listed again, as often as may be
    panel.show_models(models, bundled.sha256)
    assert (panel.chosen_model, panel.chosen_second) == (dense, bundled)
    lesson = ModelEntry("Lesson", tmp_path / "Lesson.keras", dense.sha256)
    panel.show_models([pixels, lesson, bundled], bundled.sha256)
    assert (panel.chosen_model, panel.chosen_second) == (lesson, bundled)


def test_what_is_chosen_while_a_model_is_gone_stays_when_it_comes_back(root, tmp_path):
    panel = root.evaluation.panel
    bundled, dense, pixels = models = _three(panel, tmp_path)
    panel.show_models(models, bundled.sha256)
    panel.choose_model(dense.path)
    panel.show_models([bundled, pixels], bundled.sha256)
    panel.choose_model(pixels.path)
    panel.show_models(models, bundled.sha256)
    assert panel.chosen_model == pixels


def test_of_equal_files_the_one_that_was_chosen_stays_chosen(root, tmp_path):
    panel = root.evaluation.panel
    bundled, dense, _ = _three(panel, tmp_path)
    models = [bundled, ModelEntry("copy", tmp_path / "copy.keras", dense.sha256), dense]
    panel.show_models(models, bundled.sha256)
    for entry in (dense, models[1]):
        panel.choose_model(entry.path)
        panel.show_models(models, bundled.sha256)
        assert panel.chosen_model == entry


@pytest.mark.process
def test_a_result_is_current_although_its_model_was_deleted_while_it_was_measured(
    root, qtbot, data, tmp_path
):
    path = tmp_path / "models" / "lesson.keras"
    plant(path)
    panel, presenter = root.evaluation.panel, root.evaluation.presenter
    root.window.show_lens("models")
    root.window.show_lens("test")
    qtbot.waitUntil(lambda: _assert_chosen(panel, path))
    panel.second.setCurrentIndex(1)
    panel.data.add(str(data))
    panel.measure.click()
    presenter._on_models_listed(root.evaluation._library.models()[:1])
    qtbot.waitUntil(lambda: _assert_measured(root), timeout=60_000)
    assert panel.chosen_model.path == path
    assert panel.chosen_second is not None
    assert not panel.stale.isVisible()


def _assert_chosen(panel, path: Path) -> None:
    assert panel.choose_model(path)


def test_a_model_is_not_compared_with_itself(root, tmp_path):
    panel = root.evaluation.panel
    other = ModelEntry("Other", tmp_path / "other.keras", "0" * 64)
    panel.show_models([panel.chosen_model, other], other.sha256)
    assert _offered(panel) == ["No other model", "Other"]
    panel.second.setCurrentIndex(1)
    panel.model.setCurrentIndex(1)
    assert _offered(panel) == ["No other model", "Digitpad network"]
    assert panel.chosen_second is None


def _offered(panel) -> list[str]:
    return [panel.second.itemText(row) for row in range(panel.second.count())]


@pytest.mark.process
@pytest.mark.parametrize("name", DISTURBANCES)
def test_the_slider_disturbs_the_drawing_in_every_way_and_gives_it_back(root, qtbot, name):
    panel, pad = root.evaluation.panel, root.window.drawing_pad
    pad.set_strokes([SEVEN, [[8, 45], [45, 45]]])
    before, ink = pad.drawing, root.recognition.current_ink.copy()
    root.evaluation.presenter.show(_evaluation_with_curves())
    while panel.results.curves.chosen != name:
        QTest.keyClick(panel.results.curves, Qt.Key.Key_Right)
    rest = panel.results.slider.value()
    is_highest = rest == panel.results.slider.maximum()
    panel.results.slider.setValue(
        panel.results.slider.minimum() if is_highest else panel.results.slider.maximum()
    )
    assert pad.drawing is not before
    assert np.abs(root.recognition.current_ink - ink).max() > 0.2
    assert DISTURBANCES[name].title in panel.results.change.text()
    panel.results.slider.setValue(rest)
    assert pad.drawing is before


@pytest.mark.parametrize("way", ["Escape in the lens", "Escape on the pad", "Ctrl+Z"])
def test_a_disturbed_drawing_is_left_by_escape_and_undo(root, qtbot, way):
    panel, pad, window = root.evaluation.panel, root.window.drawing_pad, root.window
    pad.set_strokes([ONE])
    pad.set_strokes([SEVEN])
    before, steps = pad.drawing, pad.undo_stack.index()
    root.evaluation.presenter.show(_evaluation_with_curves())
    rest = panel.results.slider.value()
    for amount in (rest + 20, panel.results.slider.maximum()):
        panel.results.slider.setValue(amount)
    assert pad.drawing is not before
    assert "Escape" in panel.results.change.text()
    if way == "Ctrl+Z":
        window.actions_by_name["undo"].trigger()
    else:
        QTest.keyClick(pad if "pad" in way else panel.results.slider, Qt.Key.Key_Escape)
    assert pad.drawing is before
    assert pad.undo_stack.index() == steps
    assert panel.results.slider.value() == rest
    assert "Escape" not in panel.results.change.text()


def test_a_picture_can_be_blurred_but_not_turned(root):
    panel, pad = root.evaluation.panel, root.window.drawing_pad
    ink = ink_from_strokes([SEVEN])
    pad.set_picture(picture_of_ink(ink, "a seven"))
    root.evaluation.presenter.show(_evaluation_with_curves())
    panel.results.slider.setValue(panel.results.slider.maximum())
    assert panel.results.change.text() == "Rotation needs strokes: draw a digit first."
    while panel.results.curves.chosen != "blur":
        QTest.keyClick(panel.results.curves, Qt.Key.Key_Right)
    panel.results.slider.setValue(panel.results.slider.maximum())
    assert root.recognition.current_ink.max() < ink.max()


def test_a_wrong_picture_s_caption_names_the_model_that_was_measured(root):
    pad, ink = root.window.drawing_pad, ink_from_strokes([SEVEN])
    answers = Answers(
        np.array([9]), np.array([4]), np.array([0.892], np.float32), np.zeros(1, np.uint8)
    )
    report = report_of(
        answers,
        model="dense128 2026-11-26 14.52",
        model_sha256="",
        dataset="d",
        dataset_sha256="",
        class_names=DIGIT_NAMES,
        indices=np.array([1233]),
    )
    picture = WrongPicture(np.rint(ink * 255).astype(np.uint8).tobytes())
    evaluation = Evaluation(title="d", is_test=True, report=report, pictures=(picture,))
    root.evaluation.presenter.show(evaluation)
    said = root.window.status_text
    root.evaluation.panel.results.pictures.picture_chosen.emit(0)
    caption = pad.drawing.picture.caption
    assert caption == "True label 9; dense128 2026-11-26 14.52: 4, 89.2 % sure (image 1,234)"
    assert root.window.status_text == said  # nothing lies over it


def _evaluation_with_curves() -> Evaluation:
    point = {"accuracy": 0.9, "low": 0.8, "high": 0.95}
    curves = tuple(
        RobustnessCurve(
            name=row.name,
            title=row.title,
            unit=row.unit,
            images=10,
            points=tuple(RobustnessPoint(amount=amount, **point) for amount in row.amounts),
        )
        for row in DISTURBANCES.values()
    )
    labels = np.arange(10)
    answers = Answers(labels, labels, np.ones(10, np.float32), np.zeros(10, np.uint8))
    report = report_of(
        answers,
        model="m",
        model_sha256="",
        dataset="d",
        dataset_sha256="",
        class_names=DIGIT_NAMES,
        indices=labels,
    )
    return Evaluation(title="d", is_test=True, report=report, curves=curves)


def test_a_long_name_keeps_the_time_that_tells_two_runs_apart():
    evaluation = _evaluation_with_curves()
    name = "Digitpad CNN, as it comes with the program 26 Nov 18.24"
    named = evaluation.with_names(name, name)
    for words in (headline(named), subject_words(named), stale_words(named)):
        assert "26 Nov 18.24" in words
        assert name not in words


def test_the_head_has_the_accuracy_of_both_models_with_their_intervals(root):
    first = _evaluation_with_curves()
    comparison = ModelComparison(
        both_right=90,
        only_first=6,
        only_second=2,
        both_wrong=2,
        p_value=0.29,
        differences=(),
        won=(),
        lost=(),
        second_interval=(0.85, 0.96),
    )
    both = msgspec.structs.replace(first, comparison=comparison, compared_with="Lesson A")
    panel = root.evaluation.panel
    root.evaluation.presenter.show(both)
    words = "Lesson A: 92.00 % of the same images (95 % interval 85.00 % to 96.00 %)"
    assert panel.second_headline.text() == words
    assert panel.second_headline.isVisible()
    assert panel.results.details.text().startswith(f"95 % interval of {first.report.model} ")
    root.evaluation.presenter.show(first)
    assert not panel.second_headline.isVisible()
    assert panel.results.details.text().startswith("95 % interval ")
    assert "interval of" not in panel.results.details.text()


@pytest.mark.process
@pytest.mark.posix
def test_a_child_that_is_killed_is_said_and_the_next_one_measures(root, qtbot, data):
    panel = root.evaluation.panel
    panel.data.add(str(data))
    panel.measure.click()
    child = root.evaluation.presenter.runner.process
    qtbot.waitUntil(lambda: _assert_started(child), timeout=60_000)
    os.kill(child.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: _assert_problem(panel), timeout=60_000)
    assert "was given up" in panel.problem.text()
    _measured(root, qtbot, data)


def _assert_started(child) -> None:
    assert child.process_id


@pytest.mark.process
def test_a_model_that_is_deleted_meanwhile_is_a_sentence(root, qtbot, data, tmp_path):
    panel = root.evaluation.panel
    gone = ModelEntry("Gone", tmp_path / "gone.keras", "0" * 64)
    panel.show_models([gone], gone.sha256)
    panel.model.setCurrentIndex(0)
    panel.data.add(str(data))
    panel.measure.click()
    qtbot.waitUntil(lambda: _assert_problem(panel), timeout=60_000)
    assert "gone.keras" in panel.problem.text()
    qtbot.waitUntil(lambda: _assert_bundled_alone(panel), timeout=60_000)


def _assert_bundled_alone(panel) -> None:
    assert [panel.model.itemText(row) for row in range(panel.model.count())] == ["Digitpad network"]


@pytest.mark.process
def test_stop_ends_the_child_and_offers_to_measure_again(root, qtbot, data):
    panel = root.evaluation.panel
    panel.data.add(str(data))
    panel.measure.click()
    child = root.evaluation.presenter.runner.process
    qtbot.waitUntil(lambda: _assert_started(child), timeout=30_000)
    panel.stop.click()
    assert panel.measure.isVisible()
    qtbot.waitUntil(lambda: _assert_no_child(root.evaluation.presenter.runner), timeout=30_000)
    assert root.evaluation.presenter.evaluation is None


def _assert_no_child(runner) -> None:
    assert not runner._children


def test_kept_files_that_are_gone_are_said(root, tmp_path):
    assert kept_evaluation(tmp_path / "gone") is None
