"""The real window and the real child: a stranger's file is looked into, asked about and used."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.application import Application, build
from app.models.export_dialog import export_kinds
from model.pixel_ranges import PIXELS
from model.recognizer import Recognizer
from tests.hostile_models import MARKER_NAME, hostile_files
from tests.made_models import archive, good_config

pytestmark = pytest.mark.process

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_MS = 100_000
"""What a busy machine may need to start Keras and convert."""

EVERY = 9
"""All hostile files are opened elsewhere, one by one; here some of them, in the window."""

SEVEN = [[(60.0, 60.0), (220.0, 60.0), (140.0, 260.0)]]

KILLED_WINDOW = """
import sys
from pathlib import Path
from app.application import Application, build

application, window = build(["digitpad"])
window.show()
root = next(child for child in window.children() if isinstance(child, Application))
opening = root.models.opening
opening.open_file(Path(sys.argv[1]), then=print)
while opening.dialog is None or not opening.dialog.use_button.isEnabled():
    application.processEvents()
opening.dialog.use_button.click()
opening.runner.process.event_received.connect(
    lambda _: (print(opening.runner.process.process_id, flush=True), window.close())
)
application.exec()
"""


class Desk:
    """The window and what opens files in it."""

    def __init__(self, qtbot: QtBot) -> None:
        _, self.window = build(["digitpad"])
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.root = next(c for c in self.window.children() if isinstance(c, Application))
        self.feature = self.root.models
        self._qtbot = qtbot
        self.until(lambda: self.root.current_model.value is not None)

    def until(self, condition: Callable[[], object]) -> None:
        def holds() -> None:
            assert condition()

        self._qtbot.waitUntil(holds, timeout=PATIENCE_MS)

    def is_answering(self, name: str) -> bool:
        return (
            self.root.current_model.value is not None and self.root.current_model.value.name == name
        )


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    """A file that does not say which pixels its network wants."""
    config = good_config()
    layers = config["config"]["layers"]
    layers[:] = [layer for layer in layers if layer["class_name"] != "Rescaling"]
    path = tmp_path / "stranger.keras"
    path.write_bytes(archive(config))
    return path


def test_a_file_is_asked_about_used_known_and_exported(
    desk: Desk, stranger: Path, tmp_path: Path
) -> None:
    desk.window.drawing_pad.set_strokes(SEVEN)
    desk.window.open_requested.emit(stranger)
    desk.until(lambda: desk.feature.opening.dialog is not None)
    dialog = desk.feature.opening.dialog
    desk.until(lambda: dialog.use_button.isEnabled())
    assert dialog.facts.layers.table.rowCount() == 4
    dialog.use_button.click()
    desk.until(lambda: dialog.choices)
    assert len(dialog.choices) == len(PIXELS)
    assert desk.is_answering("Digitpad network")
    dialog.use_button.click()
    desk.until(lambda: desk.is_answering("stranger"))
    assert desk.window.answer_panel.digit.text

    desk.feature._use_bundled()
    assert desk.is_answering("Digitpad network")
    desk.window.open_requested.emit(stranger)
    desk.until(lambda: desk.is_answering("stranger"))

    exports = desk.feature.exports
    exports.ask_for_format()
    desk.until(lambda: exports.dialog is not None)
    out = tmp_path / "out" / "stranger.tflite"
    exports.export(desk.root.current_model.value, stranger, export_kinds()[0], out)
    desk.until(lambda: exports.dialog.export_button.isEnabled())
    assert "no probability differs by more than" in exports.dialog.sentence.text()
    assert Recognizer.from_files(out).metadata.input_format.scale in {
        form.scale for form in PIXELS.values()
    }
    exports.dialog.reject()


def _has_failed(desk: Desk) -> bool:
    """Whether the dialog says why the file is refused."""
    dialog = desk.feature.opening.dialog
    return dialog is not None and dialog.cancel_button.text() == "Close"


def test_hostile_files_are_refused_and_change_nothing(desk: Desk, tmp_path: Path) -> None:
    answering = desk.root.current_model.value
    marker = tmp_path / MARKER_NAME
    files = [file for file in hostile_files(marker) if file.name.endswith((".keras", ".h5"))]
    for file in files[::EVERY]:
        path = tmp_path / file.name
        path.write_bytes(file.data)
        desk.window.say("")
        desk.window.open_requested.emit(path)
        desk.until(lambda: desk.window.status_text or _has_failed(desk))
        if desk.feature.opening.dialog is not None:
            desk.feature.opening.dialog.reject()
        assert desk.root.current_model.value is answering
    assert not marker.exists()


def test_a_window_that_closes_leaves_no_child(stranger: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED_WINDOW, str(stranger)],
        cwd=PROJECT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_MS / 1000,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout.split()[0]), signal.SIGTERM)
