"""Words from files are plain text wherever the window shows them, and nothing in them is loaded."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractListModel
from PySide6.QtGui import QAction, Qt  # the one Qt that guesses about rich text
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QMenu,
    QTabBar,
    QWidget,
)

from app.application import Application, build
from app.drawing.images import image_of_strokes
from app.models.export_dialog import ExportDialog
from app.models.file_dialog import ModelFileDialog
from app.models.words import facts_of
from app.style.plain_text import TIP_LINE_LENGTH, PlainLabel, plain_tip, set_tip
from app.training.curve_plot import CurvePlot
from app.training.curves import CurveLegend
from app.widgets.bug_dialog import BugDialog
from app.widgets.shortcuts_page import ShortcutsPage
from model.files.paths import models_folder
from model.metadata import ModelMetadata, shown_name
from model.model_files.inspection import inspect_model_file
from model.model_files.model_file import (
    add_metadata,
    converted_model_path,
    file_sha256,
    write_converted_model,
)
from model.recognizer import BUNDLED_MODEL
from tests.app.planted_models import plant

pytestmark = pytest.mark.skipif(
    not BUNDLED_MODEL.with_suffix(".tflite").exists(),
    reason="needs the bundled network in assets/",
)

IMAGE = "<img src=x>"
BOLD = "<b>bold</b>"
BIDI = "\u202eabc\u2066def"
HOSTILE = f"{IMAGE}{BOLD}{BIDI}\x07"
FILE_HOSTILE = f"{IMAGE}<b>bold{BIDI}\x07"  # a slash is no part of a name

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


# ── the label, the tooltip and the name ──


def test_a_label_shows_markup_as_it_is(qtbot):
    label = PlainLabel(IMAGE)
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == IMAGE
    label.setText(f"two\nlines{BIDI}")
    assert label.text() == "two\nlinesabcdef"


@pytest.mark.parametrize("text", [IMAGE, BOLD, "&lt;b&gt;", "a < b & c\nd", "plain"])
def test_a_tooltip_shows_exactly_its_text(text):
    assert shown_by_tip(plain_tip(text)) == text


def test_a_tooltip_has_no_markup_but_its_own(qtbot):
    action = QAction("words")
    set_tip(action, HOSTILE)
    assert "<img" not in action.toolTip()
    assert "<b>" not in action.toolTip()
    assert shown_by_tip(action.toolTip()) == f"{IMAGE}{BOLD}abcdef"


def test_a_long_tooltip_is_cut():
    assert shown_by_tip(plain_tip("<" * 100_000)).count("<") == 2000


def test_a_long_line_of_a_tooltip_is_several():
    text = "Each of these words is short, and together they are wider than the pad. " * 3
    lines = shown_by_tip(plain_tip(f"{text}\nThe end")).split("\n")
    assert max(map(len, lines)) <= TIP_LINE_LENGTH
    assert lines[-1] == "The end"
    assert " ".join(lines[:-1]) == text.strip()


@pytest.mark.parametrize(
    ("name", "shown"),
    [("mine", "mine"), (BIDI, "abcdef"), ("\x07", "?"), ("a" * 70 + "b" * 30, None)],
)
def test_a_name_is_shown_whole_or_without_its_middle(name, shown):
    if shown is not None:
        assert shown_name(name) == shown
    else:
        assert len(shown_name(name)) == 60
        assert shown_name(name).startswith("aaa")
        assert shown_name(name).endswith("bbb")
        assert "…" in shown_name(name)


# ── the window ──


class Window:
    """The built window with each of its lenses and dialogs, and what a stranger has named."""

    def __init__(self, qtbot, tmp_path: Path) -> None:
        self.folder = tmp_path
        self.model = models_folder() / f"{FILE_HOSTILE}.keras"
        plant_hostile(self.model)
        self.recent = tmp_path / f"{FILE_HOSTILE}.keras"
        plant_hostile(self.recent)
        _, self.window = build(["digitpad"])
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.root = next(c for c in self.window.children() if isinstance(c, Application))
        for name in self.window.lenses.names:
            self.window.show_lens(name)
            qtbot.waitUntil(lambda name=name: _assert_filled(self.window, name), timeout=60_000)
        qtbot.waitUntil(lambda: _assert(self.root.current_model.value is not None))

    def open_and_compare(self, qtbot) -> None:
        """Let the stranger's model answer, beside the same one from elsewhere."""
        self.window.open_requested.emit(self.recent)
        qtbot.waitUntil(lambda: _assert("bold" in self.root.current_model.value.name))
        self.root.models.open_file(self.model, then=self.root.models.comparison.compare)
        qtbot.waitUntil(lambda: _assert(self.root.models.comparison.model is not None))
        self.window.drawing_pad.set_strokes([[(60, 60), (220, 60), (140, 260)]])

    def open_menus(self, qtbot) -> None:
        for menu in self.window.findChildren(QMenu):
            menu.aboutToShow.emit()
        qtbot.waitUntil(lambda: _assert("bold" in self.window.model_menu.actions()[1].text()))

    def open_dialogs(self) -> None:
        summary = inspect_model_file(self.model)
        dialog = ModelFileDialog(shown_name(self.model.name), self.window)
        dialog.show_facts(facts_of(summary), [HOSTILE], summary.layers)
        dialog.show_failure(HOSTILE)
        ExportDialog(self.root.current_model.value.name, parent=self.window).show()
        BugDialog(HOSTILE, HOSTILE, self.window).show()
        ShortcutsPage([(HOSTILE, [(HOSTILE, HOSTILE)])], self.window).show()
        dialog.show()


