"""How the last run ended: its figures, the choice between new and old, or what went wrong."""

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.style.plain_text import PlainLabel, set_tip, wrapping_label
from app.training.choice import Better

DETAILS_HEIGHT_PX = 110
_MARGIN_PX = 12
_GAP_PX = 8


class RunResult(QFrame):
    """A card that says how a run ended.

    After a success it asks which model to use; after a failure it has details and perhaps help.

    Attributes:
        sentence: How the run ended.
        figures: The accuracies of both models on the same images.
        model: Which model is in use now.
        use_new: Lets the new model answer.
        keep_old: Lets the old model answer on, or again.
        offer: Accepts what is offered after a failure.
        refusal: Declines the offer for good.
        details: What the log holds about a failure.

    Signals:
        use_new_requested: The user wants the new model.
        keep_old_requested: The user wants the model before.
        offer_accepted: The user wants what is offered after a failure.
        offer_refused: The user wants it neither now nor later.
    """

    use_new_requested = Signal()
    keep_old_requested = Signal()
    offer_accepted = Signal()
    offer_refused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runResult")
        self.setProperty("role", "card")
        self.sentence = _text()
        self.figures = _text()
        self.figures.setObjectName("resultFigures")
        self.model = _text()
        self.use_new = _button("useNewButton", self.use_new_requested)
        self.keep_old = _button("keepOldButton", self.keep_old_requested)
        self.offer = _button("offerButton", self.offer_accepted)
        self.refusal = _button("refusalButton", self.offer_refused)
        self.show_details = QPushButton("Details")
        self.show_details.setCheckable(True)
        self.copy_details = QPushButton("Copy details")
        self.copy_details.clicked.connect(self._on_copy_clicked)
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setFixedHeight(DETAILS_HEIGHT_PX)
        self.details.setAccessibleName("Details of the failure")
        self.details.hide()
        self.show_details.toggled.connect(self.details.setVisible)
        self._kept_as = ""
        self._lay_out()
        self.hide()

    def show_choice(self, sentence: str, figures: str, *, in_use: str, kept_as: str = "") -> None:
        """Ask whether to use the model that a run has left.

        Args:
            sentence: How the run ended.
            figures: The accuracies of both models; empty if only one is known.
            in_use: Name of the model in use; empty if none is.
            kept_as: Name of the new model among the models.
        """
        self._kept_as = kept_as
        self._show(sentence, is_bold=True)
        self.figures.setText(figures)
        self.figures.setVisible(bool(figures))
        self.show_in_use(in_use, is_new=False, is_asking=True)

    def focus_choice(self, better: Better) -> None:
        """Bring the keyboard to the better model; to none of both where none is clearly better."""
        if better is Better.NEW or not self.keep_old.isVisibleTo(self):
            self.use_new.setFocus()
        elif better is Better.OLD:
            self.keep_old.setFocus()
        else:
            self.setFocus()

    def show_declined(self, sentence: str, in_use: str) -> None:
        """Say why the new model may not take the place of the one in use."""
        self._show(sentence, is_bold=True)
        self.model.setText(f"Still using {in_use}. The new model is kept in Models.")
        self.model.show()

    def show_in_use(
        self, name: str, *, is_new: bool, is_asking: bool = False, before: str = ""
    ) -> None:
        """Show which model is in use, and offer the other one.

        Args:
            name: Of the model in use; empty if none is.
            is_new: Whether that is the new one.
            is_asking: Whether nothing was chosen yet.
            before: Name of the model before the new one.
        """
        kept = "" if is_new else f"The new model is kept in Models{self._as_name}."
        using = f"Now using {name}." if name else ""
        self.model.setText(" ".join(filter(None, (using, kept))))
        self.model.show()
        had_focus = self.use_new.hasFocus() or self.keep_old.hasFocus()
        self.use_new.setText("Use the new one")
        self.use_new.setVisible(not is_new)
        self.keep_old.setText("Keep the old one" if is_asking else "Back to the old one")
        self.keep_old.setVisible(is_new or (is_asking and bool(name)))
        set_tip(self.keep_old, before or name)
        if had_focus:  # or hiding a button would leave the keyboard somewhere else
            (self.keep_old if is_new else self.use_new).setFocus()

    def rename_new(self, name: str) -> None:
        """Call the new model by another name."""
        before, self._kept_as = self._as_name, name
        if before:
            self.model.setText(self.model.text().replace(before, self._as_name))

    def show_new_gone(self) -> None:
        """Say that the new model was deleted; nothing of it is offered any more."""
        self.use_new.hide()
        self.keep_old.hide()
        self.model.setText("The new model was deleted; Models can bring it back.")

    def show_old_gone(self) -> None:
        """Say that the model before was deleted: there is no way back to it from here."""
        self.keep_old.hide()
        self.model.setText(f"{self.model.text()} The one before was deleted.".strip())

    @property
    def _as_name(self) -> str:
        return f" as {self._kept_as}" if self._kept_as else ""

    def show_failure(self, sentence: str, detail: str, offer: str = "", refusal: str = "") -> None:
        """Show a run that left no model.

        Args:
            sentence: What is wrong and what to do.
            detail: For the log; empty if there is nothing more to say.
            offer: Text of the button that does something about it; empty for none.
            refusal: Text of the button that declines the offer for good; empty for none.
        """
        # Not bold: it can take several lines.
        self._show(sentence, is_bold=False)
        self.offer.setText(offer)
        self.offer.setVisible(bool(offer))
        self.refusal.setText(refusal)
        self.refusal.setVisible(bool(refusal))
        self.details.setPlainText(detail)
        self.show_details.setVisible(bool(detail))
        self.copy_details.setVisible(bool(detail))

    def _show(self, sentence: str, *, is_bold: bool) -> None:
        font = self.sentence.font()
        font.setBold(is_bold)
        self.sentence.setFont(font)
        self.sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self.show_details.setChecked(False)
        for widget in (self.figures, self.model, *self._buttons):
            widget.hide()
        self.show()

    @property
    def _buttons(self) -> tuple[QPushButton, ...]:
        choices = self.use_new, self.keep_old, self.offer, self.refusal
        return *choices, self.show_details, self.copy_details

    def _lay_out(self) -> None:
        self._rows = (
            (self.use_new, self.keep_old),
            (self.offer, self.refusal),
            (self.show_details, self.copy_details),
        )
        self._boxes = [_row(*buttons) for buttons in self._rows]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN_PX, 8, _MARGIN_PX, 8)
        layout.setSpacing(8)
        for label in (self.sentence, self.figures, self.model):
            layout.addWidget(label)
        for box in self._boxes:
            layout.addLayout(box)
        layout.addWidget(self.details)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons of a row side by side if there is room for both."""
        super().resizeEvent(event)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        for box, buttons in zip(self._boxes, self._rows, strict=True):
            needed = sum(button.sizeHint().width() for button in buttons) + 2 * _GAP_PX
            room = self.contentsRect().width() - 2 * _MARGIN_PX
            box.setDirection(across if room >= needed else down)

    @override
    def minimumSizeHint(self) -> QSize:
        """Return a size as narrow as the widest button that is shown."""
        shown = [button for button in self._buttons if not button.isHidden()]
        widest = max((button.sizeHint().width() for button in shown), default=0)
        return QSize(
            widest + 2 * (_MARGIN_PX + self.frameWidth()), super().minimumSizeHint().height()
        )

    def _on_copy_clicked(self) -> None:
        QApplication.clipboard().setText(f"{self.sentence.text()}\n{self.details.toPlainText()}")


def _button(name: str, clicked: SignalInstance) -> QPushButton:
    button = QPushButton()
    button.setObjectName(name)
    button.clicked.connect(clicked)
    return button


def _row(*buttons: QPushButton) -> QBoxLayout:
    row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
    row.setSpacing(_GAP_PX)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row


def _text() -> PlainLabel:
    label = wrapping_label()
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
