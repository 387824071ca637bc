"""The help page: what can be done, and with which key."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.drawing.erasing import PART_ERASER, STROKE_ERASER
from app.style.plain_text import PlainLabel, wrapping_label

HINTS = (
    ("Draw", "Left button, finger or pen; a pen's pressure changes the width"),
    (
        "Draw with the keyboard",
        "Arrows move the pen, with Shift finely; Space puts it down and lifts it",
    ),
    ("Say what a drawing was", "Alt and the digit, or a click on its bar"),
    (STROKE_ERASER, "E"),
    (PART_ERASER, "E twice; a third time is the pen again"),
    ("The eraser chosen last", "Right button, or a pen's other end"),
    ("Recognise a picture", "Drop it anywhere, paste it, or open it"),
    ("Cancel the stroke in progress", "Esc"),
    (
        "Go into the tab that is shown",
        "Its key once more, such as Ctrl+1; Esc leads back",
    ),
)

TAB_HINTS = (
    ("Inside: a map", "Arrows go from one to the next, Enter opens it"),
    (
        "Inside: an opened map",
        "Arrows choose a number in it; Page Up goes to what feeds it, Page Down to what it feeds;"
        " Esc closes it",
    ),
    ("Test: the table of answers", "Arrows choose a field, Enter shows its pictures"),
    ("Test: wrong pictures", "Arrows, also up and down; Enter puts one on the pad"),
    (
        "My hand: a kept drawing",
        "Arrows choose it, Enter puts it on the pad, a digit says what it is, Delete removes it",
    ),
    ("My hand: teach ten digits", "Enter on the pad keeps the drawing, Esc ends teaching"),
    ("Models: a model", "Enter uses it, F2 renames it, Delete deletes it"),
)


class ShortcutsPage(QDialog):
    """Lists every action with its keys, and the gestures that have none."""

    def __init__(
        self, groups: Sequence[tuple[str, Sequence[tuple[str, str]]]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutsPage")
        self.setWindowTitle("Keys and gestures")
        self.resize(460, 560)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(7)
        for title, rows in (("On the pad", HINTS), ("In the tabs", TAB_HINTS), *groups):
            self._add_group(grid, title, rows)
        page = QWidget()
        column = QVBoxLayout(page)
        column.addLayout(grid)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(page)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll)
        layout.addWidget(buttons)

    def _add_group(self, grid: QGridLayout, title: str, rows: Sequence[tuple[str, str]]) -> None:
        heading = PlainLabel(title)
        heading.setProperty("role", "heading")
        heading.setContentsMargins(0, 10 if grid.count() else 0, 0, 0)
        grid.addWidget(heading, grid.rowCount(), 0, 1, 2)
        for what, how in rows:
            row = grid.rowCount()
            grid.addWidget(PlainLabel(what), row, 0, Qt.AlignmentFlag.AlignTop)
            keys = wrapping_label(how, role="quiet")
            grid.addWidget(keys, row, 1)
        grid.setColumnStretch(1, 1)
