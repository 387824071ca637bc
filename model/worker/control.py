"""Requests to a run: to end, to rest, or to recognise an ink image with its network."""

import threading
import time
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
        has_something_to_keep: Whether the run has begun to learn.
    """

    def __init__(self) -> None:
        self.has_something_to_keep = False
        self._stop = threading.Event()
        self._skip = threading.Event()
        self._abandon = threading.Event()
        self._is_paused = threading.Event()
        self._may_go_on = threading.Event()
        self._paused_seconds = 0.0
        # A full deque drops the oldest probe, and appending and popping need no lock.
        self._probes: deque[Probe] = deque(maxlen=MAX_WAITING_PROBES)

    @property
    def is_stop_requested(self) -> bool:
        """Whether to end soon and keep what was learned."""
        return self._stop.is_set()

    @property
    def is_skip_requested(self) -> bool:
        """Whether to leave out the work that goes on, if it can be left out."""
        return self._skip.is_set()

    @property
    def is_abandoned(self) -> bool:
        """Whether to end at once and keep nothing, because the listener is gone."""
        return self._abandon.is_set()

    @property
    def is_paused(self) -> bool:
        """Whether to rest."""
        return self._is_paused.is_set()

    def stop(self) -> None:
        """Ask the run to end soon; it keeps what it has learned."""
        self._stop.set()
        self.go_on()

    def skip(self) -> None:
        """Ask the run to leave out what it can after the training."""
        self._skip.set()

    def pause(self) -> None:
        """Ask the run to rest after the current batch, unless it is to end."""
        if not self.is_stop_requested:
            self._may_go_on.clear()
            self._is_paused.set()

    def go_on(self) -> None:
        """End a pause."""
        self._is_paused.clear()
        self._may_go_on.set()

    def rest(self, seconds: float) -> None:
        """Wait for the end of the pause, but no longer than `seconds`."""
        began = time.monotonic()
        self._may_go_on.wait(seconds)
        self._paused_seconds += time.monotonic() - began

    def working_time(self) -> float:
        """Return seconds of a clock that stands still during pauses."""
        return time.monotonic() - self._paused_seconds

    def abandon(self) -> None:
        """Ask the run to end at once; it keeps nothing."""
        self._abandon.set()
        self.stop()

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
                "The training was stopped before its first batch; there is nothing to keep."
            )

    def ask(self, probe: Probe) -> None:
        """Have a probe answered after the next batch; of too many, the newest are answered."""
        self._probes.append(probe)

    def next_probe(self) -> Probe | None:
        """Take the oldest probe that waits; None if there is none."""
        try:
            return self._probes.popleft()
        except IndexError:
            return None
