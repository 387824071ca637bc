"""The whole window, put together."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget

import model.recognizer
from app.application import build
from app.main_window import MainWindow
from app.settings import SettingsFile
from app.style.theme import DARK

SEVEN = [(60, 60), (140, 60), (220, 60), (180, 150), (140, 260)]


@pytest.fixture
def make_window(qtbot):
    """Build windows as the program does, and close them at the end."""

    def make(*arguments: str) -> MainWindow:
        _, window = build(["digitpad", *arguments])
        qtbot.addWidget(window)
        window.show()
        qtbot.waitExposed(window)
        return window

    return make


needs_bundled_network = pytest.mark.skipif(
    not model.recognizer.BUNDLED_MODEL.with_suffix(".tflite").exists(),
    reason="needs the bundled network in assets/",
)


@needs_bundled_network
def test_a_drawn_seven_is_a_seven_before_the_pen_is_up(make_window, qtbot):
    window = make_window()
    pad = window.drawing_pad
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(*SEVEN[0]))
    for place in SEVEN[1:]:
        QTest.mouseMove(pad, QPoint(*place))
    qtbot.waitUntil(lambda: _assert_title(window, "7 — Digitpad"))
    assert window.answer_panel.digit.text == "7"


def _assert_title(window: MainWindow, title: str) -> None:
    assert window.windowTitle() == title


@pytest.mark.parametrize("damage", ["missing", "empty", "cut"])
def test_without_its_network_the_window_says_so_and_lives(
    make_window, qtbot, tmp_path, monkeypatch, damage
):
    for suffix in (".tflite", ".json"):
        source = model.recognizer.BUNDLED_MODEL.with_suffix(suffix)
        if damage != "missing" and source.exists():
            data = source.read_bytes()
            (tmp_path / f"digits{suffix}").write_bytes(data[: len(data) // 2 * (damage == "cut")])
    monkeypatch.setattr(model.recognizer, "BUNDLED_MODEL", tmp_path / "digits.keras")
    window = make_window()
    qtbot.waitUntil(lambda: _assert_says(window, "Install Digitpad again"))
    window.drawing_pad.set_strokes([SEVEN])
    assert window.answer_panel.ink.ink.any()
    assert window.answer_panel.digit.text == ""


def _assert_says(window: MainWindow, words: str) -> None:
    assert words in window.status_text


def test_the_window_remembers(make_window):
    window = make_window()
    window.resize(780, 600)  # within the screen of the offscreen platform
    window.drawing_pad.set_pen_width(9)
    window.theme_chosen.emit("dark")
    window.close()
    again = make_window()
    assert (again.width(), again.height()) == (780, 600)
    assert again.drawing_pad.pen_width == 9
    assert again.drawing_pad.palette().color(QPalette.ColorRole.Base) == QColor(DARK.paper)
    again.theme_chosen.emit("system")


def test_a_window_that_never_closes_has_its_settings_written(make_window, qtbot):
    window = make_window()
    window.theme_chosen.emit("dark")
    qtbot.waitUntil(lambda: _assert_theme("dark"))
    window.theme_chosen.emit("system")


def _assert_theme(name: str) -> None:
    assert SettingsFile().settings.theme == name


def test_settings_that_can_not_be_written_are_said_once(make_window, qtbot, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DIGITPAD_SETTINGS", str(tmp_path / "file" / "settings"))
    monkeypatch.setattr("app.application.SAVE_DELAY_MS", 1)
    window = make_window()
    window.theme_chosen.emit("dark")
    qtbot.waitUntil(lambda: _assert_says(window, "can't be kept"))
    window.say("")
    window.theme_chosen.emit("system")
    qtbot.wait(50)
    assert window.status_text == ""


def test_the_answer_is_copied_as_text_and_that_is_said(make_window):
    window = make_window()
    copy = window.actions_by_name["copy"]
    assert not copy.isEnabled()
    seven = [(60.0, 40.0), (200.0, 40.0), (120.0, 240.0)]
    window.drawing_pad.set_strokes([seven])
    assert copy.isEnabled()
    copy.trigger()
    assert QGuiApplication.clipboard().text() == window.answer_panel.digit.text == "7"
    assert window.status_text == "Copied: 7"


def test_the_button_beside_the_answer_and_the_menu_open_explain(make_window, qtbot):
    window = make_window()
    button = window.answer_panel.findChild(QToolButton, "why")
    assert not button.isEnabled()  # nothing is answered yet
    window.drawing_pad.set_strokes([[(60.0, 40.0), (200.0, 40.0), (120.0, 240.0)]])
    qtbot.waitUntil(button.isEnabled)
    for press in (button.click, window.actions_by_name["why"].trigger):
        window.show_pad_alone()
        press()
        assert window.open_lens == "explain"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_that_takes_the_focus_shows_it_by_a_ring_of_two_pixels(
    make_window, qtbot, theme
):
    window = make_window()
    window.theme_chosen.emit(theme)
    with qtbot.waitActive(window):  # no ring is painted before
        window.activateWindow()
    without: list[str] = []
    for lens in window.lenses.names:
        window.show_lens(lens)
        qtbot.waitUntil(lambda lens=lens: _assert_filled(window, lens))
        for widget in _tab_stops(window):
            pad, tabs = window.drawing_pad, window.lenses.tabBar()
            (tabs if widget is pad else pad).setFocus()
            before = _pixels(window, widget)
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            changed = (_pixels(window, widget) != before).any(axis=2)
            if changed.sum() < 2 * min(changed.shape):
                without.append(f"{type(widget).__name__} {widget.objectName()}")
    window.theme_chosen.emit("system")
    assert without == []


def _assert_filled(window: MainWindow, lens: str) -> None:
    assert window.lenses.page(lens).content is not None


def _tab_stops(window: MainWindow) -> list[QWidget]:
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and not widget.visibleRegion().isEmpty()
    ]


def _pixels(window: MainWindow, widget: QWidget) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows.reshape(image.height(), -1, 4)[:, :, :3].copy()


def test_damaged_settings_are_said_and_the_window_opens(make_window, monkeypatch):
    folder = Path(os.environ["DIGITPAD_SETTINGS"])
    folder.mkdir(parents=True)
    (folder / "settings.json").write_bytes(b"{{{")
    window = make_window()
    assert "damaged" in window.status_text
    window.close()
    assert SettingsFile().complaint == ""


def test_a_home_that_can_not_be_written_hurts_nobody(make_window, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DIGITPAD_SETTINGS", str(tmp_path / "file" / "settings"))
    window = make_window()
    assert window.close()
    assert "can't be kept" in capsys.readouterr().err


def test_a_file_named_on_the_command_line_is_opened(make_window, qtbot, tmp_path):
    path = tmp_path / "seven.json"
    path.write_text(json.dumps({"strokes": [SEVEN]}))
    window = make_window(str(path))
    qtbot.waitUntil(lambda: _assert_strokes(window, 1))


def _assert_strokes(window: MainWindow, count: int) -> None:
    assert len(window.drawing_pad.strokes()) == count


def test_a_file_that_is_not_there_is_said(make_window, qtbot, tmp_path):
    window = make_window(str(tmp_path / "gone.png"))
    qtbot.waitUntil(lambda: _assert_says(window, "gone.png"))


OPENING_PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from app.application import build

application, window = build(sys.argv)
window.open_requested.disconnect()
window.open_requested.connect(lambda path: print(path.name))
window.first_painted.connect(lambda: QTimer.singleShot(0, application.quit))
window.show()
sys.exit(application.exec())
"""


