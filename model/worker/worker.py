"""A worker: a process that writes events and obeys the requests on its standard input."""

import os
import threading
import time
from collections.abc import Callable

from model.protocol import (
    MAX_LINE_BYTES,
    GoOn,
    Pause,
    Probe,
    Skip,
    Stop,
    TerminalEvent,
    decode_request,
)
from model.run_events import Listener
from model.worker.control import AbandonedError, RunControl, StoppedError
from model.worker.event_writer import EventWriter
from model.worker.priority import lower_priority
from model.worker.tasks import failed_event, run_task

STOP_TIMEOUT_SECONDS = 1.0
"""How long a run with nothing to keep may take to end after a stop."""

HEARTBEAT_SECONDS = 10.0


def run_worker(task: Callable[[Listener, RunControl], TerminalEvent]) -> int:
    """Run a task in this process; return the exit code.

    Args:
        task: Is called with what sends its events and with the requests that it obeys. Returns
            the terminal event, or raises; its error becomes the terminal event.
    """
    writer = EventWriter()
    control = RunControl()
    lower_priority()
    for target in (_read_requests, _send_heartbeats):
        threading.Thread(target=target, args=(control, writer), daemon=True).start()
    try:
        return _run(task, writer, control)
    except AbandonedError:
        return 0


def _run(
    task: Callable[[Listener, RunControl], TerminalEvent],
    writer: EventWriter,
    control: RunControl,
) -> int:
    try:
        return run_task(writer, lambda: task(writer.send, control))
    except AbandonedError:
        writer.send(failed_event(StoppedError("The window is gone, so the training ended.")))
        return 0


def _read_requests(control: RunControl, writer: EventWriter) -> None:
    """Obey the requests on standard input; its end means that the window is gone."""
    # Unbuffered: a buffered reader would hold a lock that the end of the interpreter needs.
    with os.fdopen(os.dup(0), "rb", closefd=True) as requests:
        while line := requests.readline(MAX_LINE_BYTES):
            request = decode_request(line)
            if isinstance(request, Probe):
                control.ask(request)
            elif isinstance(request, Pause):
                control.pause()
            elif isinstance(request, GoOn):
                control.go_on()
            elif isinstance(request, Skip):
                control.skip()
            elif isinstance(request, Stop):
                control.stop()
                _start_stop_timeout(control, writer)
    control.abandon()
    _start_stop_timeout(control, writer)


def _send_heartbeats(control: RunControl, writer: EventWriter) -> None:
    """Write heartbeats while libraries load or compile: the window ends a silent worker."""
    try:
        while not control.is_abandoned:
            time.sleep(HEARTBEAT_SECONDS)
            writer.send_heartbeat()
    except AbandonedError:
        control.abandon()


def _start_stop_timeout(control: RunControl, writer: EventWriter) -> None:
    """End the process where the run can't: it may be importing, or in one long batch."""

    def end() -> None:
        if control.has_something_to_keep and not control.is_abandoned:
            return
        try:
            writer.send(
                failed_event(StoppedError("The training was stopped; there is nothing to keep."))
            )
        finally:
            # Also when the writer fails: a window that is gone leaves no process.
            os._exit(0 if control.is_abandoned else 2)

    timer = threading.Timer(STOP_TIMEOUT_SECONDS, end)
    timer.daemon = True
    timer.start()
