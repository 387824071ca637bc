"""Frames around the digits of a number on the pad: brackets over strokes, boxes on a picture.

Brackets can be clicked: one splits its digit, the gap between two joins their digits.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeAlias

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QHoverEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QTransform,
)
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from app.drawing.click_word import free_place, paint_word, tip_of, word_of
from app.drawing.drawing import Stroke
from app.drawing.frame_targets import Cut, Joint, click_zone, target_at
from app.drawing.pad_layer import PadLayer
from app.drawing.stroke_painter import paint_stroke
from app.style.text_sizes import TextSize, sized

BRACKET_GAP_PX = 10.0
"""Between the ink and its bracket."""

_TICK_PX = 5.0
_EDGE_PX = 4.0

_Place: TypeAlias = tuple[QRect, QRectF, bool]
"""All that a frame covers, its bracket's line, and whether that is above its ink."""

_Look: TypeAlias = tuple[_Place, str, bool, bool]
"""A frame's place, its label, whether the bars show its digit, and whether it is tinted."""


@dataclass(frozen=True, eq=False)
class DigitFrame:
    """The frame of one digit.

    Attributes:
        box: Around its ink, in page units, or in pixels of the picture.
        label: What it is.
        row: Index of its row, from the top.
        strokes: Its ink; none on a picture.
    """

    box: QRectF
    label: str
    row: int = 0
    strokes: tuple[Stroke, ...] = ()


