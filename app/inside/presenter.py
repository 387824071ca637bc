"""Drawing changed → every layer's numbers → maps, votes and the broken network's answer."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer

from app.child.background import BackgroundWorker
from app.drawing.pad import DrawingPad
from app.inside import words
from app.inside.breaking import Breaking
from app.inside.layers import is_too_large, member_logits, shown_layers
from app.inside.panel import InsidePanel
from app.inside.unit_presenter import UnitPresenter
from app.recognition.answer_words import percent
from app.recognition.presenter import RecognitionPresenter
from model.errors import DigitpadError

if TYPE_CHECKING:  # importing them for real would load the runtime before the window is shown
    from model.activations.look import Look
    from model.activations.watched_network import WatchedNetwork
    from model.recognizer import Recognizer

MOST_LOOK_MS = 6.0
"""A network whose activations take longer is shown when the pen rests."""

SMALL_VALUES = 500_000
"""A network with fewer activations is never slow: a longer time was the machine's load."""

REST_MS = 120
VOTES_MS = 200
"""A new text triggers a layout of the whole lens, so the votes do not change at each move."""

BROKEN = "broken"


class InsidePresenter(QObject):
    """Keeps the maps in step with the drawing, while they can be seen.

    Attributes:
        unit: Opens a unit in place.
        breaking: What is switched off or noisy.
    """

    def __init__(
        self,
        pad: DrawingPad,
        panel: InsidePanel,
        recognition: RecognitionPresenter,
        report: Callable[[BaseException], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._recognition = recognition
        self._report = report
        self._worker = BackgroundWorker(self)
        self._network: WatchedNetwork | None = None
        self._recognizer: Recognizer | None = None
        self._own: WatchedNetwork | None = None  # the one in use; `_network` may be an epoch's
        self._epoch = ""
        self._look: Look | None = None
        self._member = self._votes = 0
        self._is_slow = False
        self._is_aside = False
        self._number = 0
        self.breaking = Breaking(self)
        self.breaking.changed.connect(self._on_breaking_changed)
        self.breaking.failed.connect(report)
        self.unit = UnitPresenter(pad, panel, self.breaking, self)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._look_now)
        self._votes_soon = QTimer(self, singleShot=True, interval=VOTES_MS)
        self._votes_soon.timeout.connect(self._show_votes)
        panel.destroyed.connect(self._votes_soon.stop)
        panel.destroyed.connect(self._rest.stop)
        recognition.ink_changed.connect(self._on_ink_changed)
        panel.shown_changed.connect(self._on_shown_changed)
        panel.vote_chosen.connect(self._on_vote_chosen)
        panel.restore_requested.connect(self.breaking.mend)

    @property
    def look(self) -> "Look | None":
        """What is shown; None if nothing is drawn."""
        return self._look

    def set_recognizer(self, recognizer: "Recognizer") -> None:
        """Look into another network from now on."""
        self.unit.close()
        self.breaking.mend()
        self._network, self._look, self._member, self._is_slow = None, None, 0, False
        self._own, self._recognizer = None, recognizer
        self._leave_epoch()
        if not self._is_aside:
            self._panel.show_sentence(words.NO_NETWORK)
            self._panel.show_votes((), 0)
        self._number += 1
        number = self._number

        def load() -> "WatchedNetwork":
            from model.activations.watched_network import WatchedNetwork

            return WatchedNetwork(recognizer.litert, recognizer.record)

        self._worker.call(
            load,
            then=lambda network: self._take_network(number, network),
            failed=lambda error: self._on_failed(number, error),
        )

    def step_aside(self) -> None:
        """Let another network use the lens, until `follow_own_network`."""
        self.unit.set_layers(())
        self.unit.set_look(None, self._recognition.current_ink)
        if self.breaking.is_broken:
            self.breaking.mend()
        self._is_aside, self._look = True, None
        self._panel.show_votes((), 0)

    def follow_own_network(self) -> None:
        """Show the network in use again."""
        if self._is_aside:
            self._is_aside = False
            self._panel.show_sentence(words.NO_NETWORK)
            self._show_layers()
            self._show_votes()

    def show_epoch(self, network: "WatchedNetwork | None", name: str) -> None:
        """Look into the network in use as it was after an epoch of its run.

        Args:
            network: It has the same layers; None for the network in use as it is.
            name: Such as "epoch 3".
        """
        if self._own is None or (network is None and not self._epoch):
            return
        if self.breaking.is_broken:
            self.breaking.mend()
        self._network = network or self._own
        if network is None:
            self._leave_epoch()
        else:
            self._epoch = name
        self._look_now()

    def _leave_epoch(self) -> None:
        if self._epoch:
            self._epoch = ""
            self._recognition.follow_own_network()

    # ── network and drawing ──

    def _take_network(self, number: int, network: "WatchedNetwork") -> None:
        if number != self._number:
            return
        if is_too_large(network):
            self._panel.show_sentence(words.TOO_LARGE)
            return
        self._network = self._own = network
        self._votes = len(network.map.members())
        self._show_layers()
        self._show_votes()

    def _on_failed(self, number: int, error: BaseException) -> None:
        if number != self._number:
            return
        if isinstance(error, DigitpadError):
            self._panel.show_sentence(error.sentence)
        else:
            self._report(error)

    def _show_layers(self) -> None:
        """Show the layers of the member that is chosen, and what they put out."""
        if self._network is None or self._is_aside:
            return
        from model.activations.look import Look

        look = Look(self._network, self._recognition.current_ink)
        layers = shown_layers(look, self._member)
        self.unit.set_layers(layers)
        self._panel.show_layers(layers)
        self._show_look(look)

    def _on_shown_changed(self, is_shown: bool) -> None:
        if is_shown:
            self._look_now()
            return
        self.unit.close()
        if self.breaking.is_broken:
            self.breaking.mend()

    def _on_ink_changed(self, _ink: npt.NDArray[np.float32]) -> None:
        if not self._panel.isVisible() or self._network is None or self._is_aside:
            return
        if self._is_slow:
            self._rest.start()
        else:
            self._look_now()

    def _look_now(self) -> None:
        if self._network is None or self._is_aside or not self._panel.isVisible():
            return
        from model.activations.look import Look

        began = time.perf_counter()
        look = Look(self._network, self._recognition.current_ink)
        took_ms = (time.perf_counter() - began) * 1000
        self._is_slow = took_ms > MOST_LOOK_MS and self._network.values > SMALL_VALUES
        self._show_look(look)

    def _show_look(self, look: "Look") -> None:
        has_ink = bool(self._recognition.current_ink.any())
        self._look = look if has_ink else None
        for row in self._panel.rows:
            row.show_values(look.values(row.shown.tensor) if has_ink else None)
        self._show_broken_answer()
        self._panel.show_introduction(words.introduction(is_taught=self._recognition.is_taught))
        self.unit.set_look(self._look, self._recognition.current_ink)
        if not self._votes_soon.isActive():
            self._votes_soon.start()

    def _show_votes(self) -> None:
        """Show the answer of each member of an ensemble."""
        if self._is_aside:
            return
        if self._network is None or self._votes < 2:
            self._panel.show_votes((), 0)
            return
        if self._look is None:
            texts = [f"Vote {number + 1}" for number in range(self._votes)]
        else:
            texts = [self._vote_text(self._look, number) for number in range(self._votes)]
        self._panel.show_votes(texts, self._member)

    def _vote_text(self, look: "Look", number: int) -> str:
        metadata = look.network.metadata
        logits = member_logits(look, number) / metadata.temperature
        odds = np.exp(logits - logits.max())
        label = metadata.class_names[int(odds.argmax())]
        return words.vote_text(number + 1, label, percent(float(1 / odds.sum())))

    def _on_vote_chosen(self, member: int) -> None:
        self.unit.close()
        self._member = member
        self._show_layers()
        self._show_votes()

    # ── breaking ──

    def _on_breaking_changed(self) -> None:
        for row in self._panel.rows:
            row.mark_off(self.breaking.off(row.shown.tensor))
        if not self.breaking.is_broken:
            self._panel.show_broken("")
            self._recognition.follow_own_network()
        self._show_broken_answer()
        self.unit.show_again()

    def _show_broken_answer(self) -> None:
        """Let the bars show the broken network's answer."""
        if self._look is None:
            return
        own = self._recognition.recognizer
        broken = self.breaking.recognition(self._look, self._recognition.current_ink)
        if broken is None and self._epoch:
            self._recognition.show_recognition(self._look.recognition(), self._epoch)
        if broken is None or own is None:
            return
        whole = own.recognize(self._recognition.current_ink)
        was, now = whole.confidence, float(broken.probabilities[whole.digit])
        self._panel.show_broken(
            f"{self.breaking.sentence}: {whole.label} goes from {percent(was)} to {percent(now)}."
        )
        self._recognition.show_recognition(broken, BROKEN)
