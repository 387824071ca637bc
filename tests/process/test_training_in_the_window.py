"""The real window with the real child: what was trained is used, and nothing is left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.training.live_preview import LEARNING
from app.training.outcome import Ending
from app.widgets.close_dialog import CloseDialog
from tests.process.desk import PATIENCE_MS, Desk

pytestmark = pytest.mark.process

PROJECT = Path(__file__).resolve().parents[2]
BAR = [[(0.0, 0.0), (0.0, 100.0)]]

OPENED_LENS = """
import sys
from app.application import Application, build

application, window = build(["digitpad"])
window.show()
root = next(child for child in window.children() if isinstance(child, Application))
window.show_lens("train")
room = root.training
while room.panel is None:
    application.processEvents()
"""

KILLED_WINDOW = """
room.panel.form.dataset.add(sys.argv[1])
room.panel.form.editor("epochs").set_value(1000)
room.panel.foot.train_button.click()


def tell(event):
    if type(event).__name__ == "EpochFinished" and event.figures.epoch == 3:
        print(room.presenter.process.process_id, flush=True)


room.presenter.process.event_received.connect(tell)
application.exec()
"""

WINDOW_KILLED_AFTERWARDS = """
room.panel.form.show_recipe("dense128")
room.panel.form.dataset.add(sys.argv[1])
room.presenter.run_ended.connect(lambda _: room.panel.result.use_new.click())
room.panel.foot.train_button.click()


def tell(result):
    if root.settings_file.settings.model_file and not root.settings_file.save():
        print(root.current_model.value.name, flush=True)


