"""The window's columns, with a handle to drag between them, and how they share its width."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from app.widgets.side_panel import WIDTHS_PX

GAP_PX = 16

_ANSWER_WIDTHS_PX = (252, 340)
_ROOM_BESIDE_PANEL_PX = 540
_PAD_AND_ANSWER_PX = 508


class Columns(QSplitter):
    """Pad and answer at the left, perhaps a second answer, and a panel that opens at the right."""

    def __init__(self, pad: QWidget, answer: QWidget, panel: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._panel = panel
        self._second: QWidget | None = None
        self._wants_second = False
        self._wanted_panel_width = WIDTHS_PX[1]
        left = QWidget()
        self._left = QHBoxLayout(left)
        self._left.setContentsMargins(0, 0, 0, 0)
        self._left.setSpacing(GAP_PX)
        self._left.addWidget(pad, 5)
        self._left.addWidget(answer, 2)
        answer.setMinimumWidth(_ANSWER_WIDTHS_PX[0])
        answer.setMaximumWidth(_ANSWER_WIDTHS_PX[1])
        panel.hide()
        self.addWidget(left)
        self.addWidget(panel)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GAP_PX)
        self.splitterMoved.connect(self._on_splitter_moved)

    @property
    def panel_width(self) -> int:
        """Width that was chosen for the panel; it is narrower where the window is."""
        return self._wanted_panel_width

    def set_panel_width(self, width_px: int) -> None:
        """Choose how wide the panel is; it leaves the pad room to draw."""
        self._wanted_panel_width = width_px
        room = self.width() - self.handleWidth()
        beside = _ROOM_BESIDE_PANEL_PX + self._second_width()
        width_px = max(min(width_px, room - beside), WIDTHS_PX[0])
        self.setSizes([max(room - width_px, 1), width_px])

    def add_second_answer(self, column: QWidget) -> None:
        """Take in a second column of answers, hidden at first."""
        self._second = column
        column.hide()
        self._left.addWidget(column)

    def show_second_answer(self, *, is_shown: bool) -> None:
        """Show the second column wherever there is room for it, or hide it."""
        self._wants_second = is_shown
        self.fit()

    def has_room_for_all(self) -> bool:
        """Whether the panel and all answers fit beside a pad that can be drawn on."""
        panel = WIDTHS_PX[0] + self.handleWidth()
        return self.width() >= _PAD_AND_ANSWER_PX + self._second_width() + panel

    def fit(self) -> None:
        """Share the width: an open panel comes before the second column."""
        is_panel_open = self._panel.isVisibleTo(self)
        if self._second is not None:
            has_room = not is_panel_open or self.has_room_for_all()
            self._second.setVisible(self._wants_second and has_room)
        if is_panel_open:
            self.set_panel_width(self._wanted_panel_width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the panel as wide as it was made, as far as there is room."""
        super().resizeEvent(event)
        self.fit()

    def _second_width(self) -> int:
        if self._second is None or not self._wants_second:
            return 0
        return self._second.minimumWidth() + GAP_PX

    def _on_splitter_moved(self) -> None:
        self._wanted_panel_width = self._panel.width()
