"""Dialogs that follow a task: all their words can be read, and their bars have names."""

import pytest
from PySide6.QtWidgets import QApplication, QProgressBar
from pytestqt.qtbot import QtBot

from app.models.export_dialog import ExportDialog
from app.models.file_dialog import ModelFileDialog
from app.style.plain_text import PlainLabel
from app.widgets.task_dialog import TaskDialog

LONG = "Kept as it was: the largest difference between Keras and the export is too large. " * 8


@pytest.fixture(params=[ExportDialog, ModelFileDialog])
def dialog(request: pytest.FixtureRequest, qtbot: QtBot) -> TaskDialog:
    dialog = request.param("mine.keras")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_a_long_report_is_seen_whole(dialog: TaskDialog) -> None:
    dialog.show_activity("Exporting", None)
    if isinstance(dialog, ExportDialog):
        dialog.show_result(LONG, is_done=True)
    elif isinstance(dialog, ModelFileDialog):
        dialog.show_failure(LONG)
    QApplication.processEvents()
    for label in dialog.findChildren(PlainLabel):
        if label.isVisible():
            assert label.height() >= label.heightForWidth(label.width()), label.text()


def test_its_bar_has_a_name(dialog: TaskDialog) -> None:
    assert all(bar.accessibleName() for bar in dialog.findChildren(QProgressBar))
