"""How the last run ended, and what the user can do about it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

DETAILS_HEIGHT_PX = 110


class RunResult(QFrame):
    """A card that says how a run ended.

    After a success it offers the model before; after a failure, its details and perhaps help.

    Attributes:
        sentence: How the run ended.
        model: Which model is in use now.
        go_back: Asks for the model before.
        offer: Accepts what is offered after a failure.
        refusal: Declines the offer for good.
        details: What the log holds about a failure.

    Signals:
        go_back_requested: The user wants the model before.
        offer_accepted: The user wants what is offered after a failure.
        offer_refused: The user wants it neither now nor later.
    """

    go_back_requested = Signal()
    offer_accepted = Signal()
    offer_refused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runResult")
        self.setProperty("role", "card")
        self.sentence = _text()
        self.model = _text()
        self.go_back = QPushButton("Go back")
        self.go_back.setObjectName("goBackButton")
        self.go_back.clicked.connect(self.go_back_requested)
        self.offer = QPushButton()
        self.offer.setObjectName("offerButton")
        self.offer.clicked.connect(self.offer_accepted)
        self.refusal = QPushButton()
        self.refusal.setObjectName("refusalButton")
        self.refusal.clicked.connect(self.offer_refused)
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
        self._lay_out()
        self.hide()

    def show_success(self, sentence: str, *, model: str, model_before: str) -> None:
        """Show a run that left a model.

        Args:
            sentence: How it ended.
            model: Name of the model in use now.
            model_before: Name of the model in use before; empty for none.
        """
        self._show(sentence, f"In use now: {model}", is_bold=True)
        self.go_back.setText(f"Go back to {model_before}")
        self.go_back.setVisible(bool(model_before))

    def show_other_in_use(self, model: str) -> None:
        """Show that another model than the run's is in use."""
        self.model.setText(f"In use now: {model}. The trained one stays in your models.")
        self.go_back.hide()

    def show_failure(self, sentence: str, detail: str, offer: str = "", refusal: str = "") -> None:
        """Show a run that left no model.

        Args:
            sentence: What is wrong and what to do.
            detail: For the log; empty where there is nothing more to say.
            offer: Text of the button that does something about it; empty for none.
            refusal: Text of the button that declines the offer for good; empty for none.
        """
        # Not bold: it can take several lines.
        self._show(sentence, "", is_bold=False)
        self.offer.setText(offer)
        self.offer.setVisible(bool(offer))
        self.refusal.setText(refusal)
        self.refusal.setVisible(bool(refusal))
        self.details.setPlainText(detail)
        self.show_details.setVisible(bool(detail))
        self.copy_details.setVisible(bool(detail))

    def _show(self, sentence: str, model: str, *, is_bold: bool) -> None:
        font = self.sentence.font()
        font.setBold(is_bold)
        self.sentence.setFont(font)
        self.sentence.setText(sentence)
        self.model.setText(model)
        self.model.setVisible(bool(model))
        self.show_details.setChecked(False)
        for button in self._buttons:
            button.hide()
        self.show()

    @property
    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.go_back, self.offer, self.refusal, self.show_details, self.copy_details

    def _lay_out(self) -> None:
        for button in (self.go_back, self.offer):
            button.setMinimumWidth(1)
        offers = QHBoxLayout()
        offers.addWidget(self.offer, stretch=1)
        offers.addWidget(self.refusal)
        details = QHBoxLayout()
        details.addWidget(self.show_details)
        details.addWidget(self.copy_details)
        details.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addWidget(self.sentence)
        layout.addWidget(self.model)
        layout.addWidget(self.go_back)
        layout.addLayout(offers)
        layout.addLayout(details)
        layout.addWidget(self.details)

    def _on_copy_clicked(self) -> None:
        QApplication.clipboard().setText(f"{self.sentence.text()}\n{self.details.toPlainText()}")


def _text() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
