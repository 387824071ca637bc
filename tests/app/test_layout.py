"""The layout comes to rest at every width, with all columns that there are."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from app.application import Application, build
from model.files.paths import models_folder
from model.recognizer import BUNDLED_MODEL
from tests.app.planted_models import plant

pytestmark = pytest.mark.skipif(
    not BUNDLED_MODEL.with_suffix(".tflite").exists(),
    reason="needs the bundled network in assets/",
)

LONG_NAME = "the network of a colleague " * 4
WIDTHS_PX = (300, 760, 790, 870, 900, 990, 1060, 1120, 1250, 1400)
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
def window(qtbot):
    """A window in which a model with a long name answers beside the one in use."""
    path = models_folder() / f"{LONG_NAME.strip()}.keras"
    plant(path)
    _, window = build(["digitpad"])
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    root = next(child for child in window.children() if isinstance(child, Application))
    window.show_panel("models")
    qtbot.waitUntil(lambda: root.models.panel is not None)
    root.models.panel.choose(str(path))
    root.models.panel.compare_button.click()
    return window


@pytest.mark.parametrize("panel", ["", "models", "training"])
@pytest.mark.parametrize("points", [9, 18])
def test_the_layout_comes_to_rest_at_every_width(window, qapp, panel, points):
    before = qapp.font()
    font = qapp.font()
    font.setPointSize(points)
    events = LayoutEvents(qapp)
    try:
        counts = [
            events.of(lambda: qapp.setFont(font)),
            events.of(lambda: window.show_panel(panel) if panel else window.close_panel()),
        ]
        counts += [
            events.of(lambda width=width: window.resize(width, 600))
            for width in (*WIDTHS_PX, *reversed(WIDTHS_PX))
        ]
        assert max(counts) < MOST_EVENTS
        assert events.of(lambda: None) == 0
    finally:
        qapp.setFont(before)
