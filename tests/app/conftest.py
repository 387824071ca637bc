"""What every test of the window gets: its widgets are gone when it is over."""

import gc

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget


@pytest.fixture(autouse=True)
def _no_widget_outlives_its_test():
    """Delete what pytest-qt has closed, which waits for an event loop that few tests run.

    Widgets that are left would be dressed and laid out with each window of the tests that follow.
    """
    yield
    if QCoreApplication.instance() is None:
        return
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if _left_widgets():
        gc.collect()  # a widget without an owner may be part of a circle
    left = [f"{type(widget).__name__} {widget.objectName()}" for widget in _left_widgets()]
    assert not left, f"left over: {', '.join(left)}"


@pytest.fixture(autouse=True)
def _no_tour_is_offered(request, monkeypatch):
    """Let nothing be said over the pad that a test does not wait for."""
    if "offers_tour" not in request.keywords:
        monkeypatch.setattr("app.help.feature.HelpFeature.offer_tour", lambda self: None)


def _left_widgets() -> list[QWidget]:
    # A plot's menus belong to Python, and stay as long as the test's own variables.
    return [widget for widget in QApplication.topLevelWidgets() if not isinstance(widget, QMenu)]
