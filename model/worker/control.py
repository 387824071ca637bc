"""Requests to a run: to end, or to recognise an ink image with the network of this moment."""

import threading
from collections import deque

from model.errors import TrainingError
from model.protocol import Probe

MAX_WAITING_PROBES = 8


class AbandonedError(Exception):
    """The program that listens to the run is gone."""


class StoppedError(TrainingError):
    """A run was stopped before it had anything to keep."""


class RunControl:
    """Requests to a run, made from any thread and obeyed between two batches.

    Attributes:
        has_something_to_keep: Whether the run has finished an epoch, or resumed after one.
    """

    def __init__(self) -> None:
        self.has_something_to_keep = False
        self._stop = threading.Event()
        self._abandon = threading.Event()
        # A full deque drops the oldest probe, and appending and popping need no lock.
        self._probes: deque[Probe] = deque(maxlen=MAX_WAITING_PROBES)

    @property
    def is_stop_requested(self) -> bool:
        """Whether to end soon and keep the best epoch so far."""
        return self._stop.is_set()

    @property
    def is_abandoned(self) -> bool:
        """Whether to end at once and keep nothing, because the listener is gone."""
        return self._abandon.is_set()

    def stop(self) -> None:
        """Ask the run to end soon; it keeps the best epoch so far."""
        self._stop.set()

    def abandon(self) -> None:
        """Ask the run to end at once; it keeps nothing."""
        self._abandon.set()
        self._stop.set()

    def check(self) -> None:
        """Obey where no batch runs.

        Raises:
            AbandonedError: If the listener is gone.
            StoppedError: If the run is to end, and has nothing to keep.
        """
        if self.is_abandoned:
            raise AbandonedError
        if self.is_stop_requested and not self.has_something_to_keep:
            raise StoppedError(
                "The training was stopped before its first epoch was over; nothing was kept."
            )

    def ask(self, probe: Probe) -> None:
        """Have a probe answered after the next batch; of too many, the newest are answered."""
        self._probes.append(probe)

    def next_probe(self) -> Probe | None:
        """Take the oldest probe that waits; None where there is none."""
        try:
            return self._probes.popleft()
        except IndexError:
            return None