@pytest.mark.parametrize("files", [[], ["seven.json"]])
def test_the_value_of_an_option_of_qt_is_no_file(files):
    command = [sys.executable, "-c", OPENING_PROGRAM, "-platform", "offscreen", *files]
    child = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert child.returncode == 0, child.stderr
    assert child.stdout.split() == files


def test_saving_says_so_and_remembers_the_folder(make_window, qtbot, tmp_path):
    window = make_window()
    window.drawing_pad.set_strokes([SEVEN])
    window.save_requested.emit(tmp_path / "seven.svg")
    assert window.status_text == "Saved as seven.svg."
    window.close()
    assert SettingsFile().settings.save_folder == str(tmp_path)


PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from app.application import build

application, window = build(["digitpad"])
window.show()

def look():
    window.drawing_pad.set_strokes([[(60, 60), (220, 60), (140, 260)]])
    heavy = {"tensorflow", "keras", "pyqtgraph", "pooch", "rich", "h5py", "scipy", "sqlite3"}
    heavy |= {"app.drawing.writing_hint", "model.recipes"}
    features = ("explain", "inside", "training", "evaluation", "hand", "models", "help", "child")
    late = tuple(f"app.{name}." for name in features)
    at_once = {f"app.{name}.feature" for name in features}
    at_once |= {"app.models.library", "app.hand.corrections"}
    waiting = {name for name in sys.modules if name.startswith(late)}
    title = window.windowTitle().encode("ascii", "replace").decode()
    print(title, sorted(heavy & set(sys.modules)), sorted(waiting - at_once))
    application.quit()

window.first_painted.connect(lambda: QTimer.singleShot(0, look))
sys.exit(application.exec())
"""


@needs_bundled_network
def test_the_window_recognises_without_tensorflow_and_loads_nothing_it_does_not_show():
    child = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120, check=False
    )
    assert child.returncode == 0, child.stderr
    assert child.stdout.strip() == "7 ? Digitpad [] []"
