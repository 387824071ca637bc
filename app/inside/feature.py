"""Looking into the network: the lens and its presenter, made at first sight."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.context import AppContext, Feature
from app.recognition.current_model import LoadedModel

if TYPE_CHECKING:  # importing them for real would load the runtime at the start
    from app.inside.epochs import Epochs
    from app.inside.panel import InsidePanel
    from app.inside.presenter import InsidePresenter
    from app.inside.watching import Watching

LENS_NAME = "inside"


class InsideFeature(Feature):
    """Owns the Inside lens; a child of the application.

    Attributes:
        panel: The lens; None until it is first seen.
        presenter: Its presenter; None until then.
        epochs: Shows earlier epochs in it; None until then.
        watching: Shows the network in training in it; None until then.
    """

    def __init__(self, context: AppContext, parent: QObject) -> None:
        """Offer the lens."""
        super().__init__(context, parent)
        self.panel: InsidePanel | None = None
        self.presenter: InsidePresenter | None = None
        self.epochs: Epochs | None = None
        self.watching: Watching | None = None
        context.window.add_lens(LENS_NAME, "Inside", self._made_panel)
        context.current_model.changed.connect(self._on_model_changed)

    def _made_panel(self) -> QWidget:
        from app.inside.epochs import Epochs
        from app.inside.panel import InsidePanel
        from app.inside.presenter import InsidePresenter
        from app.inside.watching import Watching

        self.panel = InsidePanel()
        self.presenter = InsidePresenter(
            self._window.drawing_pad, self.panel, self._recognition, self._reporter.report, self
        )
        self.epochs = Epochs(self.panel, self.presenter, self._reporter.report, self.panel)
        self.watching = Watching(
            self.panel, self.presenter, self._recognition, self._learning, self
        )
        if self._current_model.value is not None:
            self._on_model_changed(self._current_model.value)
        return self.panel

    def _on_model_changed(self, model: LoadedModel) -> None:
        if self.presenter is None or self.epochs is None:
            return
        from model.recognizer import Recognizer

        if isinstance(model.recognizer, Recognizer):
            self.presenter.set_recognizer(model.recognizer)
            self.epochs.set_recognizer(model.recognizer)
