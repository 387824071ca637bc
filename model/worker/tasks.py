"""A task that another program watches: whatever becomes of it, one last event says it."""

import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

from model.errors import DigitpadError
from model.protocol import Event, Failed
from model.worker.control import AbandonedError

if TYPE_CHECKING:
    from model.worker.event_writer import EventPipe

BUG_KIND = "bug"


def run_task(pipe: "EventPipe", task: Callable[[], Event]) -> int:
    """Do a task and send its last event; return the exit code.

    Args:
        pipe: Where events go.
        task: Returns the last event, or raises.

    Raises:
        AbandonedError: If nobody listens any more.
    """
    try:
        pipe.send(task())
    except AbandonedError:
        raise
    except Exception as error:  # noqa: BLE001  # the border: what has no name here is a bug
        failed = failed_event(error)
        is_bug = failed.kind == BUG_KIND
        if is_bug:
            traceback.print_exc()
        pipe.send(failed)
        return 1 if is_bug else 2
    return 0


def failed_event(error: Exception) -> Failed:
    """Return the last event of what ended by an error."""
    if isinstance(error, DigitpadError):
        return Failed(kind=type(error).__name__, sentence=error.sentence, detail=error.detail)
    if isinstance(error, OSError):
        sentence = f"The system refused: {error.strerror or error}."
        return Failed(kind="OSError", sentence=sentence, detail=str(error))
    return Failed(
        kind=BUG_KIND,
        sentence="This failed because of a bug in Digitpad; its details help whoever fixes it.",
        detail="".join(traceback.format_exception(error)),
    )