root.current_model.changed.connect(tell)
application.exec()
"""


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended, also where nobody has asked for its exit code yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    command = ["ps", "-o", "stat=", "-p", str(pid)]
    state = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return state == "" or state.startswith("Z")


def models_left() -> list[str]:
    return sorted(path.name for path in Path(os.environ["DIGITPAD_MODELS"]).iterdir())


def test_a_trained_network_is_used_and_the_one_before_comes_back(desk: Desk) -> None:
    window = desk.window
    before = desk.root.current_model.value
    window.drawing_pad.set_strokes(BAR)
    desk.train(epochs=20, batch_size=8)

    def follows() -> None:
        answer = window.answer_panel.answer
        assert answer is not None
        assert answer.source == LEARNING
        assert len(answer.class_names) == 2

    desk.wait_until(follows)
    desk.wait_until(desk.has_ended)
    assert desk.outcomes[0].ending is Ending.FINISHED, desk.outcomes[0].detail()
    assert desk.root.current_model.value is before
    desk.qtbot.mouseClick(desk.panel.result.use_new, Qt.MouseButton.LeftButton)
    after = desk.root.current_model.value
    assert after is not None
    assert models_left() == [f"{after.name}.keras"]
    assert after.name.startswith("No convolution (Keras) ")
    answer = window.answer_panel.answer
    assert answer is not None
    assert (answer.label, answer.source) == ("0", "")
    assert "Test accuracy 100 % (bars.npz, 40 images)" in desk.panel.result.sentence.text()
    if before is not None:
        desk.qtbot.mouseClick(desk.panel.result.keep_old, Qt.MouseButton.LeftButton)
        assert desk.root.current_model.value is before
        assert len(window.answer_panel.answer.class_names) == 10


def test_going_on_starts_from_what_was_learnt(desk: Desk) -> None:
    desk.train(epochs=2, batch_size=8)
    desk.wait_until(desk.has_ended)
    first = desk.outcomes.pop()
    desk.qtbot.mouseClick(desk.panel.result.use_new, Qt.MouseButton.LeftButton)
    desk.panel.form.start_from.setCurrentIndex(1)
    desk.train(epochs=1, batch_size=400)
    desk.wait_until(desk.has_ended)
    assert first.finished is not None
    # One step on all images at once: what was right before is right from the first batch on.
    assert desk.panel.epochs.item(0, 2).text() == "100.00 %", desk.outcomes[0].detail()


@pytest.mark.posix
def test_a_killed_child_is_told(desk: Desk) -> None:
    pid = desk.train(epochs=1000, batch_size=4)
    before = desk.root.current_model.value

    def has_a_checkpoint() -> None:
        assert desk.panel.epochs.rowCount() > 2

    desk.wait_until(has_a_checkpoint)
    assert desk.presenter.process is not None
    with desk.qtbot.waitSignal(desk.presenter.process.run_ended, timeout=PATIENCE_MS):
        os.kill(pid, signal.SIGKILL)
    assert desk.outcomes[0].ending is Ending.KILLED
    assert "ended from outside (SIGKILL)" in desk.panel.result.sentence.text()
    assert desk.panel.result.offer.isVisible()
    assert desk.root.current_model.value is before


def test_a_closed_window_keeps_what_was_learnt_and_leaves_no_process(desk: Desk) -> None:
    pid = desk.train(epochs=1000, batch_size=4)

    def press_stop() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, CloseDialog):
            dialog.stop_button.click()
        else:
            QTimer.singleShot(5, press_stop)

    QTimer.singleShot(0, press_stop)
    assert not desk.window.close()

    def is_closed() -> None:
        assert not desk.window.isVisible()

    desk.wait_until(is_closed)
    assert is_gone(pid)
    (kept,) = models_left()
    assert kept.startswith("No convolution (Keras) ")
    assert kept.endswith(".keras")
    assert desk.outcomes[0].ending is Ending.STOPPED


def test_a_window_that_is_killed_leaves_no_process_and_loses_no_epoch(
    make_desk: Callable[[], Desk], qtbot: QtBot, data: Path
) -> None:
    window = subprocess.Popen(
        [sys.executable, "-c", OPENED_LENS + KILLED_WINDOW, str(data)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with window:
        assert window.stdout is not None
        try:
            pid = int(window.stdout.readline())
            assert not is_gone(pid)
        finally:
            window.kill()

    def child_is_gone() -> None:
        assert is_gone(pid)

    qtbot.waitUntil(child_is_gone, timeout=PATIENCE_MS)
    next_one = make_desk()
    assert "was interrupted after epoch" in next_one.panel.result.sentence.text()
    qtbot.mouseClick(next_one.panel.result.offer, Qt.MouseButton.LeftButton)
    epochs = next_one.panel.epochs
    before = epochs.rowCount()  # those of the window that was killed
    assert before >= 2

    def has_another() -> None:
        assert epochs.rowCount() > before

    next_one.wait_until(has_another)
    numbers = [int(epochs.item(row, 0).text().split()[-1]) for row in range(before + 1)]
    assert numbers == list(range(1, before + 2))


def test_a_trained_model_answers_again_after_its_window_was_killed(
    make_desk: Callable[[], Desk], data: Path
) -> None:
    window = subprocess.Popen(
        [sys.executable, "-c", OPENED_LENS + WINDOW_KILLED_AFTERWARDS, str(data)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with window:
        assert window.stdout is not None
        try:
            name = window.stdout.readline().strip()
        finally:
            window.kill()
    assert name.startswith("No convolution (Keras) ")
    next_one = make_desk()
    next_one.wait_until(lambda: _assert_in_use(next_one, name))
    next_one.window.drawing_pad.set_strokes(BAR)
    answer = next_one.window.answer_panel.answer
    assert answer is not None
    assert (answer.label, len(answer.class_names)) == ("0", 2)

    (Path(os.environ["DIGITPAD_MODELS"]) / f"{name}.keras").unlink()
    last = make_desk()
    last.wait_until(lambda: _assert_in_use(last, "Digitpad network"))
    sentence = f"The file of {name} is gone; the Digitpad network answers instead."
    last.wait_until(lambda: _assert_says(last, sentence))


def _assert_in_use(desk: Desk, name: str) -> None:
    model = desk.root.current_model.value
    assert model is not None
    assert model.name == name


def _assert_says(desk: Desk, sentence: str) -> None:
    assert desk.window.status_text == sentence
