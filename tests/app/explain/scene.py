"""A pad, the lens and its presenter, with the bundled network."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.drawing.pad import DrawingPad
from app.explain.explainer import Explainer
from app.explain.panel import ExplainPanel
from app.explain.presenter import ExplainPresenter
from app.recognition.answer_panel import AnswerPanel
from app.recognition.presenter import RecognitionPresenter
from model.recognizer import Recognizer

SEVEN = [
    [
        (184, 134),
        (204, 125),
        (234, 121),
        (269, 120),
        (308, 122),
        (345, 123),
        (337, 153),
        (320, 195),
        (301, 240),
        (285, 290),
        (273, 335),
        (267, 381),
    ],
    [(239, 251), (265, 246), (300, 243), (334, 241)],
]


class ExplainScene:
    """The lens and the pad, each in a window of its own."""

    def __init__(self, qtbot, recognizer: Recognizer) -> None:
        self.qtbot = qtbot
        self.pad, self.panel = DrawingPad(), ExplainPanel()
        self.problems: list[BaseException] = []
        for widget in (self.pad, self.panel):
            qtbot.addWidget(widget)
            widget.resize(400, 400)
            widget.show()
            qtbot.waitExposed(widget)
        # A test before this one may have left the button down, as a pen that is lifted later.
        QTest.mouseRelease(self.pad, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
        self.panel.resize(600, 900)
        self.answer = AnswerPanel()
        qtbot.addWidget(self.answer)
        self.recognition = RecognitionPresenter(
            self.pad, self.answer, self.problems.append, self.pad
        )
        self.recognition.set_recognizer(recognizer)
        self.explainer = Explainer(self.pad)
        self.explainer.set_recognizer(recognizer)
        self.presenter = ExplainPresenter(
            self.pad,
            self.panel,
            self.recognition,
            self.explainer,
            self.problems.append,
            self.pad,
        )

    def draw(self, strokes) -> None:
        """Draw, and wait for the explanation with the training digits."""
        self.pad.set_strokes(strokes)
        self.wait_for_resemblance()

    def wait_for_resemblance(self) -> None:
        """Wait until the whole explanation is there."""
        self.qtbot.waitUntil(self._assert_complete, timeout=60_000)

    def _assert_complete(self) -> None:
        explained = self.presenter.explained
        assert explained is not None
        assert explained.resemblance is not None
