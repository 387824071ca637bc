"""Teach ten digits: what to draw next, and five boxes per class to fill."""

from collections import Counter
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.style.plain_text import wrapping_label
from app.style.text_sizes import TextSize, sized
from app.widgets.announcement import announce
from model.database.hands import KeptDrawing
from model.hand.hand import LEAST_DRAWINGS

BOXES = 5
"""Drawings to ask for of each class."""

ENOUGH = "There are enough to learn from; more make it better."

MOST_CLASSES = 10
"""More classes than this are too many to draw."""


def filled_boxes(drawings: Iterable[KeptDrawing], class_names: Sequence[str]) -> dict[str, int]:
    """Return how many boxes of each class are filled, at most `BOXES`."""
    counts = Counter(drawing.label for drawing in drawings)
    return {name: min(counts[name], BOXES) for name in class_names}


def next_class(filled: dict[str, int], after: str = "") -> str:
    """Return the class to draw next; empty if nothing is missing.

    It is a class with the fewest drawings, so every class comes once before one comes twice.

    Args:
        filled: Filled boxes of each class.
        after: The search begins after this class.
    """
    missing = [name for name, count in filled.items() if count < BOXES]
    fewest = min((filled[name] for name in missing), default=0)
    wanted = [name for name in missing if filled[name] == fewest]
    names = list(filled)
    start = names.index(after) + 1 if after in names else 0
    following = [name for name in names[start:] + names[:start] if name in wanted]
    return following[0] if following else ""


