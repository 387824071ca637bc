"""The network that learns, as long as a run is going, for those who watch it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:  # the events of a run are not needed for the start
    from model.run_events import LayerMaps


class LearningNetwork(QObject):
    """Says when a network learns, and what its layers put out for the drawing.

    Attributes:
        is_on: Whether a network learns and answers.
        is_watched: Whether anybody wants to see its layers; they cost the training time.
        moment: How far the run is, such as "epoch 2, batch 300"; empty before its first report.

    Signals:
        began: A network begins to learn.
        layers_seen (tuple[LayerMaps]): What its layers put out now; empty for an empty pad.
        ended: The run has ended, or answers no more.
    """

    began = Signal()
    layers_seen = Signal(object)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_on = False
        self.is_watched = False
        self.moment = ""

    def begin(self) -> None:
        """A network begins to learn."""
        self.is_on, self.moment = True, ""
        self.began.emit()

    def show_layers(self, layers: "tuple[LayerMaps, ...]") -> None:
        """Let those who watch see what its layers put out."""
        if self.is_on:
            self.layers_seen.emit(layers)

    def end(self) -> None:
        """The network learns no more."""
        if self.is_on:
            self.is_on = False
            self.ended.emit()
