"""Small pictures in the lens: strokes, and ink as it becomes pixels."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.drawing.dashes import paint_dashed
from app.explain.explained import StepPicture, Strokes
from app.style.plain_text import set_tip
from app.style.text_sizes import TextSize, sized

_MARGIN = 0.14
_RADIUS_PX = 8.0


class StrokesPicture(QWidget):
    """A few strokes, some of them in another colour."""

    def __init__(self, side_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(side_px, side_px)
        self._lines: tuple[_Line, ...] = ()

    def show_strokes(self, strokes: Strokes, *, added: Strokes = (), taken: Strokes = ()) -> None:
        """Show strokes, float64 (points, 2) in any unit.

        Args:
            strokes: As they are.
            added: Dashed, as they are not there yet.
            taken: Parts of the strokes in the colour of what is taken away.
        """
        self._lines = (
            *(_Line(points) for points in strokes),
            *(_Line(points, is_taken=True) for points in taken),
            *(_Line(points, is_added=True) for points in added),
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_card(painter, QRectF(self.rect()), self.palette())
        paint_lines(painter, QRectF(self.rect()), self._lines, self.palette())
        painter.end()


class StrokesButton(QAbstractButton):
    """A drawing to click, with its label under it."""

    def __init__(self, side_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side_px
        self._lines: tuple[_Line, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_strokes(self, strokes: Strokes, label: str) -> None:
        """Show strokes, float64 (points, 2) in any unit, and a label under them."""
        self._lines = tuple(_Line(points) for points in strokes)
        self.setText(label)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side + self.fontMetrics().height() + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card, and a ring where the keyboard or the pointer is."""
        painter = QPainter(self)
        card = QRectF(0, 0, self._side, self._side)
        is_marked = self.hasFocus() or self.underMouse()
        paint_card(painter, card, self.palette(), is_marked=is_marked)
        paint_lines(painter, card, self._lines, self.palette())
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawText(
            QRectF(0, self._side + 2, self.width(), self.fontMetrics().height()),
            Qt.AlignmentFlag.AlignCenter,
            self.text(),
        )
        painter.end()


class StepView(QWidget):
    """One picture of the steps to the ink image, with its title."""

    def __init__(self, side_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side_px
        self._step: StepPicture | None = None
        self.setFixedSize(self.sizeHint())

    @property
    def step(self) -> StepPicture | None:
        """What is shown."""
        return self._step

    def show_step(self, step: StepPicture) -> None:
        """Show a picture; its sentence is the tip."""
        self._step = step
        set_tip(self, step.text)
        self.setAccessibleName(step.title)
        self.setAccessibleDescription(step.text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side + self.fontMetrics().height() + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = self.palette()
        card = QRectF(0, 0, self._side, self._side)
        paint_card(painter, card, palette)
        if self._step is not None:
            place = _fitted(card.adjusted(4, 4, -4, -4), self._step.ink.shape)
            is_enlarged = place.width() > self._step.ink.shape[1]
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_enlarged)
            painter.drawImage(place, ink_image(self._step.ink, palette))
            _paint_finds(painter, place, self._step, palette)
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            painter.setFont(sized(self.font(), TextSize.SMALL))
            below = QRectF(0, self._side + 2, self._side, self.fontMetrics().height())
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._step.title)
        painter.end()


class _Line:
    """Points and how they are painted."""

    def __init__(
        self,
        points: npt.NDArray[np.float64],
        *,
        is_added: bool = False,
        is_taken: bool = False,
    ) -> None:
        self.points = points
        self.is_added = is_added
        self.is_taken = is_taken


def paint_card(
    painter: QPainter, area: QRectF, palette: QPalette, *, is_marked: bool = False
) -> None:
    """Paint paper with rounded corners, with a ring if it is marked."""
    role = QPalette.ColorRole
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width = 2.0 if is_marked else 1.0
    painter.setPen(QPen(palette.color(role.Accent if is_marked else role.Midlight), width))
    painter.setBrush(palette.color(role.Base))
    edge = width / 2
    painter.drawRoundedRect(area.adjusted(edge, edge, -edge, -edge), _RADIUS_PX, _RADIUS_PX)


def paint_lines(
    painter: QPainter, area: QRectF, lines: "tuple[_Line, ...]", palette: QPalette
) -> None:
    """Paint lines as large as they fit."""
    if not lines:
        return
    everything = np.concatenate([line.points for line in lines])
    lowest, highest = everything.min(axis=0), everything.max(axis=0)
    extent = max(float((highest - lowest).max()), 1e-9)
    scale = area.width() * (1 - 2 * _MARGIN) / extent
    middle = (lowest + highest) / 2
    for line in lines:
        placed = (line.points - middle) * scale + (area.center().x(), area.center().y())
        pen = QPen(_colour(line, palette), area.width() / 18)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if line.is_added:
            paint_dashed(painter, placed, pen.widthF(), pen.color())
            continue
        painter.setPen(pen)
        if len(placed) == 1:
            painter.drawPoint(QPointF(*placed[0].tolist()))
        painter.drawPolyline(QPolygonF([QPointF(*point) for point in placed.tolist()]))


def ink_image(ink: npt.NDArray[np.float32], palette: QPalette) -> QImage:
    """Mix paper and ink, float32 (height, width) in [0, 1]."""
    colours = [palette.color(role) for role in (QPalette.ColorRole.Base, QPalette.ColorRole.Text)]
    paper, dark = (np.array([c.red(), c.green(), c.blue()], np.float32) for c in colours)
    mixed = paper + (dark - paper) * ink[..., np.newaxis]  # (height, width, 3)
    rgb = np.ascontiguousarray(np.clip(mixed.round(), 0, 255), np.uint8)
    height, width = ink.shape
    image = QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.copy()  # copied, as the bytes are freed when this function ends


def _colour(line: "_Line", palette: QPalette) -> QColor:
    if line.is_added:
        return palette.color(QPalette.ColorRole.Accent)
    role = QPalette.ColorRole.Mid if line.is_taken else QPalette.ColorRole.Text
    return palette.color(role)


def _fitted(area: QRectF, shape: tuple[int, ...]) -> QRectF:
    height, width = shape
    scale = min(area.width() / width, area.height() / height)
    place = QRectF(0, 0, width * scale, height * scale)
    place.moveCenter(area.center())
    return place


def _paint_finds(painter: QPainter, place: QRectF, step: StepPicture, palette: QPalette) -> None:
    accent = palette.color(QPalette.ColorRole.Accent)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if step.box is not None:
        left, top, right, bottom = step.box
        painter.setPen(QPen(accent, 1.5, Qt.PenStyle.DashLine))
        painter.drawRect(
            QRectF(
                place.left() + left * place.width(),
                place.top() + top * place.height(),
                (right - left) * place.width(),
                (bottom - top) * place.height(),
            )
        )
    if step.point is not None:
        x = place.left() + step.point[0] * place.width()
        y = place.top() + step.point[1] * place.height()
        painter.setPen(QPen(accent, 2))
        painter.drawLine(QPointF(x - 7, y), QPointF(x + 7, y))
        painter.drawLine(QPointF(x, y - 7), QPointF(x, y + 7))
