"""Saving what was measured: a page, tables, or everything as JSON."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from model.errors import DigitpadError
from model.evaluation.saving import WRITERS, written_report

if TYPE_CHECKING:
    from app.settings import SettingsFile
    from app.widgets.problem_reporter import ProblemReporter
    from model.evaluation.kept import Evaluation


def ask_where_to_save(
    parent: QWidget,
    evaluation: "Evaluation | None",
    settings_file: "SettingsFile",
    reporter: "ProblemReporter",
) -> None:
    """Ask for a file name, and write the report there; the suffix decides the format.

    Args:
        parent: Of the dialog.
        evaluation: What was measured; nothing happens if there is nothing.
        settings_file: Remembers the folder.
        reporter: Says what was written, or why it was not.
    """
    if evaluation is None:
        return

    def save(name: str) -> None:
        path = Path(name)
        try:
            written_report(evaluation, path)
        except OSError as error:
            reporter.report(DigitpadError(f"{path.name} can't be written: {error.strerror}."))
            return
        settings_file.change(save_folder=str(path.parent))
        reporter.say(f"Saved as {path.name}.")

    folder = settings_file.settings.save_folder
    dialog = QFileDialog(parent, "Save report", folder)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([writer.title for writer in WRITERS])
    dialog.setDefaultSuffix(WRITERS[0].suffix)
    dialog.filterSelected.connect(
        lambda text: dialog.setDefaultSuffix(text.partition("*.")[2].rstrip(")"))
    )
    dialog.selectFile(f"{evaluation.report.dataset} report")
    dialog.fileSelected.connect(save)
    dialog.open()
