"""Breaking a network: units switched off, layers with noise, and what it answers then."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from app.child.background import BackgroundWorker

if TYPE_CHECKING:  # importing them for real would load the runtime before the window is shown
    from model.activations.broken_network import Break, BrokenNetwork
    from model.activations.look import Look
    from model.activations.watched_network import WatchedNetwork
    from model.recognizer import Recognition

NOISE = 1.0
"""Noise has this many times the standard deviation of the layer's numbers."""


class Breaking(QObject):
    """Keeps what is broken, and answers by the broken network.

    Signals:
        changed: The broken network is ready, or nothing is broken any more.
        failed (BaseException): Why it can't be broken.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = BackgroundWorker(self)
        self._off: dict[int, frozenset[int]] = {}
        self._noisy: frozenset[int] = frozenset()
        self._broken: BrokenNetwork | None = None
        self._number = 0

    @property
    def is_broken(self) -> bool:
        """Whether anything is broken."""
        return bool(self._off or self._noisy)

    def off(self, tensor: int) -> frozenset[int]:
        """Return the units of a layer that are switched off."""
        return self._off.get(tensor, frozenset())

    def has_noise(self, tensor: int) -> bool:
        """Whether there is noise on a layer."""
        return tensor in self._noisy

    @property
    def sentence(self) -> str:
        """What is broken, in words; empty if nothing is."""
        units, layers = sum(map(len, self._off.values())), len(self._noisy)
        parts = []
        if units:
            parts.append(f"{units} unit{'s' * (units > 1)} switched off")
        if layers:
            parts.append(f"noise on {layers} layer{'s' * (layers > 1)}")
        return ", ".join(parts)

    def switch(self, network: "WatchedNetwork", tensor: int, unit: int, *, is_off: bool) -> None:
        """Switch a unit of a layer off, or on again."""
        units = self.off(tensor) | {unit} if is_off else self.off(tensor) - {unit}
        self._off = {**self._off, tensor: units}
        if not units:
            del self._off[tensor]
        self._prepare(network)

    def set_noise(self, network: "WatchedNetwork", tensor: int, *, is_noisy: bool) -> None:
        """Put noise on a layer, or take it away."""
        self._noisy = self._noisy | {tensor} if is_noisy else self._noisy - {tensor}
        self._prepare(network)

    def mend(self) -> None:
        """Break nothing any more."""
        self._off, self._noisy, self._broken = {}, frozenset(), None
        self._number += 1
        self.changed.emit()

    def recognition(self, look: "Look", ink: npt.NDArray[np.float32]) -> "Recognition | None":
        """Return what the broken network answers; None if nothing is broken, or not yet."""
        if self._broken is None or not self.is_broken:
            return None
        from model.recognizer import Recognition

        metadata = look.network.metadata
        breaks = {tensor: self._break(look, tensor) for tensor in self._tensors}
        probabilities = self._broken.probabilities(ink, breaks)
        return Recognition.judged(
            probabilities, metadata.class_names, metadata.verdicts, has_ink=bool(ink.any())
        )

    @property
    def _tensors(self) -> tuple[int, ...]:
        return tuple(sorted({*self._off, *self._noisy}))

    def _break(self, look: "Look", tensor: int) -> "Break":
        from model.activations.broken_network import unbroken, with_noise

        output = look.values(tensor)
        broken = with_noise(output, NOISE) if tensor in self._noisy else unbroken(output)
        for unit in self.off(tensor):
            broken.switch_off(unit)
        return broken

    def _prepare(self, network: "WatchedNetwork") -> None:
        """Make the broken network in the thread: the first takes a third of a second."""
        self._number += 1
        self._broken = None
        if not self.is_broken:
            self.changed.emit()
            return
        number, tensors = self._number, self._tensors

        def make() -> "BrokenNetwork":
            from model.activations.broken_network import BrokenNetwork

            return BrokenNetwork(network, tensors)

        def fail(error: BaseException) -> None:
            if number == self._number:
                self.mend()
                self.failed.emit(error)

        self._worker.call(make, then=self._taker(number), failed=fail)

    def _taker(self, number: int) -> "Callable[[BrokenNetwork], None]":
        def take(broken: "BrokenNetwork") -> None:
            if number == self._number:
                self._broken = broken
                self.changed.emit()

        return take
