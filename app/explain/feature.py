"""Explaining in the window: the lens, its presenter and the explainer, made at first sight."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.context import AppContext, Feature
from app.recognition.current_model import LoadedModel

if TYPE_CHECKING:  # importing them for real would load the runtime at the start
    from app.explain.explainer import Explainer
    from app.explain.panel import ExplainPanel
    from app.explain.presenter import ExplainPresenter

LENS_NAME = "explain"


class ExplainFeature(Feature):
    """Owns the Explain lens; a child of the application.

    Attributes:
        panel: The lens; None until it is first seen.
        presenter: Its presenter; None until then.
    """

    def __init__(self, context: AppContext, parent: QObject) -> None:
        """Offer the lens."""
        super().__init__(context, parent)
        self.panel: ExplainPanel | None = None
        self.presenter: ExplainPresenter | None = None
        self._explainer: Explainer | None = None
        context.window.add_lens(LENS_NAME, "Explain", self._made_panel)
        context.current_model.changed.connect(self._on_model_changed)

    def _made_panel(self) -> QWidget:
        from app.explain.explainer import Explainer
        from app.explain.panel import ExplainPanel
        from app.explain.presenter import ExplainPresenter

        self.panel = ExplainPanel()
        test_digit = self._window.actions_by_name["random_digit"]
        self.panel.test_digit_requested.connect(test_digit.trigger)
        self._explainer = Explainer(self)
        self.presenter = ExplainPresenter(
            self._window.drawing_pad,
            self.panel,
            self._recognition,
            self._explainer,
            self._reporter.report,
            self,
        )
        if self._current_model.value is not None:
            self._on_model_changed(self._current_model.value)
        return self.panel

    def _on_model_changed(self, model: LoadedModel) -> None:
        if self._explainer is None or self.presenter is None:
            return
        from model.recognizer import Recognizer

        if isinstance(model.recognizer, Recognizer):
            self._explainer.set_recognizer(model.recognizer)
        self.presenter.look_again()
