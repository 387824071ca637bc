"""Runs that ended with their window: what they were to do is noted, so that they can go on.

A window that is killed can keep nothing any more. What its run had learnt by the end of its last
epoch is in the run's checkpoint; the order beside it says how to start the run again.
"""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from app.training.new_model_file import NewModelFile
from app.training.order import ORDER_SUFFIX, TrainingOrder
from model.data.datasets import dataset_title
from model.errors import TrainingError
from model.files.atomic_file import atomic_path
from model.training.checkpoint import checkpoint_path, read_record

FORGOTTEN_AFTER_S = 7 * 24 * 3600
"""What nobody has asked for in a week is removed."""


@dataclass(frozen=True, eq=False)
class InterruptedRun:
    """A run that can go on.

    Attributes:
        order: How to start it again.
        epochs_done: How many of its epochs it finished.
        moment: When it finished the last of them, in seconds since 1970.
    """

    order: TrainingOrder
    epochs_done: int
    moment: float

    @property
    def sentence(self) -> str:
        """What happened."""
        recipe = self.order.choice.recipe
        data = dataset_title(recipe.dataset)
        return (
            f"Training of {recipe.name} on {data} was interrupted after epoch"
            f" {self.epochs_done} of {recipe.epochs}. What it had learned by then is saved, and it"
            " can go on within a week."
        )


def note_order(order: TrainingOrder) -> None:
    """Put an order beside the file that its run will write.

    Raises:
        OSError: If the folder can't be written.
    """
    with atomic_path(_order_file(order.out)) as temporary:
        temporary.write_bytes(msgspec.json.encode(replace(order, is_resumed=True), enc_hook=str))


def forget_run(out: Path) -> None:
    """Remove what is left of the run that was to write `out`."""
    _order_file(out).unlink(missing_ok=True)
    checkpoint_path(out).unlink(missing_ok=True)


def interrupted_runs(folder: Path) -> list[InterruptedRun]:
    """Return the runs in a folder of models that have something to go on with, newest first.

    Those that are going on now are among them; `hold_interrupted_run` tells them apart.
    """
    runs = map(_interrupted_run, folder.glob(f".*{ORDER_SUFFIX}"))
    return sorted(filter(None, runs), key=lambda run: run.moment, reverse=True)


def hold_interrupted_run(folder: Path) -> tuple[InterruptedRun, NewModelFile] | None:
    """Return the newest run that no window works on, and hold its name; None where there is none.

    Nor is there one where the folder can't be written, and nothing could be trained.
    """
    for run in interrupted_runs(folder):
        try:
            place = NewModelFile.held(run.order.out)
        except OSError:
            return None
        if place is not None:
            return run, place
    return None


def _interrupted_run(file: Path) -> InterruptedRun | None:
    # By the order's own place, wherever the folder has been moved to since.
    out = file.with_name(file.name.removeprefix(".").removesuffix(ORDER_SUFFIX) + ".keras")
    checkpoint = checkpoint_path(out)
    try:
        moment = (checkpoint if checkpoint.exists() else file).stat().st_mtime
        if time.time() - moment > FORGOTTEN_AFTER_S:
            _forget_unless_held(out)
            return None
        order = msgspec.json.decode(file.read_bytes(), type=TrainingOrder, dec_hook=_decoded)
        epochs_done = len(read_record(checkpoint).history)
    except (OSError, msgspec.MsgspecError, TrainingError):
        # The order is damaged, or the run was in its first epoch.
        return None
    return InterruptedRun(replace(order, out=out), epochs_done, moment)


def _forget_unless_held(out: Path) -> None:
    place = NewModelFile.held(out)
    if place is not None:
        forget_run(out)
        place.release()


def _order_file(out: Path) -> Path:
    return out.with_name(f".{out.stem}{ORDER_SUFFIX}")


def _decoded(kind: type, value: Any) -> Any:
    """Turn text back into a path; the one kind of value that JSON does not know."""
    if kind is Path or issubclass(kind, Path):
        return Path(value)
    raise NotImplementedError(kind)
