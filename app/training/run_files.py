"""The files of a run: the name reserved for its model, and what an interrupted run leaves.

A window that is killed can keep nothing more. The run's checkpoint then holds what the network
had learned by the end of its last epoch, and the note beside it holds the job to resume.
"""

import errno
import logging
import shutil
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QLockFile

from app.style.dates import day_and_time
from model.checkpoint_file import checkpoint_path, read_record
from model.data.datasets import dataset_title
from model.errors import TrainingError, system_reason
from model.files.atomic_file import atomic_path
from model.files.regular_files import read_regular
from model.metadata import EpochFigures
from model.training_job import NOTE_SUFFIX, TrainingJob

_log = logging.getLogger(__name__)

KEPT_SECONDS = 7 * 24 * 3600
"""Time after which an interrupted run that is not resumed is removed."""

MAX_NOTE_BYTES = 1 << 20
MAX_SAME_NAMES = 1000


class NewModelFile:
    """A name reserved for a model file, so that no other window takes it.

    The reservation ends with `release`, or with the process, however that ends.

    Attributes:
        path: The model file; it does not exist yet.
    """

    def __init__(self, path: Path, lock: QLockFile) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def named(cls, folder: Path, title: str, moment: datetime) -> "NewModelFile":
        """Reserve a free name such as `digitpad 4 May 13.37.keras`.

        Args:
            folder: The models folder; made if it is missing.
            title: The beginning of the name.
            moment: The local time in the name.

        Raises:
            TrainingError: If the folder can't be written.
        """
        name = f"{title} {day_and_time(moment)}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return cls._first_free(folder, name)
        except OSError as error:
            raise TrainingError(
                f"The new model can't be kept in {folder}: {system_reason(error)}."
                " Make room, or give the folder back its rights.",
                detail=str(error),
            ) from error

    @classmethod
    def reserved(cls, path: Path) -> "NewModelFile | None":
        """Reserve a known name; None if another window has reserved it.

        Raises:
            OSError: If the folder can't be written.
        """
        lock = QLockFile(str(path.with_name(f".{path.stem}.held")))
        # A lock is void when its window has ended, whatever its age: a run can take days.
        lock.setStaleLockTime(0)
        if lock.tryLock(0):
            return cls(path, lock)
        if lock.error() is not QLockFile.LockError.LockFailedError:
            raise PermissionError(errno.EACCES, "it can't be written", str(path.parent))
        return None

    @classmethod
    def _first_free(cls, folder: Path, name: str) -> "NewModelFile":
        for number in range(1, MAX_SAME_NAMES):
            path = folder / (f"{name}.keras" if number == 1 else f"{name} ({number}).keras")
            if path.exists() or checkpoint_path(path).exists():
                continue
            new_file = cls.reserved(path)
            # Another window may have finished with the name between the look and the lock.
            if new_file is not None and not path.exists():
                return new_file
        raise FileExistsError(errno.EEXIST, "there are too many models of that name", str(folder))

    def release(self) -> None:
        """End the reservation."""
        self._lock.unlock()


@dataclass(frozen=True, eq=False)
class InterruptedRun:
    """A run that can be resumed.

    Attributes:
        job: The job that resumes it.
        epochs_done: How many epochs it has finished.
        moment: When it finished the last of them, in seconds since 1970.
    """

    job: TrainingJob
    epochs_done: int
    moment: float

    @property
    def sentence(self) -> str:
        """What happened, for the user."""
        recipe = self.job.recipe
        data = dataset_title(recipe.dataset)
        return (
            f"Training of {recipe.title or recipe.name} on {data} was interrupted after epoch"
            f" {self.epochs_done} of {recipe.epochs}. What it had learned by then is saved, and it"
            " can go on within a week."
        )


def finished_epochs(out: Path) -> tuple[tuple[EpochFigures, ...], int]:
    """Return the epochs of the run that writes `out`, as far as its checkpoint has them.

    Returns:
        One row per finished epoch, and the number of the best one; nothing and 0 without a
        checkpoint that can be read.
    """
    try:
        record = read_record(checkpoint_path(out))
    except (OSError, TrainingError):
        return (), 0
    return record.history, record.best_epoch


