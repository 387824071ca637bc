"""A pad, the answer, the Inside lens and its presenter."""

from PySide6.QtWidgets import QScrollArea

from app.drawing.pad import DrawingPad
from app.inside.panel import InsidePanel
from app.inside.presenter import InsidePresenter
from app.recognition.answer_panel import AnswerPanel
from app.recognition.presenter import RecognitionPresenter
from model.recognizer import Recognizer


class InsideScene:
    """Pad, answer and lens, each in a window of its own."""

    def __init__(self, qtbot, recognizer: Recognizer, *, sentence: str = "") -> None:
        self.qtbot = qtbot
        self.pad, self.answer, self.panel = DrawingPad(), AnswerPanel(), InsidePanel()
        self.page = QScrollArea()
        self.page.setWidgetResizable(True)
        self.page.setWidget(self.panel)
        self.problems: list[BaseException] = []
        for widget in (self.pad, self.answer, self.page):
            qtbot.addWidget(widget)
            widget.resize(600, 500)
            widget.show()
            qtbot.waitExposed(widget)
        self.recognition = RecognitionPresenter(
            self.pad, self.answer, self.problems.append, self.pad
        )
        self.recognition.set_recognizer(recognizer)
        self.presenter = InsidePresenter(
            self.pad, self.panel, self.recognition, self.problems.append, self.pad
        )
        self.presenter.set_recognizer(recognizer)
        self._sentence = sentence
        qtbot.waitUntil(self.assert_sentence if sentence else self.assert_layers, timeout=60_000)

    def assert_sentence(self) -> None:
        assert self.panel.sentence == self._sentence

    def assert_layers(self) -> None:
        assert self.panel.rows

    def row(self, title: str) -> int:
        return next(i for i, row in enumerate(self.panel.rows) if row.shown.title == title)

    def assert_opened(self, row: int) -> None:
        assert self.presenter.unit.opened is not None
        assert self.presenter.unit.opened.row == row