def plant_hostile(path: Path) -> None:
    """Put a model file at a path whose record holds markup in every text."""
    plant(path, is_known=False)
    record = ModelMetadata(
        class_names=tuple(f"{number}{HOSTILE}" for number in range(10)),
        recipe={"name": HOSTILE, "title": HOSTILE},
        dataset=HOSTILE,
        dataset_sha256=HOSTILE,
        began_with=HOSTILE,
        began_with_name=HOSTILE,
        device=HOSTILE,
        versions={HOSTILE: HOSTILE},
        test_accuracy=0.5,
    )
    add_metadata(path, record)
    litert = BUNDLED_MODEL.with_suffix(".tflite").read_bytes()
    sha256 = file_sha256(path)
    write_converted_model(converted_model_path(sha256), litert, record, source_sha256=sha256)


@pytest.fixture
def scene(qtbot, tmp_path) -> Window:
    return Window(qtbot, tmp_path)


def test_nothing_that_a_stranger_has_named_is_painted_as_rich_text(scene, qtbot, capsys):
    scene.open_and_compare(qtbot)
    scene.open_menus(qtbot)
    scene.open_dialogs()
    shown = texts_of(scene.window)
    assert sum("bold" in text for text in shown) > 10  # the names have come to where they are seen
    faults = sorted({*rich_labels(scene.window), *rich_tips(scene.window)})
    assert not faults, "\n".join(faults)
    controls = [repr(text) for text in shown if CONTROL.search(text)]
    assert not controls, "\n".join(controls)
    scene.window.grab()  # paints, so whatever were loaded would be loaded now


def test_a_picture_is_named_without_markup(scene, qtbot):
    drawing = scene.window.drawing_pad
    drawing.set_strokes([[(60, 60), (220, 60), (140, 260)]])
    path = scene.folder / f"{FILE_HOSTILE}.png"
    assert image_of_strokes(drawing.drawing).save(str(path))
    scene.window.open_requested.emit(path)
    caption = drawing.drawing.picture.caption
    assert IMAGE in caption
    assert not CONTROL.search(caption)


@pytest.mark.parametrize("suffix", [".png", ".json", ".keras", ".txt"])
def test_a_file_that_can_not_be_opened_is_named_without_markup(scene, qtbot, suffix):
    path = scene.folder / f"{FILE_HOSTILE}-bad{suffix}"
    path.write_bytes(b"nothing of use")
    scene.window.open_requested.emit(path)

    def is_said() -> None:
        dialogs = scene.window.findChildren(ModelFileDialog)
        _assert(scene.window.status_text or dialogs)
        _assert(all(dialog.cancel_button.text() == "Close" for dialog in dialogs))

    qtbot.waitUntil(is_said, timeout=60_000)
    faults = sorted({*rich_labels(scene.window), *rich_tips(scene.window)})
    assert not faults, "\n".join(faults)
    assert not [text for text in texts_of(scene.window) if CONTROL.search(text)]
    for dialog in scene.window.findChildren(ModelFileDialog):
        dialog.reject()


