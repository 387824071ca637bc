"""The events of a process that another program watches: one JSON line each, on standard output."""

import os
import sys
import threading
import time

from model.protocol import TERMINAL_EVENTS, encode_line
from model.run_events import Event, Paused, Preparing
from model.worker.control import AbandonedError

MAX_ACTIVITY_SECONDS = 300.0
"""An activity that takes longer hangs: loading a library from a cold disk takes less."""


class EventWriter:
    """Writes events to standard output, which nothing else reaches any more."""

    def __init__(self) -> None:
        """Keep a duplicate of standard output and send what libraries print to standard error."""
        sys.stdout.flush()
        self._file = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)
        self._lock = threading.Lock()
        self._has_ended = False
        self._activity: Preparing | Paused | None = None
        self._activity_began = 0.0

    def send(self, event: Event) -> None:
        """Write an event; after a terminal one, nothing.

        Raises:
            AbandonedError: If the reader is gone.
        """
        with self._lock:
            if self._has_ended:
                return
            line = encode_line(event)
            # Set after encoding: a terminal event that can't be encoded is followed by another.
            self._has_ended = isinstance(event, TERMINAL_EVENTS)
            self._activity = event if isinstance(event, Preparing | Paused) else None
            self._activity_began = time.monotonic()
            self._write(line)

    def send_heartbeat(self) -> None:
        """Write the current activity again, unless it has taken so long that it must be hung.

        A pause may last as long as the user likes.

        Raises:
            AbandonedError: If the reader is gone.
        """
        with self._lock:
            lasted = time.monotonic() - self._activity_began
            may_last = isinstance(self._activity, Paused) or lasted < MAX_ACTIVITY_SECONDS
            if self._activity and may_last:
                self._write(encode_line(self._activity))

    def _write(self, line: bytes) -> None:
        try:
            self._file.write(line)
        except OSError as error:
            raise AbandonedError from error
