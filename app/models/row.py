"""One row of the list of models: a name, details and a badge."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from app.text_sizes import TextSize, sized

ROW_ROLE = Qt.ItemDataRole.UserRole

_PADDING_PX = 10
_GAP_PX = 3
_BADGE_GAP_PX = 8


@dataclass(frozen=True)
class ModelRow:
    """What a list shows of a model.

    Attributes:
        key: Tells models apart.
        name: Its name.
        kind: Where it is from, such as "trained".
        details: Accuracy, recipe, data and date; may be empty.
        tip: For the hover.
        badge: Such as "in use"; empty if it has none.
        is_own: Whether it can be renamed and deleted.
        is_listed_only: Whether it lies elsewhere, so that it can only leave the list.
    """

    key: str
    name: str
    kind: str
    details: str = ""
    tip: str = ""
    badge: str = ""
    is_own: bool = False
    is_listed_only: bool = False


class ModelRowDelegate(QStyledItemDelegate):
    """Paints a `ModelRow`: two lines, and a badge in words."""

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        line = option.fontMetrics.height()
        return QSize(120, 2 * line + _GAP_PX + 2 * _PADDING_PX - 4)

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, ModelRow):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        palette: QPalette = option.palette
        state = option.state
        _paint_ground(painter, area, palette, state)
        words = area.adjusted(_PADDING_PX, _PADDING_PX - 2, -_PADDING_PX, -_PADDING_PX + 2)
        font = QFont(option.font)
        top = QRectF(words.left(), words.top(), words.width(), QFontMetricsF(font).height())
        used = _paint_badge(painter, top, row.badge, font, palette)
        name_font = QFont(font)
        name_font.setWeight(QFont.Weight.DemiBold)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        _write(painter, top.adjusted(0, 0, -used, 0), row.name, name_font)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        small = sized(font, TextSize.SMALL)
        below = top.translated(0, top.height() + _GAP_PX)
        _write(painter, below, " · ".join(filter(None, (row.kind, row.details))), small)
        painter.restore()


def _paint_ground(
    painter: QPainter, area: QRectF, palette: QPalette, state: QStyle.StateFlag
) -> None:
    inner = area.adjusted(1.5, 1.5, -1.5, -1.5)
    if state & QStyle.StateFlag.State_Selected:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
        painter.drawRoundedRect(inner, 7, 7)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(palette.color(QPalette.ColorRole.Accent))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(inner, 7, 7)


def _paint_badge(
    painter: QPainter, line: QRectF, badge: str, font: QFont, palette: QPalette
) -> float:
    """Paint a badge at the right end of a line; return how much of the line it takes."""
    if not badge:
        return 0.0
    small = sized(font, TextSize.SMALL)
    width = QFontMetricsF(small).horizontalAdvance(badge) + 14
    place = QRectF(line.right() - width, line.top(), width, line.height())
    painter.setPen(palette.color(QPalette.ColorRole.Accent))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    painter.setFont(small)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, badge)
    return width + _BADGE_GAP_PX


def _write(painter: QPainter, place: QRectF, words: str, font: QFont) -> None:
    painter.setFont(font)
    fitting = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)