def note_job(job: TrainingJob) -> None:
    """Write the note of a run, from which it can be resumed.

    Raises:
        OSError: If the folder can't be written.
    """
    with atomic_path(_note(job.out)) as temporary:
        temporary.write_bytes(msgspec.json.encode(replace(job, is_resumed=True), enc_hook=str))


def held_first_model(job: TrainingJob) -> Path | None:
    """Give the model that a run begins with a second name, which is the run's own.

    The file is read after the libraries are loaded, and again by a resumed run; meanwhile the user
    may rename or delete it. Where a file can have one name only, it is that.
    """
    first = job.from_model
    if first is None:
        return None
    held = _first_model_folder(job.out) / first.name
    if first == held or (held.exists() and not first.exists()):
        return held  # of a resumed run, wherever the folder has been moved to since
    try:
        held.parent.mkdir(exist_ok=True)
        held.unlink(missing_ok=True)
        held.hardlink_to(first)
    except OSError as error:
        _log.info("%s has no second name: %s", first, error)
        shutil.rmtree(held.parent, ignore_errors=True)
        return first
    return held


def remove_leftovers(out: Path) -> None:
    """Remove the note, the checkpoint and the held first model of the run that writes `out`."""
    shutil.rmtree(_first_model_folder(out), ignore_errors=True)
    _note(out).unlink(missing_ok=True)
    checkpoint_path(out).unlink(missing_ok=True)


def interrupted_runs(folder: Path) -> list[InterruptedRun]:
    """Return the runs in the models folder that have a checkpoint, newest first.

    Runs that are going on are among them; `reserve_interrupted_run` passes them over.
    """
    runs = map(_interrupted_run, folder.glob(f".*{NOTE_SUFFIX}"))
    return sorted(filter(None, runs), key=lambda run: run.moment, reverse=True)


def reserve_interrupted_run(folder: Path) -> tuple[InterruptedRun, NewModelFile] | None:
    """Reserve the name of the newest run that no window has reserved; None if there is none.

    None, too, if the folder can't be written: nothing could be trained there.
    """
    for run in interrupted_runs(folder):
        try:
            new_file = NewModelFile.reserved(run.job.out)
        except OSError:
            return None
        if new_file is not None:
            return run, new_file
    return None


def _interrupted_run(note: Path) -> InterruptedRun | None:
    # Beside the note, wherever the folder has been moved to since.
    out = note.with_name(note.name.removeprefix(".").removesuffix(NOTE_SUFFIX) + ".keras")
    checkpoint = checkpoint_path(out)
    try:
        moment = (checkpoint if checkpoint.exists() else note).stat().st_mtime
        if time.time() - moment > KEPT_SECONDS:
            _remove_unless_reserved(out)
            return None
        job = msgspec.json.decode(
            read_regular(note, max_bytes=MAX_NOTE_BYTES), type=TrainingJob, dec_hook=_decoded
        )
        epochs_done = len(read_record(checkpoint).history)
    except (OSError, msgspec.MsgspecError, TrainingError):
        # The note is damaged, or the run was in its first epoch.
        return None
    return InterruptedRun(replace(job, out=out), epochs_done, moment)


def _remove_unless_reserved(out: Path) -> None:
    new_file = NewModelFile.reserved(out)
    if new_file is not None:
        remove_leftovers(out)
        new_file.release()


def _note(out: Path) -> Path:
    return out.with_name(f".{out.stem}{NOTE_SUFFIX}")


def _first_model_folder(out: Path) -> Path:
    return out.with_name(f".{out.stem}.first")


def _decoded(kind: type, value: Any) -> Any:
    """Turn text back into a path, the only kind of value here that JSON lacks."""
    if kind is Path or issubclass(kind, Path):
        return Path(value)
    raise NotImplementedError(kind)
