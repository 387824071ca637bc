"""A task that another program watches: however it ends, a terminal event says so."""

import os
import threading
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

from model.errors import DigitpadError, system_sentence
from model.protocol import MAX_LINE_BYTES, Stop, decode_request
from model.run_events import Event, Failed
from model.worker.control import AbandonedError

if TYPE_CHECKING:
    from model.worker.event_writer import EventWriter

BUG_KIND = "bug"


def run_task(writer: "EventWriter", task: Callable[[], Event]) -> int:
    """Run a task and write its terminal event; return the exit code.

    Args:
        writer: Writes the events.
        task: Returns the terminal event, or raises; its error becomes the terminal event.

    Raises:
        AbandonedError: If the reader is gone.
    """
    try:
        writer.send(task())
    except AbandonedError:
        raise
    except Exception as error:  # noqa: BLE001  # the border: an unknown error is a bug
        failed = failed_event(error)
        is_bug = failed.kind == BUG_KIND
        if is_bug:
            traceback.print_exc()
        writer.send(failed)
        return 1 if is_bug else 2
    return 0


def end_on_request(end: Callable[[], object]) -> None:
    """Call `end` in a thread when standard input brings a request to stop.

    Windows can't terminate a child without a window, so it is asked. The end of standard input
    means nothing: a script may have given none.
    """

    def read_requests() -> None:
        # Unbuffered, because a buffered reader holds a lock that the interpreter's end needs.
        with os.fdopen(os.dup(0), "rb", buffering=0) as requests:
            while line := requests.readline(MAX_LINE_BYTES):
                if isinstance(decode_request(line), Stop):
                    end()
                    return

    threading.Thread(target=read_requests, daemon=True).start()


def failed_event(error: Exception) -> Failed:
    """Return the terminal event for an error."""
    if isinstance(error, DigitpadError):
        return Failed(kind=type(error).__name__, sentence=error.sentence, detail=error.detail)
    if isinstance(error, OSError):
        return Failed(kind="OSError", sentence=system_sentence(error), detail=str(error))
    return Failed(
        kind=BUG_KIND,
        sentence="This failed because of a bug in Digitpad; its details help to fix it.",
        detail="".join(traceback.format_exception(error)),
    )
