"""The layout: it comes to rest at every width, nothing overlaps, and no text is cut."""

from itertools import combinations

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QTabBar,
    QToolButton,
    QWidget,
)

from app.application import Application, build
from app.main_window import MainWindow
from app.recognition.answer_words import Answer
from app.style.theme import apply_theme
from app.widgets.fitting_label import FittingLabel
from model.files.paths import models_folder
from model.recognizer import BUNDLED_MODEL
from model.verdicts import Verdict
from tests.app.planted_models import plant

pytestmark = pytest.mark.skipif(
    not BUNDLED_MODEL.with_suffix(".tflite").exists(),
    reason="needs the bundled network in assets/",
)

LONG_NAME = "the network of a colleague " * 4
WIDTHS_PX = (300, 760, 790, 870, 900, 990, 1060, 1120, 1250, 1400)
SIZES_PX = ((640, 520), (900, 600), (1120, 720), (1600, 1000))
MOST_EVENTS = 400
"""For one change; about a hundred come when a panel is first laid out."""


class LayoutEvents(QObject):
    """Counts layouts and resizes, and ends a layout that would never end by itself."""

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self.count = 0
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        is_request = event.type() == QEvent.Type.LayoutRequest
        self.count += is_request or event.type() == QEvent.Type.Resize
        return is_request and self.count > MOST_EVENTS

    def of(self, change) -> int:
        self.count = 0
        change()
        QApplication.processEvents()
        return self.count


@pytest.fixture
def make_window(qtbot):
    return lambda: _window(qtbot)


def _window(qtbot) -> MainWindow:
    """Return a window in which a model with a long name answers beside the one in use."""
    path = models_folder() / f"{LONG_NAME.strip()}.keras"
    plant(path)
    _, window = build(["digitpad"])
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    root = next(child for child in window.children() if isinstance(child, Application))
    for name in window.lenses.names:
        window.show_lens(name)
        qtbot.waitUntil(lambda name=name: _assert_filled(window, name))
    root.models.panel.choose(str(path))
    root.models.panel.compare_button.click()
    return window


def _assert_filled(window: MainWindow, name: str) -> None:
    assert window.lenses.page(name).content is not None


@pytest.fixture
def fonts(qapp):
    """Sets the application's font, and sets it back at the end."""
    before = qapp.font()

    def set_pixels(pixels: float) -> None:
        font = qapp.font()
        font.setPixelSize(round(pixels))
        qapp.setFont(font)
        apply_theme(qapp, "light")

    yield set_pixels
    qapp.setFont(before)
    apply_theme(qapp, "system")


@pytest.mark.parametrize("lens", ["", "models", "train"])
@pytest.mark.parametrize("pixels", [13, 26])
def test_the_layout_comes_to_rest_at_every_width(make_window, qapp, fonts, lens, pixels):
    fonts(pixels)
    window = make_window()
    events = LayoutEvents(qapp)
    counts = [events.of(lambda: window.show_lens(lens) if lens else window.show_pad_alone())]
    counts += [
        events.of(lambda width=width: window.resize(width, 600))
        for width in (*WIDTHS_PX, *reversed(WIDTHS_PX))
    ]
    assert max(counts) < MOST_EVENTS
    rests = [events.of(lambda: None) for _ in range(8)]  # a scroll bar may still be on its way
    assert rests[-1] == 0


ANSWERS = {
    "certain": (Verdict.DIGIT, "This is a 7"),
    "unsure": (Verdict.UNSURE, "7 or 1?"),
    "not a digit": (Verdict.NOT_A_DIGIT, "This does not look like a digit"),
    "pseudo": (
        Verdict.UNSURE,
        "[Ðîés šîéht gár nîcht nách éîner Zîffer áus]",
    ),
}


@pytest.mark.parametrize("scale", [1, 1.5, 2])
@pytest.mark.parametrize("size", SIZES_PX)
def test_nothing_overlaps_and_no_text_is_cut(make_window, qtbot, fonts, size, scale):
    fonts(13 * scale)
    window = make_window()
    window.setMinimumSize(*size)  # the platform's screen has room for no larger one
    window.resize(*size)
    for lens in ("", *window.lenses.names):
        window.show_lens(lens) if lens else window.show_pad_alone()
        for verdict, sentence in ANSWERS.values():
            _show(window, verdict, sentence)
            qtbot.waitUntil(lambda: _assert_faultless(window), timeout=60_000)


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("size", SIZES_PX)
def test_train_and_how_far_a_run_is_stay_in_sight(make_window, qtbot, fonts, size, scale):
    fonts(13 * scale)
    window = make_window()
    window.setMinimumSize(*size)
    window.resize(*size)
    window.show_lens("train")
    page = window.lenses.page("train")
    foot = page.content.foot
    _assert_in_sight(page, foot.train_button)
    page.content.show_beginning()
    qtbot.waitUntil(lambda: _assert_in_sight(page, foot.stop_button))
    qtbot.waitUntil(lambda: _assert_in_sight(page, foot.progress.bar))
    page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: _assert_in_sight(page, foot.stop_button))


def _assert_in_sight(page: QWidget, widget: QWidget) -> None:
    place = QRect(widget.mapTo(page, QPoint()), widget.size())
    assert page.rect().contains(place)
    assert widget.visibleRegion().boundingRect() == widget.rect()


