"""The lens shows the network in training, during a run."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.inside import words
from app.inside.layers import learning_layers, learning_values
from app.inside.panel import InsidePanel
from app.inside.presenter import InsidePresenter
from app.recognition.learning_network import LearningNetwork
from app.recognition.presenter import RecognitionPresenter

if TYPE_CHECKING:
    from model.ink import InkImage
    from model.run_events import LayerMaps


class Watching(QObject):
    """Lets the lens show the network in training in place of the one in use, and back."""

    def __init__(
        self,
        panel: InsidePanel,
        presenter: InsidePresenter,
        recognition: RecognitionPresenter,
        learning: LearningNetwork,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._presenter = presenter
        self._recognition = recognition
        self._learning = learning
        self._shown: tuple[object, ...] = ()  # kinds and shapes of the layers that have rows
        self._is_wanted = True
        learning.began.connect(self._on_began)
        learning.layers_seen.connect(self._on_layers_seen)
        learning.ended.connect(self._on_ended)
        recognition.ink_changed.connect(self._on_ink_changed)
        panel.learning_chosen.connect(self._on_learning_chosen)
        panel.shown_changed.connect(self._on_shown_changed)
        if learning.is_on:
            self._on_began()

    @property
    def is_watching(self) -> bool:
        """Whether the lens shows the network in training."""
        return self._learning.is_on and self._is_wanted

    def _on_began(self) -> None:
        self._is_wanted = True
        self._show()

    def _on_learning_chosen(self, is_wanted: bool) -> None:
        self._is_wanted = is_wanted
        self._show()

    def _on_ended(self) -> None:
        self._show()

    def _on_shown_changed(self) -> None:
        self._learning.is_watched = self.is_watching and self._panel.isVisible()

    def _show(self) -> None:
        """Show the network in training, or the one in use."""
        self._shown = ()
        self._panel.show_watch(is_learning=self._learning.is_on, is_watching=self.is_watching)
        self._panel.hide_epochs(is_hidden=self.is_watching)
        self._on_shown_changed()
        if not self.is_watching:
            self._presenter.follow_own_network()
            return
        self._panel.epoch_slider.setValue(self._panel.epoch_slider.maximum())
        self._presenter.step_aside()
        has_ink = bool(self._recognition.current_ink.any())
        self._panel.show_sentence(words.LEARNING_SOON if has_ink else words.LEARNING_EMPTY)

    def _on_layers_seen(self, layers: "tuple[LayerMaps, ...]") -> None:
        if not self.is_watching or not self._panel.isVisible():
            return
        if not layers:
            self._show_nothing()
            return
        shown = tuple((maps.kinds, maps.full_shape, maps.shape) for maps in layers)
        if shown != self._shown:
            self._shown = shown
            self._panel.show_layers(learning_layers(layers))
        moment = self._learning.moment
        self._panel.show_introduction(words.learning_sentence(moment))
        self._on_ink_changed(self._recognition.current_ink)
        for row, maps in zip(self._panel.rows[1:], layers, strict=True):
            row.show_values(learning_values(maps))

    def _show_nothing(self) -> None:
        if self._recognition.current_ink.any():
            self._panel.show_sentence(words.CANNOT_WATCH)
        elif self._shown:
            for row in self._panel.rows:
                row.show_values(None)
        else:
            self._panel.show_sentence(words.LEARNING_EMPTY)

    def _on_ink_changed(self, ink: "InkImage") -> None:
        """Show the ink at once; the layers follow a few times a second."""
        if self.is_watching and self._panel.rows:
            self._panel.rows[0].show_values(ink[..., None] if ink.any() else None)