class DigitFrames(PadLayer):
    """Shows the frames, and says which digit the pointer or the keyboard's pen is at.

    Signals:
        pointed (int): Number of that digit; -1 if there is none any more.
        target_found (str): What a click at the pointer or the keyboard's pen does now.
        split_requested (int, float): A digit is to be split at a place, in page units.
        join_requested (int): A digit is to be joined to the next one.
    """

    pointed = Signal(int)
    target_found = Signal(str)
    split_requested = Signal(int, float)
    join_requested = Signal(int)

    def __init__(
        self,
        pad: QWidget,
        *,
        transform: Callable[[], QTransform],
        picture_transform: Callable[[], QTransform],
        is_drawing: Callable[[], bool],
        is_covered: Callable[[QPointF], bool],
    ) -> None:
        """Lie over a pad, without a frame.

        Args:
            pad: What to lie over.
            transform: Maps page units to its pixels.
            picture_transform: Maps pixels of the picture that is shown to its pixels.
            is_drawing: Whether the pointer draws, and so points at nothing.
            is_covered: Whether something over the digits is at a place, so that none is.
        """
        super().__init__(pad)
        self._transform = transform
        self._picture_transform = picture_transform
        self._is_drawing = is_drawing
        self._is_covered = is_covered
        self._frames: tuple[DigitFrame, ...] = ()
        self._painted: list[_Look] = []
        self._painted_on: tuple[object, ...] = ()
        self._label_height = self._measured_label()
        self._shown = -1
        self._pointed = -1
        self._target: Cut | Joint | None = None
        self._pointer: QPointF | None = None
        pad.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def shown(self) -> tuple[DigitFrame, ...]:
        """The frames, from left to right, row by row."""
        return self._frames

    @property
    def pointed_digit(self) -> int:
        """Number of the digit at the pointer; -1 if there is none."""
        return self._pointed

    @property
    def pointer_x(self) -> float | None:
        """The pointer's last place, in page units; None if it is elsewhere."""
        return None if self._pointer is None else self._on_page(self._pointer)

    @property
    def target(self) -> Cut | Joint | None:
        """What a click at the pointer would do."""
        return self._target

    def show_frames(self, frames: Sequence[DigitFrame], shown: int) -> None:
        """Show frames in place of those before.

        Args:
            frames: From left to right, row by row; none for a single digit.
            shown: Number of the digit that the bars show.
        """
        if not frames and not self._frames:
            return
        kept = self._kept_places(frames)
        self._frames = tuple(frames)
        self._shown = shown
        if self._target is not None:
            self._target = None
            self.update()
        pointer = None if self._is_drawing() else self._pointer
        self._pointed = -1 if pointer is None else self._digit_at(pointer)
        if self.isVisible() != bool(frames):
            self.lie_over_pad(is_seen=bool(frames))
        before = self._painted
        self._measure(kept)
        # While one digit is written, the others stay as they are.
        for was, now in zip_longest(before, self._painted):
            if was != now:
                for look in filter(None, (was, now)):
                    self.update(look[0][0])

    def _measure(self, kept: Mapping[int, _Place]) -> None:
        """Find out where each frame is painted, and how; some places are known."""
        self._painted = [self._look_of(n, kept.get(n)) for n in range(len(self._frames))]
        self._painted_on = self._view()

    @property
    def _tinted(self) -> int:
        """Number of the digit whose ink is tinted; -1 if there is none."""
        return self._pointed if self._pointed == self._shown else -1

    def _kept_places(self, frames: Sequence[DigitFrame]) -> dict[int, _Place]:
        """Return the places of the frames that have not changed."""
        if self._painted_on != self._view():
            return {}
        both = enumerate(zip(self._frames, frames, strict=False))
        return {number: self._painted[number][0] for number, (was, now) in both if was is now}

    def _view(self) -> tuple[object, ...]:
        """Return the values, beside the digit, that decide where its frame is painted."""
        return self._transform(), self._picture_transform(), self.size(), self._label_height

    def _look_of(self, number: int, place: _Place | None) -> _Look:
        """Return where a frame is painted, and how.

        Args:
            number: Which frame.
            place: Where, if that is known.
        """
        if place is None:
            line, ink = self.bracket_of(number), self.place_of(number)
            height = self._label_height + 2 * _EDGE_PX
            around = line.adjusted(-height, -height, height, height).united(ink)
            area = around.adjusted(-_EDGE_PX, -_EDGE_PX, _EDGE_PX, _EDGE_PX).toAlignedRect()
            place = area, line, line.top() < ink.top()
        return place, self._frames[number].label, number == self._shown, number == self._tinted

    def place_of(self, number: int) -> QRectF:
        """Return where the ink of a digit is on the pad, its pen's width included."""
        frame = self._frames[number]
        if not frame.strokes:
            return self._picture_transform().mapRect(frame.box)
        transform = self._transform()
        half = max(stroke.pen_width for stroke in frame.strokes) / 2 * transform.m11()
        return transform.mapRect(frame.box).adjusted(-half, -half, half, half)

    def bracket_of(self, number: int) -> QRectF:
        """Return the line of a digit's bracket: a rectangle without a height."""
        place = self.place_of(number)
        room = BRACKET_GAP_PX + self._label_height + 2 * _EDGE_PX
        y = place.top() - BRACKET_GAP_PX
        if place.top() < room:  # there is no room above it
            y = min(place.bottom() + BRACKET_GAP_PX, self.height() - room)
        return QRectF(place.left(), y, place.width(), 0)

    def target_at(self, place: QPointF) -> Cut | Joint | None:
        """Return what a click at a place of the pad does; None if it draws a dot."""
        brackets = [
            self.bracket_of(number) if frame.strokes else None
            for number, frame in enumerate(self._frames)
        ]
        return target_at(place, brackets, [frame.row for frame in self._frames])

    def click(self, place: QPointF) -> None:
        """Do what a click at a place does."""
        target = self.target_at(place)
        if isinstance(target, Joint):
            self.join_requested.emit(target.digit)
        elif isinstance(target, Cut):
            self.split_requested.emit(target.digit, self._on_page(place))

    def point_at(self, place: QPointF | None) -> None:
        """Say which digit is at a place of the pad; None without a place."""
        self._pointer = place
        if self._is_drawing() or (place is not None and self._is_covered(place)):
            place = None
        number = -1 if place is None else self._digit_at(place)
        target = None if place is None else self.target_at(place)
        if target != self._target:
            before, self._target = self._tip_of(self._target), target
            self.update()
            if self._tip_of(target) not in ("", before):
                self.target_found.emit(self._tip_of(target))
        # A digit that came under a resting pointer is not pointed at: the newest one is shown.
        if number != self._pointed or number not in (-1, self._shown):
            self._pointed = number
            self.update()
            self.pointed.emit(number)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch the pointer."""
        kind = event.type()
        if not self._frames:
            if isinstance(event, QHoverEvent):
                self._pointer = event.position() if kind == QEvent.Type.HoverMove else None
        elif isinstance(event, QHelpEvent):
            words = self._tip_of(self.target_at(QPointF(event.pos())))
            if words:
                QToolTip.showText(event.globalPos(), words)
                return True
        elif kind == QEvent.Type.HoverLeave:
            self.point_at(None)
        elif isinstance(event, QHoverEvent):
            self.point_at(event.position())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tint the ink that is pointed at, and paint a bracket or a box with each label."""
        if self._painted_on != self._view():  # the pad has another size
            self._measure({})
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = self._colour(QPalette.ColorRole.Accent)
        if self._tinted >= 0:
            painter.setWorldTransform(self._transform())
            for stroke in self._frames[self._tinted].strokes:
                paint_stroke(painter, stroke, accent)
            painter.resetTransform()
        painter.setFont(sized(self.font(), TextSize.BODY))
        for number, frame in enumerate(self._frames):
            if not event.rect().intersects(self._painted[number][0][0]):
                continue
            is_shown = number == self._shown
            quiet = self._colour(QPalette.ColorRole.PlaceholderText)
            pen = QPen(accent if is_shown else quiet, 2.0 if is_shown else 1.25)
            if frame.strokes:
                self._paint_bracket(painter, number, pen)
            else:
                self._paint_box(painter, number, pen)
        self._paint_target(painter, QPen(accent, 2))
        painter.end()

    def _paint_bracket(self, painter: QPainter, number: int, pen: QPen) -> None:
        _, line, is_above = self._painted[number][0]
        line = line.adjusted(1.5, 0, -1.5, 0)
        tick = _TICK_PX if is_above else -_TICK_PX
        painter.setPen(pen)
        painter.drawPolyline(
            [
                QPointF(line.left(), line.top() + tick),
                line.topLeft(),
                line.topRight(),
                QPointF(line.right(), line.top() + tick),
            ]
        )
        self._paint_label(painter, number, line.center(), is_above=is_above)

    def _paint_box(self, painter: QPainter, number: int, pen: QPen) -> None:
        box = self.place_of(number).adjusted(-3, -3, 3, 3)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 3, 3)
        is_above = box.top() >= self._label_height + _EDGE_PX
        edge = QPointF(box.center().x(), box.top() if is_above else box.bottom())
        self._paint_label(painter, number, edge, is_above=is_above)

    def _paint_label(
        self, painter: QPainter, number: int, edge: QPointF, *, is_above: bool
    ) -> None:
        """Write a label beside the middle of a line, on a ground that other ink doesn't reach."""
        label = self._frames[number].label
        place = self._label_place(label, edge, is_above=is_above)
        ground = self._colour(QPalette.ColorRole.Base)
        ground.setAlpha(210)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(place, 3, 3)
        painter.setPen(self._colour(QPalette.ColorRole.Text))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, label)

    def _label_place(self, label: str, edge: QPointF, *, is_above: bool) -> QRectF:
        width, height = self._advance(label) + 6, self._label_height
        top = edge.y() - height - 2 if is_above else edge.y() + 2
        return QRectF(edge.x() - width / 2, top, width, height)

    def word_at_target(self) -> tuple[str, QRectF] | None:
        """Return what a click does in one word, and where that stands, beside all ink."""
        target = self._target
        if target is None:
            return None
        word = word_of(target)
        line = self.bracket_of(target.digit)
        place = QPointF(target.x_px, line.top()) if isinstance(target, Cut) else line.topRight()
        if isinstance(target, Joint):
            place = (place + self.bracket_of(target.digit + 1).topLeft()) / 2
        taken = [self.place_of(number) for number in range(len(self._frames))]
        taken += [
            self._label_place(frame.label, line.center(), is_above=line.top() < ink.top())
            for frame, line, ink in zip(
                self._frames, map(self.bracket_of, range(len(taken))), taken, strict=False
            )
        ]
        size = QSizeF(self._advance(word) + 12, self._label_height + 4)
        return word, free_place(place, size, taken, QRectF(self.rect()))

    def _paint_target(self, painter: QPainter, pen: QPen) -> None:
        """Show what a click would do, by a bridge or a cut and a word beside it."""
        target = self._target
        painter.setPen(pen)
        if isinstance(target, Joint):
            left, right = self.bracket_of(target.digit), self.bracket_of(target.digit + 1)
            painter.drawLine(left.topRight(), right.topLeft())
            painter.setBrush(pen.color())
            painter.drawEllipse((left.topRight() + right.topLeft()) / 2, 3.5, 3.5)
        elif isinstance(target, Cut):
            y = self.bracket_of(target.digit).top()
            painter.drawLine(QPointF(target.x_px, y - 7), QPointF(target.x_px, y + 7))
        word = self.word_at_target()
        if word is not None:
            paint_word(painter, *word, self.palette())

    def _digit_at(self, place: QPointF) -> int:
        """Return the number of the digit at a place; -1 if there is none."""
        for number in range(len(self._frames)):
            area = self.place_of(number)
            if self._frames[number].strokes:
                area = area.united(click_zone(self.bracket_of(number)))
            if area.contains(place):
                return number
        return -1

    def _tip_of(self, target: Cut | Joint | None) -> str:
        return tip_of(target, [frame.label for frame in self._frames])

    def _on_page(self, place: QPointF) -> float:
        return self._transform().inverted()[0].map(place).x()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._label_height = self._measured_label()

    def _measured_label(self) -> float:
        return QFontMetricsF(sized(self.font(), TextSize.BODY)).height()

    def _advance(self, text: str) -> float:
        return QFontMetricsF(sized(self.font(), TextSize.BODY)).horizontalAdvance(text)

    def _colour(self, role: QPalette.ColorRole) -> QColor:
        return self.palette().color(role)
