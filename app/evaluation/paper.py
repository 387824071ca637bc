"""Plots on paper: light in every theme, with a title, the model and the data."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPalette

from app.evaluation.plot import Plot
from app.style.text_sizes import TextSize, sized
from app.style.theme import LIGHT, palette_of
from model.evaluation.saving import ReportFileError

PLOT_FORMATS = ("PNG picture (*.png)", "SVG drawing (*.svg)")

_SCALE = 3
"""Number of a PNG's pixels for each pixel on the screen: sharp where it is printed."""

_MARGIN_PX = 16
_NARROWEST_PX = 360
_WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)


@dataclass(frozen=True)
class PlotSheet:
    """A plot under a heading, ready for paper.

    Attributes:
        plot: What is drawn.
        subject: The line under its title: which model, which data, and how good.
    """

    plot: Plot
    subject: str

    @property
    def size(self) -> QSize:
        """Width and height, in pixels of the screen."""
        size = self.plot.paper_size()
        width = max(size.width(), _NARROWEST_PX) + 2 * _MARGIN_PX
        return QSize(width, self._head(width).height() + size.height() + 3 * _MARGIN_PX)

    def paint(self, painter: QPainter) -> None:
        """Paint it from the upper left corner on."""
        paper = paper_palette()
        size, head = self.size, self._head(self.size.width())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRect(0, 0, size.width(), size.height()), QColor("white"))
        painter.setPen(paper.color(QPalette.ColorRole.Text))
        painter.setFont(_title_font(self.plot))
        painter.drawText(head, _WRAPPED, self.plot.title)
        painter.setFont(_subject_font(self.plot))
        painter.setPen(paper.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(
            head.adjusted(0, self._title_height(head.width()), 0, 0), _WRAPPED, self.subject
        )
        painter.translate(_MARGIN_PX, head.bottom() + _MARGIN_PX)
        painter.setFont(sized(self.plot.font(), TextSize.SMALL))
        self.plot.paint_plot(painter, QRectF(0, 0, *self.plot.paper_size().toTuple()), paper)

    def _head(self, width: int) -> QRect:
        inner = width - 2 * _MARGIN_PX
        subject = _height(_subject_font(self.plot), inner, self.subject)
        return QRect(_MARGIN_PX, _MARGIN_PX, inner, self._title_height(inner) + subject)

    def _title_height(self, width: int) -> int:
        return _height(_title_font(self.plot), width, self.plot.title) + 2


def paper_palette() -> QPalette:
    """Return the colours of paper: the light theme's, on white."""
    palette = palette_of(LIGHT)
    palette.setColor(QPalette.ColorRole.Window, QColor("white"))
    return palette


def write_plot(sheet: PlotSheet, path: Path) -> None:
    """Write a plot for paper: as SVG or PNG, by the file's suffix.

    Raises:
        ReportFileError: If the suffix is another, or the file can't be written.
    """
    writers: dict[str, Callable[[PlotSheet, Path], bool]] = {".svg": _write_svg, ".png": _write_png}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise ReportFileError("The picture's name has to end in .png or .svg.")
    if not write(sheet, path) or not path.is_file():
        raise ReportFileError(f"{path.name} can't be written; choose another folder.")


def _write_png(sheet: PlotSheet, path: Path) -> bool:
    image = QImage(sheet.size * _SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    painter = QPainter(image)
    sheet.paint(painter)
    painter.end()
    return bool(image.save(str(path)))


def _write_svg(sheet: PlotSheet, path: Path) -> bool:
    from PySide6.QtSvg import QSvgGenerator

    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(sheet.size)
    generator.setViewBox(QRect(0, 0, *sheet.size.toTuple()))
    generator.setTitle(f"{sheet.plot.title}. {sheet.subject}")
    painter = QPainter()
    if not painter.begin(generator):
        return False
    sheet.paint(painter)
    return painter.end()


def _title_font(plot: Plot) -> QFont:
    return sized(plot.font(), TextSize.HEADING, QFont.Weight.DemiBold)


def _subject_font(plot: Plot) -> QFont:
    return sized(plot.font(), TextSize.BODY)


def _height(font: QFont, width: int, text: str) -> int:
    return QFontMetrics(font).boundingRect(0, 0, width, 10_000, _WRAPPED, text).height()
