"""Reports about runs: the file's name first, the Test lens left as it is, one report at a time."""

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from app.application import _made
from app.evaluation.panel import ModelEntry
from app.widgets.close_dialog import CloseDialog, OpenWork
from model.model_files.model_file import file_sha256
from tests.app.planted_models import plant

SEVEN = [[0, 0], [50, 0], [20, 90]]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIGITPAD_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join([json.dumps({"label": 7, "strokes": [SEVEN]})] * 4))
    return path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "models" / "lesson.keras"
    plant(path)
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
    made.window.show_lens("train")
    yield made
    made.window.close()


def answer(root, file: Path) -> QFileDialog:
    """Answer the dialog for the report's file; return it."""
    dialog = root.window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(file))
    dialog.close()
    return dialog


def assert_written(file: Path) -> None:
    assert file.is_file()


@pytest.mark.process
def test_the_file_is_asked_for_first_and_the_lens_stays(root, qtbot, data, model, tmp_path):
    root.training.report_requested.emit(model, str(data))
    assert root.window.open_lens == "train"
    dialog = root.window.findChild(QFileDialog)
    assert dialog.windowTitle() == "Save report: lesson on mine.jsonl is measured first"
    proposed = Path(dialog.selectedFiles()[0])
    assert proposed.name == "lesson on mine.jsonl.html"
    assert proposed.parent.is_dir()
    assert proposed.parent != Path("/")
    titles: list[str] = []
    root.window.windowTitleChanged.connect(titles.append)
    file = tmp_path / "report.html"
    answer(root, file)
    assert root.window.status_text.startswith("Measuring lesson on mine.jsonl; then report.html")
    qtbot.waitUntil(lambda: assert_written(file), timeout=60_000)
    assert "lesson on mine.jsonl" in file.read_text(encoding="utf-8")
    assert titles[0] == "Digitpad — report …"
    qtbot.waitUntil(lambda: assert_said(root, "Saved as report.html."), timeout=60_000)
    assert root.window.windowTitle() == "Digitpad"


def assert_said(root, sentence: str) -> None:
    assert root.window.status_text == sentence


@pytest.mark.process
def test_a_measurement_that_goes_on_is_not_thrown_away(root, qtbot, data, model, tmp_path):
    root.window.show_lens("test")
    panel, presenter = root.evaluation.panel, root.evaluation.presenter
    qtbot.waitUntil(lambda: assert_listed(panel), timeout=60_000)
    panel.data.add(str(data))
    panel.robustness.setChecked(True)
    panel.measure.click()
    child = presenter.runner.process
    root.evaluation.report_on(model, str(data))
    answer(root, tmp_path / "report.csv")
    assert presenter.runner.process is child
    qtbot.waitUntil(lambda: assert_measured(presenter), timeout=60_000)
    assert presenter.evaluation.report.model == "Digitpad network"
    assert presenter.evaluation.curves
    qtbot.waitUntil(lambda: assert_written(tmp_path / "report.csv"), timeout=60_000)
    table = (tmp_path / "report.csv").read_text(encoding="utf-8-sig")
    assert "disturbance" not in table  # the report's own settings


def assert_listed(panel) -> None:
    assert panel.chosen_model is not None


def assert_measured(presenter) -> None:
    assert presenter.evaluation is not None


@pytest.mark.process
def test_a_second_report_comes_after_the_first(root, qtbot, data, model, tmp_path):
    for name in ("one.json", "two.json"):
        root.evaluation.report_on(model, str(data))
        answer(root, tmp_path / name).deleteLater()
        qtbot.waitUntil(lambda: assert_no_dialog(root))
    assert "comes after" in root.window.status_text
    for name in ("one.json", "two.json"):
        qtbot.waitUntil(lambda name=name: assert_written(tmp_path / name), timeout=60_000)


def assert_no_dialog(root) -> None:
    assert root.window.findChild(QFileDialog) is None


