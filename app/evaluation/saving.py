"""Saving what was measured: a page, tables, everything as JSON, or a plot as a picture."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter, QPalette
from PySide6.QtWidgets import QFileDialog, QWidget

from app.widgets.file_dialogs import first_folder
from model.errors import DigitpadError
from model.evaluation.saving import WRITERS, ReportFileError, write_report

if TYPE_CHECKING:
    from app.settings import SettingsFile
    from app.widgets.problem_reporter import ProblemReporter
    from model.evaluation.kept import AnyEvaluation

PLOT_FORMATS = ("PNG picture (*.png)", "SVG drawing (*.svg)")
_SCALE = 2
"""Number of a PNG's pixels for each pixel on the screen."""


def ask_where_to_save(
    parent: QWidget,
    evaluation: "AnyEvaluation | None",
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
    _ask(
        QFileDialog(parent, "Save report", first_folder(settings_file.settings.save_folder)),
        [writer.title for writer in WRITERS],
        f"{evaluation.report.dataset} report",
        lambda path: write_report(evaluation, path),
        settings_file,
        reporter,
    )


def ask_where_to_save_plot(
    plot: QWidget, settings_file: "SettingsFile", reporter: "ProblemReporter"
) -> None:
    """Ask for a file name, and write a plot there as it is seen."""
    _ask(
        QFileDialog(plot.window(), "Save plot", first_folder(settings_file.settings.save_folder)),
        PLOT_FORMATS,
        plot.accessibleName(),
        lambda path: write_plot(plot, path),
        settings_file,
        reporter,
    )


def write_plot(plot: QWidget, path: Path) -> None:
    """Write a plot as it is seen, in its colours: as SVG or PNG, by the file's suffix.

    Raises:
        ReportFileError: If the suffix is another, or the file can't be written.
    """
    suffix = path.suffix.lower()
    if suffix not in (".png", ".svg"):
        raise ReportFileError("The picture's name has to end in .png or .svg.")
    has_failed = not (_write_svg if suffix == ".svg" else _write_png)(plot, path)
    if has_failed or not path.is_file():
        raise ReportFileError(f"{path.name} can't be written; choose another folder.")


def _write_png(plot: QWidget, path: Path) -> bool:
    image = QImage(plot.size() * _SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    image.fill(plot.palette().color(QPalette.ColorRole.Window))
    painter = QPainter(image)
    _render(plot, painter)
    painter.end()
    return bool(image.save(str(path)))


def _write_svg(plot: QWidget, path: Path) -> bool:
    from PySide6.QtSvg import QSvgGenerator

    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(plot.size())
    generator.setViewBox(plot.rect())
    generator.setTitle(plot.accessibleName())
    painter = QPainter()
    if not painter.begin(generator):
        return False
    painter.fillRect(plot.rect(), plot.palette().color(QPalette.ColorRole.Window))
    _render(plot, painter)
    return painter.end()


def _render(plot: QWidget, painter: QPainter) -> None:
    plot.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)


def _ask(
    dialog: QFileDialog,
    formats: Sequence[str],
    name: str,
    write: Callable[[Path], None],
    settings_file: "SettingsFile",
    reporter: "ProblemReporter",
) -> None:
    def save(chosen: str) -> None:
        path = Path(chosen)
        try:
            write(path)
        except DigitpadError as error:
            reporter.report(error)
            return
        settings_file.change(save_folder=str(path.parent))
        reporter.say(f"Saved as {path.name}.")

    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(formats))
    dialog.setDefaultSuffix(_suffix(formats[0]))
    dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix(_suffix(text)))
    dialog.selectFile(name)
    dialog.fileSelected.connect(save)
    dialog.open()


def _suffix(name_filter: str) -> str:
    return name_filter.partition("*.")[2].rstrip(")")
