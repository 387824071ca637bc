"""A task that another program watches: whatever becomes of it, one last event says it."""

import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

from model.errors import DigitpadError
from model.protocol import Event, Failed

if TYPE_CHECKING:
    from model.runs.piped_run import EventPipe


def run_task(pipe: "EventPipe", task: Callable[[], Event]) -> int:
    """Do a task and send its last event; return the exit code.

    Args:
        pipe: Where events go.
        task: Returns the last event, or raises.
    """
    try:
        pipe.send(task())
    except DigitpadError as error:
        pipe.send(Failed(kind=type(error).__name__, sentence=error.sentence, detail=error.detail))
        return 2
    except OSError as error:
        pipe.send(Failed(kind="OSError", sentence=f"The system refused: {error}."))
        return 2
    except Exception as error:  # noqa: BLE001  # the border: what escapes here is a bug
        pipe.send(
            Failed(
                kind="bug",
                sentence="This failed because of a bug in Digitpad; please report it.",
                detail="".join(traceback.format_exception(error)),
            )
        )
        return 1
    return 0
