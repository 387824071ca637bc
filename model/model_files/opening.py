"""Opening a model file from any source: a child inspects, builds, converts and compares it.

This is the parent's part. A file that was imported before is found in the cache by its hash,
without Keras and without a child.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from model.errors import ModelFileError
from model.files.temporary_folders import temporary_folder
from model.metadata import InputFormat
from model.model_files.inspection import read_model_bytes
from model.model_files.model_file import converted_model_of
from model.pixel_ranges import pixels_name
from model.progress import ReportProgress
from model.protocol import MAX_LINE_BYTES, decode_task_event
from model.recognizer import Recognizer
from model.run_events import Failed, Preparing
from model.task_events import Asked, Imported, InputChoice

IDLE_SECONDS = 30.0
"""A child that is silent for this long counts as hung; loading TensorFlow has its own limit."""

STARTING_SECONDS = 120.0
"""Loading TensorFlow from a cold disk takes long; the file plays no part in it yet."""

PROJECT_FOLDER = Path(__file__).resolve().parents[2]
"""The folder in which a child starts: in another one, a folder `model` could hide ours."""

_ERROR_BYTES = 4000


class UnknownPixelsError(ModelFileError):
    """The file does not say which pixels its network expects; the user must choose them.

    Attributes:
        choices: All there are, the likeliest first.
    """

    def __init__(self, sentence: str, choices: tuple[InputChoice, ...]) -> None:
        super().__init__(sentence)
        self.choices = choices


def import_arguments(
    path: Path, *, input_format: InputFormat | None = None, sha256: str = ""
) -> tuple[str, ...]:
    """Return the arguments of `python -m model` that import a file.

    The child prints events; the last is `Imported`, `Asked` or `Failed`.

    Args:
        path: The model file.
        input_format: The pixels that the user chose; None if the user was not asked.
        sha256: Hash of the file that the user has agreed to; the child refuses any other.
    """
    arguments = ["import", str(path.absolute()), "--json"]
    if input_format is not None:
        arguments += ["--pixels", pixels_name(input_format)]
    if sha256:
        arguments += ["--sha256", sha256]
    return tuple(arguments)


def child_environment(scratch: Path, *, trains: bool = False) -> dict[str, str]:
    """Return the environment variables of a child that opens files, or trains for a moment.

    Args:
        scratch: An empty folder for its temporary files; the parent removes it afterwards.
        trains: Whether it uses the backend and the device that a run would.
    """
    # Without training, a GPU would only cost time and memory.
    fixed = {} if trains else {"KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": "-1"}
    return {
        **os.environ,
        **fixed,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch)),
    }


def known_model(path: Path, input_format: InputFormat | None = None) -> Path | None:
    """Return the converted model of a file that was imported before; None if it was not.

    It needs neither Keras nor a child, only the time to read and hash the file.

    Args:
        path: The model file.
        input_format: The pixels that it must have been converted for; any if None.

    Raises:
        ModelFileError: If the file can't be read.
    """
    litert_file = converted_model_of(hashlib.sha256(read_model_bytes(path)).hexdigest())
    if litert_file is None or input_format is None:
        return litert_file
    known = Recognizer.from_files(litert_file).metadata.input_format
    return litert_file if known.has_same_pixels(input_format) else None


def import_model(
    path: Path,
    *,
    progress: ReportProgress | None = None,
    input_format: InputFormat | None = None,
) -> Path:
    """Open a model file and wait until its converted model is ready.

    Args:
        path: A `.keras` or `.h5` file, from anywhere.
        progress: Gets the activity and the fraction that is done.
        input_format: The pixels that the user chose; None if the user was not asked.

    Returns:
        The LiteRT file, with its record beside it: what `Recognizer.from_files` reads.

    Raises:
        UnknownPixelsError: If `input_format` must be given.
        ModelFileError: If the file is refused, damaged, or no network for ink images.
    """
    litert_file = known_model(path, input_format)
    if litert_file is not None:
        return litert_file
    arguments = import_arguments(path, input_format=input_format)
    event = run_import([sys.executable, "-m", "model", *arguments], progress)
    if isinstance(event, Imported):
        return Path(event.litert_file)
    if isinstance(event, Asked):
        raise UnknownPixelsError(event.sentence, event.choices)
    raise ModelFileError(event.sentence, detail=event.detail)


def run_import(
    command: Sequence[str], progress: ReportProgress | None = None
) -> Imported | Asked | Failed:
    """Run a child that imports a file, and return its outcome as one event.

    A child that hangs ends itself: it watches its own steps.

    Args:
        command: Program and arguments.
        progress: Gets the activity and the fraction that is done.
    """
    with (
        temporary_folder() as scratch,
        tempfile.TemporaryFile(dir=scratch) as errors,
        subprocess.Popen(
            command,
            cwd=PROJECT_FOLDER,
            env=child_environment(scratch),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as child,
    ):
        try:
            event = _last_event(child.stdout, progress) if child.stdout else None
        finally:
            child.kill()
        return event or Failed(
            kind="ModelFileError",
            sentence="Opening the file was given up: the process that read it ended or hung."
            " The file may be damaged or too large.",
            detail=_tail(errors),
        )


def _last_event(
    output: IO[bytes], progress: ReportProgress | None
) -> Imported | Asked | Failed | None:
    while line := output.readline(MAX_LINE_BYTES):
        event = decode_task_event(line)
        if isinstance(event, Preparing):
            if progress is not None:
                progress(event.activity, event.fraction)
        elif isinstance(event, (Imported, Asked, Failed)):
            return event
    return None


def _tail(errors: IO[bytes]) -> str:
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - _ERROR_BYTES))
    return errors.read().decode("utf-8", "replace")
