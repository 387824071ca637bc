"""The network in training, during a run, and the signals about it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:  # the events of a run are not needed for the start
    from model.run_events import LayerMaps


class LearningNetwork(QObject):
    """Announces the start and end of a run, and the outputs of the network's layers.

    Attributes:
        is_on: Whether a network is in training and answers.
        is_watched: Whether its layers are shown; sending them slows the training.
        moment: How far the run is, such as "epoch 2, batch 300"; empty before its first report.

    Signals:
        began: A run begins.
        layers_seen (tuple[LayerMaps]): The present outputs of its layers; empty for an empty pad.
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
        """Note that a run begins."""
        self.is_on, self.moment = True, ""
        self.began.emit()

    def show_layers(self, layers: "tuple[LayerMaps, ...]") -> None:
        """Announce the outputs of its layers."""
        if self.is_on:
            self.layers_seen.emit(layers)

    def end(self) -> None:
        """Note that the run has ended."""
        if self.is_on:
            self.is_on = False
            self.ended.emit()
