"""A digit that is faintly written on an empty pad, once, to show what the pad is for."""

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPainterPath, QPalette, QPen
from PySide6.QtWidgets import QStyle, QWidget

WRITING_MS = 1400
_STEPS = 60


class WritingHint:
    """Writes a seven under the words of an empty pad."""

    def __init__(self, pad: QWidget) -> None:
        """Prepare; `begin` writes.

        Args:
            pad: Is repainted while the hint is written.
        """
        self._pad = pad
        self._movement = QVariantAnimation(pad)
        self._movement.setStartValue(0.0)
        self._movement.setEndValue(1.0)
        self._movement.setDuration(WRITING_MS)
        self._movement.setEasingCurve(QEasingCurve.Type.InOutQuad)
        self._movement.valueChanged.connect(lambda _: pad.update())

    @property
    def is_writing(self) -> bool:
        """Whether it is being written."""
        return self._movement.state() == QVariantAnimation.State.Running

    def begin(self) -> None:
        """Write, unless the desktop wants no movement."""
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        if self._pad.style().styleHint(hint, None, self._pad) > 0:
            self._movement.start()

    def end(self) -> None:
        """Take it away: the user writes."""
        self._movement.stop()

    def paint(self, painter: QPainter, area: QRectF, palette: QPalette) -> None:
        """Paint what is written so far, which fades at the end."""
        if not self.is_writing:
            return
        done = float(self._movement.currentValue())
        path = _seven(area)
        written = QPainterPath(path.pointAtPercent(0))
        for step in range(1, _STEPS + 1):
            written.lineTo(path.pointAtPercent(min(done * 1.25, 1.0) * step / _STEPS))
        pen = QPen(palette.color(QPalette.ColorRole.Midlight), area.width() / 22)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.save()
        painter.setOpacity(min((1.0 - done) * 5, 1.0))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(written)
        painter.restore()


def _seven(area: QRectF) -> QPainterPath:
    """Return a seven that fills two thirds of the pad."""

    def at(x: float, y: float) -> QPointF:
        return QPointF(area.left() + x * area.width(), area.top() + y * area.height())

    path = QPainterPath(at(0.3, 0.2))
    path.cubicTo(at(0.45, 0.17), at(0.6, 0.2), at(0.72, 0.19))
    path.cubicTo(at(0.64, 0.4), at(0.5, 0.6), at(0.45, 0.82))
    return path
