"""The lens of a hand: its drawings, how much they improve the answers, and what was learnt."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.hand.drawings_grid import DrawingsGrid
from app.hand.guide import BOXES, Guide
from app.hand.history import History
from app.style.choice_box import ChoiceBox
from app.style.plain_text import wrapping_label
from app.widgets.lenses import PANEL_MARGINS_PX

NO_HAND = "No hand"
_MARGIN_PX = 8


class HandPanel(QWidget):
    """Shows a hand; its signals are the user's requests.

    Attributes:
        names: The hands, and none.
        figures: How many own drawings are right.
        learn_button: Learns from all drawings.
        outcome: The result of learning.
        tune_button: Fine-tunes the network; shown only where enough drawings are kept.
        teach_button: Asks for what is missing.
        guide: Asks for it.
        grid: The drawings.
        marks: What the marks on the drawings mean; hidden without any.
        history: The steps.
        untaught: Whether the answer without the hand is shown.
        place: Where the drawings are.

    Signals:
        name_chosen (str): Go on with this hand; empty for none.
        new_requested: Begin another hand.
        rename_requested: Give this hand another name.
        delete_requested: Forget this hand.
        learn_requested: Learn from all drawings.
        tuning_requested: Fine-tune the network.
        teach_requested: Ask for what is missing.
        import_requested: Read drawings from a file.
        export_requested: Write the drawings to a file.
        delete_all_requested: Forget every hand.
        untaught_toggled (bool): Show the answer without the hand, or not.
    """

    name_chosen = Signal(str)
    new_requested = Signal()
    rename_requested = Signal()
    delete_requested = Signal()
    learn_requested = Signal()
    tuning_requested = Signal()
    teach_requested = Signal()
    import_requested = Signal()
    export_requested = Signal()
    delete_all_requested = Signal()
    untaught_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names = ChoiceBox()
        self.names.setObjectName("handName")
        self.names.setAccessibleName("Hand")
        self.names.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.names.setMinimumContentsLength(6)
        self.names.activated.connect(self._on_name_activated)
        self.rename_action, self.delete_action = QAction("&Rename…"), QAction("&Delete this hand…")
        self.more = self._made_more()
        self.figures = wrapping_label(name="handFigures")
        self.learn_button = _button("&Learn", "learnButton", role="primary")
        self.learn_button.clicked.connect(self.learn_requested)
        self.tune_button = _button("&Fine-tune the network", "tuneButton")
        self.tune_button.setToolTip(
            "Train the model itself on your drawings among others' digits, for some minutes;"
            " the new model is used only if it is better for you and hardly worse for others"
        )
        self.tune_button.clicked.connect(self.tuning_requested)
        self.tune_button.hide()
        self.teach_button = _button("&Teach ten digits", "teachButton")
        self.teach_button.setToolTip(
            f"Draw what is asked for, each class up to {BOXES} times; ten drawings in all are"
            " enough to learn from"
        )
        self.teach_button.clicked.connect(self.teach_requested)
        self.import_button = _button("&Import…", "importDrawings")
        self.import_button.clicked.connect(self.import_requested)
        self.export_button = _button("E&xport…", "exportDrawings")
        self.export_button.clicked.connect(self.export_requested)
        self.outcome = wrapping_label(name="learnOutcome")
        self.guide = Guide()
        self.grid = DrawingsGrid()
        self.grid.moved_to.connect(self._on_moved_to)
        self.marks = wrapping_label(name="gridMarks", role="caption")
        self.history = History()
        self.untaught = QCheckBox("Paler bars show the answer without my hand")
        self.untaught.setObjectName("showsUntaught")
        self.untaught.toggled.connect(self.untaught_toggled)
        self.place = wrapping_label(name="handPlace", role="caption")
        self.delete_all_button = _button("Delete all hands and drawings…", "deleteAllDrawings")
        self.delete_all_button.clicked.connect(self.delete_all_requested)
        self._history_heading = wrapping_label("History", role="heading")
        self._lay_out()

    def show_names(self, names: Sequence[str], current: str) -> None:
        """Show all hands, and which one is in use; empty for none."""
        self.names.clear()
        self.names.addItem(NO_HAND, "")
        for name in names:
            self.names.addItem(name, name)
        if current and current not in names:
            self.names.addItem(current, current)
        self.names.setCurrentIndex(self.names.findData(current))
        self.rename_action.setEnabled(current in names)
        self.delete_action.setEnabled(current in names)

    def show_outcome(self, sentence: str) -> None:
        """Show the result of learning, or a problem; nothing if it is empty."""
        self.outcome.setText(sentence)
        self.outcome.setAccessibleName(sentence)
        self.outcome.setVisible(bool(sentence))

    def show_history_heading(self, *, is_shown: bool) -> None:
        """Show the heading of the history where there is one."""
        self._history_heading.setVisible(is_shown)
        self.history.setVisible(is_shown)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.names, 1)
        top.addWidget(self.more)
        first, second = QHBoxLayout(), QHBoxLayout()
        for row, buttons in (
            (first, (self.learn_button, self.teach_button)),
            (second, (self.import_button, self.export_button)),
        ):
            row.setSpacing(8)
            for button in buttons:
                row.addWidget(button)
            row.addStretch(1)
        last = QHBoxLayout()
        last.addWidget(self.delete_all_button)
        last.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*PANEL_MARGINS_PX)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.guide)  # above what grows and shrinks with each drawing
        layout.addWidget(self.figures)
        layout.addLayout(first)
        layout.addWidget(self.tune_button)
        layout.setAlignment(self.tune_button, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.outcome)
        layout.addWidget(self.grid)
        layout.addWidget(self.marks)
        layout.addWidget(self._history_heading)
        layout.addWidget(self.history)
        layout.addWidget(self.untaught)
        layout.addLayout(second)
        layout.addWidget(self.place)
        layout.addLayout(last)
        layout.addStretch(1)
        self.show_outcome("")

    def _made_more(self) -> QToolButton:
        more = QToolButton()
        more.setObjectName("handMore")
        more.setText("⋯")
        more.setAccessibleName("More about this hand")
        more.setToolTip("New, rename, delete")
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        more.setProperty("role", "more")
        menu = QMenu(more)
        menu.addAction("&New hand…").triggered.connect(self.new_requested)
        for action, wish in (
            (self.rename_action, self.rename_requested),
            (self.delete_action, self.delete_requested),
        ):
            menu.addAction(action)
            action.triggered.connect(wish)
        more.setMenu(menu)
        return more

    def _on_name_activated(self, index: int) -> None:
        self.name_chosen.emit(self.names.itemData(index))

    def show_guide(self) -> None:
        """Scroll to what the guide asks for, now and when it is laid out."""
        self._scroll_to(self.guide, self.guide.rect())
        QTimer.singleShot(0, self, lambda: self._scroll_to(self.guide, self.guide.rect()))

    def show_top(self) -> None:
        """Scroll to where the hand begins, and bring the keyboard to what follows teaching."""
        follows = self.learn_button if self.learn_button.isEnabled() else self.teach_button
        follows.setFocus()
        QTimer.singleShot(0, self, lambda: self._scroll_to(self, QRect(0, 0, 1, 1)))

    def _on_moved_to(self, cell: QRect) -> None:
        """Scroll to the drawing that the keyboard is at."""
        self._scroll_to(self.grid, cell)

    def _scroll_to(self, widget: QWidget, area: QRect) -> None:
        """Scroll until an area of a widget is in sight, its top if there is not room for all."""
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        content = parent.widget() if parent is not None else None
        if parent is not None and content is not None:
            for corner in (area.bottomLeft(), area.topLeft()):
                place: QPoint = widget.mapTo(content, corner)
                parent.ensureVisible(place.x(), place.y(), 0, _MARGIN_PX)


def _button(text: str, name: str, *, role: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setProperty("role", role)
    return button