def test_data_are_named_without_markup(scene):
    path = scene.folder / f"{FILE_HOSTILE}.npz"
    path.write_bytes(b"nothing of use")
    scene.window.open_requested.emit(path)
    dataset = scene.root.training.panel.form.dataset
    assert dataset.chosen == str(path)
    assert dataset.currentText() == f"{IMAGE}<b>boldabcdef.npz"
    assert not sorted(rich_tips(scene.window))


def test_every_label_of_the_window_is_plain(scene):
    scene.open_dialogs()
    assert not sorted(rich_labels(scene.window))


# ── what is looked at ──


def _assert(condition: object) -> None:
    assert condition


def _assert_filled(window, name: str) -> None:
    assert window.lenses.page(name).content is not None


def rich_labels(window: QWidget) -> Iterator[str]:
    """Yield labels that Qt may take for markup; a legend of the program's own may be coloured."""
    for label in _all_widgets(window, QLabel):
        if label.textFormat() is Qt.TextFormat.PlainText or _is_legend(label):
            continue
        yield f"label {label.objectName() or type(label).__name__}: {label.text()!r}"


def _is_legend(label: QLabel) -> bool:
    """Whether a label is one of the curves' own, whose marks and figures have colours."""
    is_legend = isinstance(label, CurveLegend) or isinstance(label.parentWidget(), CurvePlot)
    return is_legend and label.textFormat() is Qt.TextFormat.RichText


def rich_tips(window: QWidget) -> Iterator[str]:
    """Yield tooltips that hold markup beside the frame of `plain_tip`."""
    for where, tip in _tips(window):
        is_framed = tip.startswith("<span>")
        inside = re.sub(r"^<span>|</span>$|<br>", "", tip)
        if "<" in inside or (Qt.mightBeRichText(tip) and not is_framed):
            yield f"tooltip of {where}: {tip!r}"


def texts_of(window: QWidget) -> list[str]:
    """Return the texts of labels, buttons, menus, lists and tooltips, as they are seen."""
    texts = [shown_by_tip(tip) for _, tip in _tips(window)]
    for widget in _all_widgets(window, QWidget):
        texts += [value() for value in (getattr(widget, "text", None),) if callable(value)]
        texts += [action.text() for action in widget.actions()]
        texts += [widget.windowTitle(), widget.accessibleName()]
    for view in _all_widgets(window, QAbstractItemView):
        texts += [str(value) for value in _items(view, Qt.ItemDataRole.DisplayRole)]
    return [text for text in texts if isinstance(text, str)]


def shown_by_tip(tip: str) -> str:
    if not tip.startswith("<span>"):
        return tip
    return unescape(tip.removeprefix("<span>").removesuffix("</span>").replace("<br>", "\n"))


def _tips(window: QWidget) -> Iterator[tuple[str, str]]:
    for widget in _all_widgets(window, QWidget):
        yield widget.objectName() or type(widget).__name__, widget.toolTip()
        for action in widget.actions():
            if not isinstance(widget, QMenu) or widget.toolTipsVisible():
                yield f"action {action.text()!r}", action.toolTip()
    for bar in _all_widgets(window, QTabBar):
        yield from (("tab", bar.tabToolTip(index)) for index in range(bar.count()))
    for view in _all_widgets(window, QAbstractItemView):
        for value in _items(view, Qt.ItemDataRole.ToolTipRole):
            yield f"item of {view.objectName()}", str(value)
    for box in _all_widgets(window, QComboBox):
        for index in range(box.count()):
            tip = box.itemData(index, Qt.ItemDataRole.ToolTipRole)
            yield f"item of {box.objectName()}", str(tip or "")


def _items(view: QAbstractItemView, role: Qt.ItemDataRole) -> Iterator[object]:
    model = view.model()
    if model is None:
        return
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for row in range(model.rowCount()):
        for column in range(columns):
            value = model.index(row, column).data(role)
            if value is not None:
                yield value


def _all_widgets(window: QWidget, kind: type) -> list:
    others = [w for w in QApplication.topLevelWidgets() if w is not window]
    found = [*window.findChildren(kind), *(w for w in others if isinstance(w, kind))]
    return [*found, *([window] if isinstance(window, kind) else [])]