class Guide(QFrame):
    """Asks for one drawing after the other.

    Attributes:
        words: What to draw.
        boxes: What is there.
        keep_button: Keeps what is on the pad as what was asked for.

    Signals:
        keep_requested (str): The drawing on the pad is of this class.
        asked (str): What to draw now; empty for nothing more.
        ended: Nothing more is to be asked for.
    """

    keep_requested = Signal(str)
    asked = Signal(str)
    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("teachGuide")
        self.setProperty("role", "card")
        self._filled: dict[str, int] = {}
        self._wanted = ""
        self._is_questioned = False
        self.words = wrapping_label(name="teachWords", role="heading")
        self.boxes = Boxes()
        self.keep_button = QPushButton("&Keep")
        self.keep_button.setObjectName("teachKeep")
        self.keep_button.setToolTip("Keep the drawing, and go on  (Enter)")
        self.skip_button = QPushButton("S&kip")
        self.skip_button.setObjectName("teachSkip")
        self.end_button = QPushButton("&Done")
        self.end_button.setObjectName("teachEnd")
        self.end_button.setToolTip("Ask for nothing more  (Esc)")
        self.keep_button.clicked.connect(self.keep)
        self.skip_button.clicked.connect(self._skip)
        self.end_button.clicked.connect(self.end)
        self._lay_out()
        self.hide()

    @property
    def is_active(self) -> bool:
        """Whether it asks for a drawing."""
        return not self.isHidden()

    @property
    def wanted(self) -> str:
        """The class that is asked for; empty for none."""
        return self._wanted

    def begin(self, filled: dict[str, int]) -> None:
        """Ask for what is missing."""
        self._wanted, self._filled = "", {}
        self._reserve_width(filled)
        self.show()
        self.show_filled(filled)

    def show_filled(self, filled: dict[str, int]) -> None:
        """Show what is there, and ask for what is missing; first for what was taken back."""
        before, self._filled = self._filled, dict(filled)
        grew = filled.get(self._wanted, 0) > before.get(self._wanted, 0)
        lost = [name for name, count in filled.items() if count < before.get(name, 0)]
        if self.is_active and lost:
            self._ask(lost[0])
        elif self.is_active and (not self._wanted or grew or self._wanted not in filled):
            self._ask(next_class(filled, self._wanted))
        self.boxes.show_filled(filled, self._wanted)

    def keep(self) -> None:
        """Keep what is on the pad as what was asked for."""
        if self.is_active and self._wanted:
            self.keep_requested.emit(self._wanted)

    def end(self) -> None:
        """Ask for nothing more."""
        if self.is_active:
            self.ended.emit()  # first: who listens takes the focus, or Qt would pass it on
            self.hide()
            self.asked.emit("")

    def question(self, seen: str) -> bool:
        """Ask whether what looks like another class is to be kept as what was asked for.

        Args:
            seen: What it looks like.

        Returns:
            Whether to wait for the answer; False if this was asked about the drawing already.
        """
        if self._is_questioned:
            return False
        self._is_questioned = True
        self.words.setText(
            f"This looks like a {seen}. Keep it as a {self._wanted}? Enter again keeps it;"
            " to draw it anew, clear the pad."
        )
        self.keep_button.setText(_keep_as(self._wanted))
        announce(self.words, self.words.text())
        return True

    def take_question_back(self) -> None:
        """Ask again for what was asked for: the drawing has changed."""
        if self._is_questioned:
            self._ask(self._wanted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """End by Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        else:
            super().keyPressEvent(event)

    def _reserve_width(self, class_names: Iterable[str]) -> None:
        """Give Keep room for its longest text, so that the buttons beside it stay in place."""
        before, widest = self.keep_button.text(), 0
        for name in class_names:
            self.keep_button.setText(_keep_as(name))
            widest = max(widest, self.keep_button.sizeHint().width())
        self.keep_button.setText(before)
        self.keep_button.setMinimumWidth(widest)

    def _skip(self) -> None:
        names = [name for name, count in self._filled.items() if count < BOXES]
        if self._wanted in names:
            place = names.index(self._wanted) + 1
            self._ask(names[place % len(names)])
            self.boxes.show_filled(self._filled, self._wanted)

    def _ask(self, name: str) -> None:
        self._wanted = name
        self._is_questioned = False
        self.keep_button.setText("&Keep")
        is_missing = bool(name)
        self.keep_button.setEnabled(is_missing)
        self.skip_button.setEnabled(is_missing)
        if is_missing:
            number = self._filled.get(name, 0) + 1
            words = f"Draw {name} on the pad, then press Enter: {number} of {BOXES}"
            is_enough = sum(self._filled.values()) >= LEAST_DRAWINGS
            self.words.setText(f"{words}. {ENOUGH}" if is_enough else words)
        else:
            self.words.setText(f"All there: {BOXES} of each. Learn from them now.")
        self.asked.emit(name)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.keep_button, self.skip_button, self.end_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(buttons)  # above the words, whose number of lines changes
        layout.addWidget(self.words)
        layout.addWidget(self.boxes)


def _keep_as(name: str) -> str:
    return f"&Keep as {name}"


class Boxes(QWidget):
    """Five boxes per class, one above the other, filled from below; the class is below them."""

    _BOX_PX = 10
    _GAP_PX = 3
    _COLUMN_PX = 22

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("teachBoxes")
        self._filled: dict[str, int] = {}
        self._wanted = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_filled(self, filled: dict[str, int], wanted: str) -> None:
        """Show how many boxes of each class are filled, and which class is asked for."""
        self._filled, self._wanted = dict(filled), wanted
        there = sum(filled.values())
        self.setAccessibleName(f"{there} of {BOXES * len(filled)} drawings are there")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        height = BOXES * (self._BOX_PX + self._GAP_PX) + self.fontMetrics().height() + 2
        return QSize(max(len(self._filled), 1) * self._COLUMN_PX, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint one column per class."""
        role = QPalette.ColorRole
        palette = QGuiApplication.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pitch = self._BOX_PX + self._GAP_PX
        for column, (name, count) in enumerate(self._filled.items()):
            left = column * self._COLUMN_PX + (self._COLUMN_PX - self._BOX_PX) / 2
            is_wanted = name == self._wanted
            for row in range(BOXES):
                box = QRectF(left, (BOXES - 1 - row) * pitch, self._BOX_PX, self._BOX_PX)
                is_next = is_wanted and row == count
                edge = palette.color(role.Accent if is_next or row < count else role.Mid)
                painter.setPen(QPen(edge, 2 if is_next else 1))
                fill = palette.color(role.Accent if row < count else role.Base)
                painter.setBrush(fill)
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
            area = QRectF(column * self._COLUMN_PX, BOXES * pitch, self._COLUMN_PX, 40)
            painter.setFont(sized(self.font(), TextSize.BODY))
            painter.setPen(palette.color(role.Text if is_wanted else role.PlaceholderText))
            aligned = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            painter.drawText(area, aligned, name[:2])
        painter.end()
