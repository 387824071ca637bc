"""What is asked of a run from outside: end, or say what the network sees now."""

import threading
from collections import deque

from model.errors import TrainingError
from model.protocol import Probe

MAX_WAITING_PROBES = 8


class AbandonedError(Exception):
    """Nobody listens to the run any more."""


class StoppedError(TrainingError):
    """A run that was stopped before it had anything to keep."""


class RunControl:
    """Requests to a run, made from any thread and obeyed between two batches.

    Attributes:
        has_something_to_keep: Set by the run when its first epoch is over.
    """

    def __init__(self) -> None:
        self.has_something_to_keep = False
        self._stop = threading.Event()
        self._abandon = threading.Event()
        # A deque drops the oldest by itself, and its appends and pops need no lock.
        self._probes: deque[Probe] = deque(maxlen=MAX_WAITING_PROBES)

    @property
    def is_stop_requested(self) -> bool:
        """Whether to end soon and keep the best epoch so far."""
        return self._stop.is_set()

    @property
    def is_abandoned(self) -> bool:
        """Whether to end at once and keep nothing, because nobody listens any more."""
        return self._abandon.is_set()

    def stop(self) -> None:
        """Ask for an end soon; the best epoch so far is kept."""
        self._stop.set()

    def abandon(self) -> None:
        """Ask for an end at once; nothing is kept."""
        self._abandon.set()
        self._stop.set()

    def check(self) -> None:
        """Obey where there is nothing to keep yet.

        Raises:
            AbandonedError: If nobody listens any more.
            StoppedError: If an end was asked for.
        """
        if self.is_abandoned:
            raise AbandonedError
        if self.is_stop_requested:
            raise StoppedError(
                "The training was stopped before its first epoch was over; nothing was kept."
            )

    def ask(self, probe: Probe) -> None:
        """Have a probe answered after the next batch; of too many the oldest are forgotten."""
        self._probes.append(probe)

    def next_probe(self) -> Probe | None:
        """Take the oldest probe that waits; None where none does."""
        try:
            return self._probes.popleft()
        except IndexError:
            return None