def test_assistive_technology_is_told_the_name_of_every_control_of_every_lens(make_window):
    window = make_window()
    nameless = []
    for lens in window.lenses.names:
        window.show_lens(lens)
        nameless += [
            f"{lens}: {_named(widget)}" for widget in _controls(window) if _is_nameless(widget)
        ]
    assert not nameless, "\n".join(nameless)


def _controls(window: MainWindow) -> list[QWidget]:
    """Return what takes the focus; Qt's own parts of a control speak through it."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parent(), (QAbstractSpinBox, QComboBox))
        and not isinstance(widget, (QHeaderView, QAbstractScrollArea))
    ] + [table for table in window.findChildren(QAbstractItemView) if _is_own(table)]


def _is_own(view: QAbstractItemView) -> bool:
    return view.isVisible() and not isinstance(view, QHeaderView)


def _is_nameless(widget: QWidget) -> bool:
    told = QAccessible.queryAccessibleInterface(widget)
    return told is None or not told.text(QAccessible.Text.Name).strip()


def _assert_faultless(window: MainWindow) -> None:
    faults = sorted({*_overlaps(window), *_cut_texts(window), *_outside(window)})
    assert not faults, "\n".join([window.open_lens, *faults])


def _show(window: MainWindow, verdict: Verdict, sentence: str) -> None:
    names = tuple("0123456789")
    shares = tuple(0.9 if name == "7" else 0.1 if name == "1" else 0.0 for name in names)
    answer = Answer(verdict, sentence, names, shares, "7", "1", "still learning")
    window.answer_panel.show_wording(answer)
    window.answer_panel.show_probabilities(answer)


def _overlaps(window: MainWindow) -> list[str]:
    """Return which widgets of one parent lie over each other."""
    found = []
    for parent in _seen(window, QWidget):
        children = [
            child
            for child in parent.children()
            if isinstance(child, QWidget) and child.isVisible() and not _may_overlap(child)
        ]
        for one, other in combinations(children, 2):
            shared = one.geometry().intersected(other.geometry())
            if shared.width() > 1 and shared.height() > 1:
                found.append(f"{_named(one)} and {_named(other)} overlap by {shared.size()}")
    return found


def _may_overlap(widget: QWidget) -> bool:
    """A toast lies over the pad, and Qt's own parts over each other."""
    return (
        widget.objectName() == "toast"
        or widget.objectName().startswith("qt_")
        or isinstance(widget.parent(), (QScrollArea, QTabBar, QComboBox))
        or widget.isWindow()
    )


def _cut_texts(window: MainWindow) -> list[str]:
    found = []
    for label in _seen(window, QLabel):
        if isinstance(label, FittingLabel):
            if not label.fits():
                found.append(f"the sentence {label.text()!r} is cut in {label.size()}")
        elif label.text() and not _has_room(label):
            found.append(f"{label.text()!r} is cut in {label.size()}")
    for button in _seen(window, QAbstractButton):
        needed = _needed(button)
        if button.text() and button.width() < needed:
            found.append(f"the button {button.text()!r} is {button.width()} of {needed} wide")
    bar = window.lenses.tabBar()
    if bar.isVisible() and bar.sizeHint().height() > bar.height():
        found.append("the tabs are cut")
    return found


def _has_room(label: QLabel) -> bool:
    needed = label.sizeHint()
    if label.wordWrap():
        needed = QSize(label.minimumSizeHint().width(), label.heightForWidth(label.width()))
    return label.width() >= needed.width() - 1 and label.height() >= needed.height() - 1


def _needed(button: QAbstractButton) -> int:
    if isinstance(button, QToolButton) and not _shows_text(button):
        return 0
    if isinstance(button, (QPushButton, QRadioButton, QCheckBox, QToolButton)):
        return QFontMetrics(button.font()).horizontalAdvance(button.text().replace("&", ""))
    return 0


def _shows_text(button: QToolButton) -> bool:
    return (
        button.icon().isNull() or button.toolButtonStyle() != Qt.ToolButtonStyle.ToolButtonIconOnly
    )


def _outside(window: MainWindow) -> list[str]:
    """Return what of the constant part and of the lens lies beyond its parent."""
    found = []
    for widget in (*_seen(window.answer_panel, QWidget), window.drawing_pad, window.answer_panel):
        if isinstance(_scroll_area(widget), QScrollArea):
            continue
        place = QRect(widget.mapTo(window, QPoint()), widget.size())
        if not window.rect().contains(place):
            found.append(f"{_named(widget)} lies at {place} outside the window")
    for child in _seen(window.answer_panel, QWidget):
        inside = QRect(child.mapTo(window.answer_panel, QPoint()), child.size())
        is_inside = window.answer_panel.rect().adjusted(-1, -1, 1, 1).contains(inside)
        if _scroll_area(child) is None and not is_inside:
            found.append(f"{_named(child)} lies at {inside} outside the answer")
    return found


def _scroll_area(widget: QWidget) -> QScrollArea | None:
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    return parent


def _seen(window: QWidget, kind: type[QWidget]) -> list[QWidget]:
    return [widget for widget in window.findChildren(kind) if widget.isVisible()]


def _named(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else ""
    return f"{type(widget).__name__} {widget.objectName() or text}".strip()