@pytest.mark.process
def test_a_report_that_is_stopped_writes_nothing(root, qtbot, data, model, tmp_path):
    root.evaluation.report_on(model, str(data))
    answer(root, tmp_path / "report.html")
    root.evaluation._run_reports.stop()
    assert root.window.status_text == "No report is written."
    qtbot.waitUntil(lambda: assert_no_child(root.evaluation._run_reports.runner), timeout=30_000)
    assert not (tmp_path / "report.html").exists()


def assert_no_child(runner) -> None:
    assert not runner._children


def test_a_report_on_a_model_that_was_deleted_is_a_sentence_and_no_dialog(root, tmp_path):
    root.evaluation.report_on(tmp_path / "models" / "gone.keras", "mnist")
    assert root.window.status_text == (
        "The file of gone is gone, so it can't be measured; if it was deleted, Models can bring it"
        " back."
    )
    assert root.window.findChild(QFileDialog) is None


def test_data_for_training_alone_is_replaced_by_its_test(root, model):
    root.evaluation.report_on(model, "bundled-mix")
    assert "lesson on MNIST" in root.window.findChild(QFileDialog).windowTitle()


def answer_questions(monkeypatch, *, stops: bool) -> list[OpenWork]:
    """Answer each question at the end of the window; return what was asked."""
    asked: list[OpenWork] = []

    def answer(work: OpenWork, _parent: object = None) -> bool:
        asked.append(work)
        return stops

    monkeypatch.setattr(CloseDialog, "ask", answer)
    return asked


@pytest.mark.process
def test_a_window_with_a_report_in_work_asks_before_it_closes(
    root, qtbot, data, model, tmp_path, monkeypatch
):
    asked = answer_questions(monkeypatch, stops=False)
    for name in ("one.json", "two.json"):
        root.evaluation.report_on(model, str(data))
        answer(root, tmp_path / name).deleteLater()
        qtbot.waitUntil(lambda: assert_no_dialog(root))
    assert not root.window.close()
    assert asked[0].text == "2 reports are not written yet."
    assert asked[0].consequence.endswith("gives up one.json, two.json.")
    for name in ("one.json", "two.json"):  # they go on
        qtbot.waitUntil(lambda name=name: assert_written(tmp_path / name), timeout=60_000)
    qtbot.waitUntil(lambda: assert_no_order(root), timeout=60_000)
    assert root.window.close()
    assert len(asked) == 1


def assert_no_order(root) -> None:
    assert not root.evaluation._run_reports.orders


@pytest.mark.process
def test_a_window_that_measures_asks_before_it_closes(root, qtbot, data, monkeypatch):
    asked = answer_questions(monkeypatch, stops=True)
    root.window.show_lens("test")
    panel, presenter = root.evaluation.panel, root.evaluation.presenter
    qtbot.waitUntil(lambda: assert_listed(panel), timeout=60_000)
    panel.data.add(str(data))
    panel.measure.click()
    assert presenter.is_measuring
    assert root.window.close()
    assert [work.text for work in asked] == ["Test is still measuring."]
    qtbot.waitUntil(lambda: assert_no_child(presenter.runner), timeout=30_000)


@pytest.mark.process
def test_what_would_end_with_a_run_is_named_in_its_question_and_asked_about_once(
    root, data, model, tmp_path, monkeypatch
):
    asked = answer_questions(monkeypatch, stops=True)
    root.evaluation.report_on(model, str(data))
    answer(root, tmp_path / "one.json").deleteLater()
    root.window.show_lens("test")
    root.evaluation.presenter.measure()
    if not root.evaluation.presenter.is_measuring:  # the models are still being listed
        root.evaluation.panel.show_models(
            [ModelEntry("lesson", model, file_sha256(model))], file_sha256(model)
        )
        root.evaluation.presenter.measure()
    texts = [work.text for work in root.window.open_work]
    assert texts == ["Test is still measuring.", "A report is not written yet."]
    root.window.work_given_up.emit()
    assert root.window.open_work == []
    assert root.window.close()
    assert asked == []
