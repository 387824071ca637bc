"""Asking where to save what was measured, and saying what was written."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.evaluation.paper import PLOT_FORMATS, PlotSheet, write_plot
from app.evaluation.words import subject_words
from app.widgets.file_dialogs import first_folder
from model.errors import DigitpadError
from model.evaluation.saving import WRITERS, write_report

if TYPE_CHECKING:
    from app.settings import SettingsFile
    from app.widgets.problem_reporter import ProblemReporter
    from model.evaluation.kept import AnyEvaluation


def ask_for_report_file(
    parent: QWidget,
    title: str,
    name: str,
    settings_file: "SettingsFile",
    then: Callable[[Path], object],
) -> None:
    """Ask for a report's file name; the suffix decides the format.

    Args:
        parent: Of the dialog.
        title: Of the dialog.
        name: Proposed, without a suffix.
        settings_file: Remembers the folder.
        then: Gets the answer, if one is given.
    """
    formats = [writer.title for writer in WRITERS]
    _ask(
        QFileDialog(parent, title, first_folder(settings_file.settings.save_folder)),
        formats,
        name,
        settings_file,
        then,
    )


def ask_where_to_save(
    parent: QWidget,
    evaluation: "AnyEvaluation | None",
    settings_file: "SettingsFile",
    reporter: "ProblemReporter",
) -> None:
    """Ask for a file name, and write the report there.

    Args:
        parent: Of the dialog.
        evaluation: What was measured; nothing happens if there is nothing.
        settings_file: Remembers the folder.
        reporter: Says what was written, or why it was not.
    """
    if evaluation is not None:
        ask_for_report_file(
            parent,
            "Save report",
            subject_words(evaluation),
            settings_file,
            lambda path: save(lambda: write_report(evaluation, path), path, reporter),
        )


def ask_where_to_save_plot(
    sheet: PlotSheet, settings_file: "SettingsFile", reporter: "ProblemReporter"
) -> None:
    """Ask for a file name, and write a plot there for paper."""
    _ask(
        QFileDialog(
            sheet.plot.window(), "Save plot", first_folder(settings_file.settings.save_folder)
        ),
        PLOT_FORMATS,
        sheet.plot.accessibleName(),
        settings_file,
        lambda path: save(lambda: write_plot(sheet, path), path, reporter),
    )


def save(write: Callable[[], None], path: Path, reporter: "ProblemReporter") -> None:
    """Write a file, and say that it is there or why it is not."""
    try:
        write()
    except DigitpadError as error:
        reporter.report(error)
    else:
        reporter.say(f"Saved as {path.name}.")


def _ask(
    dialog: QFileDialog,
    formats: Sequence[str],
    name: str,
    settings_file: "SettingsFile",
    then: Callable[[Path], object],
) -> None:
    def take(chosen: str) -> None:
        path = Path(chosen)
        settings_file.change(save_folder=str(path.parent))
        then(path)

    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(formats))
    dialog.setDefaultSuffix(_suffix(formats[0]))
    dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix(_suffix(text)))
    # With its suffix, because a name such as "mine.jsonl" seems to have one.
    dialog.selectFile(f"{name.replace('/', '-').replace(chr(92), '-')}.{_suffix(formats[0])}")
    dialog.fileSelected.connect(take)
    dialog.open()


def _suffix(name_filter: str) -> str:
    return name_filter.partition("*.")[2].rstrip(")")
