"""A run that another program watches: events on standard output, requests on standard input."""

import os
import sys
import threading
import time
from collections.abc import Callable

from model.protocol import (
    MAX_LINE_BYTES,
    TERMINAL_EVENTS,
    Event,
    Preparing,
    Probe,
    Stop,
    decode_request,
    encode_line,
)
from model.training.job import TrainingJob, run_job
from model.worker.control import AbandonedError, RunControl, StoppedError
from model.worker.tasks import failed_event, run_task

PATIENCE_SECONDS = 1.0
"""How long a run that has nothing to keep may take to end once it is asked to."""

SECONDS_BETWEEN_SIGNS = 10.0

LONGEST_ACTIVITY_SECONDS = 300.0
"""Loading a library from a cold disk, or converting a network, is over by then."""

_NICENESS = 10
_BELOW_NORMAL_PRIORITY_CLASS = 0x4000


class EventPipe:
    """The one way out for events, taken away from everything else that prints."""

    def __init__(self) -> None:
        """Keep a duplicate of standard output and let prints of libraries go to standard error."""
        sys.stdout.flush()
        self._file = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)
        self._lock = threading.Lock()
        self._is_over = False
        self._activity: Preparing | None = None
        self._activity_began = 0.0

    def send(self, event: Event) -> None:
        """Write an event; nothing after a terminal one.

        Raises:
            AbandonedError: If nobody reads any more.
        """
        with self._lock:
            if self._is_over:
                return
            line = encode_line(event)
            # Only now: were it not to be written, another last event must be.
            self._is_over = isinstance(event, TERMINAL_EVENTS)
            self._activity = event if isinstance(event, Preparing) else None
            self._activity_began = time.monotonic()
            self._write(line)

    def repeat_activity(self) -> None:
        """Say once more what is being prepared, unless that takes so long that it must hang.

        Raises:
            AbandonedError: If nobody reads any more.
        """
        with self._lock:
            lasted = time.monotonic() - self._activity_began
            if self._activity and lasted < LONGEST_ACTIVITY_SECONDS:
                self._write(encode_line(self._activity))

    def _write(self, line: bytes) -> None:
        try:
            self._file.write(line)
        except OSError as error:
            raise AbandonedError from error


def run_on_pipes(make_job: Callable[[], TrainingJob]) -> int:
    """Run a job; return the exit code.

    Args:
        make_job: Makes the job; its mistakes become the terminal event like any other.
    """
    pipe = EventPipe()
    control = RunControl()
    _lower_priority()
    threading.Thread(target=_read_requests, args=(control, pipe), daemon=True).start()
    threading.Thread(target=_stay_heard, args=(control, pipe), daemon=True).start()
    try:
        return _run(make_job, pipe, control)
    except AbandonedError:
        return 0


def _run(make_job: Callable[[], TrainingJob], pipe: EventPipe, control: RunControl) -> int:
    try:
        return run_task(pipe, lambda: run_job(make_job(), pipe.send, control))
    except AbandonedError:
        pipe.send(failed_event(StoppedError("The window is gone, so the training ended.")))
        return 0


def _read_requests(control: RunControl, pipe: EventPipe) -> None:
    """Obey what comes on standard input; its end means that the window is gone."""
    # Unbuffered, because a buffered reader would hold a lock that the interpreter's end needs.
    with os.fdopen(os.dup(0), "rb", closefd=True) as requests:
        while line := requests.readline(MAX_LINE_BYTES):
            request = decode_request(line)
            if isinstance(request, Probe):
                control.ask(request)
            elif isinstance(request, Stop):
                control.stop()
                _watch(control, pipe)
    control.abandon()
    _watch(control, pipe)


def _stay_heard(control: RunControl, pipe: EventPipe) -> None:
    """Give signs of life while libraries load or compile: who says nothing is taken for hanging."""
    try:
        while not control.is_abandoned:
            time.sleep(SECONDS_BETWEEN_SIGNS)
            pipe.repeat_activity()
    except AbandonedError:
        control.abandon()


def _watch(control: RunControl, pipe: EventPipe) -> None:
    """End the process where the run can't: it may be importing, or in one long batch."""

    def end() -> None:
        if control.has_something_to_keep and not control.is_abandoned:
            return
        try:
            pipe.send(
                failed_event(StoppedError("The training was stopped; there is nothing to keep."))
            )
        finally:
            # Also where nobody reads any more: a window that is gone leaves no process.
            os._exit(0 if control.is_abandoned else 2)

    timer = threading.Timer(PATIENCE_SECONDS, end)
    timer.daemon = True
    timer.start()


def _lower_priority() -> None:
    """Leave the processor to the window where both want it."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(_NICENESS)
