"""Opening a model file, whoever made it: inspected, built, converted and compared by a child.

The parent's part. A file that was opened before is found in the cache by its hash, without Keras
and without a child.
"""

import hashlib
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from model.errors import ModelFileError
from model.metadata import InputFormat
from model.model_files.inspection import read_model_bytes
from model.model_files.model_file import converted_copy_of
from model.pixel_ranges import pixels_name
from model.protocol import (
    MAX_LINE_BYTES,
    STARTING,
    Adopted,
    Asked,
    Failed,
    InputChoice,
    Preparing,
    decode_task_event,
)
from model.recognizer import Recognizer

SILENCE_SECONDS = 30.0
"""A child that says nothing for so long is ended; loading TensorFlow has a limit of its own."""

STARTING_SECONDS = 120.0
"""Loading TensorFlow from a cold disk takes long; the file plays no part in it yet."""

_ERROR_BYTES = 4000

Progress = Callable[[str, float | None], None]


class UnknownPixelsError(ModelFileError):
    """The file does not say which pixels its network wants; someone must.

    Attributes:
        choices: All there are, the likeliest first.
    """

    def __init__(self, sentence: str, choices: tuple[InputChoice, ...]) -> None:
        super().__init__(sentence)
        self.choices = choices


@dataclass(frozen=True)
class AdoptionCommand:
    """How to start the child that opens a file.

    Attributes:
        program: The Python interpreter.
        arguments: Its arguments.
        folder: Where it must run: elsewhere a folder called `model` would be taken for ours.
        environment: All of its environment variables.
    """

    program: str
    arguments: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]


def adoption_command(
    path: Path, *, scratch: Path, input_format: InputFormat | None = None, sha256: str = ""
) -> AdoptionCommand:
    """Return how to start the child; it prints events, the last one `Adopted`, `Asked` or `Failed`.

    Args:
        path: The model file.
        scratch: An empty folder for its temporary files, to be removed when it has ended.
        input_format: The answer to the question for pixels.
        sha256: Hash of the file that the user has agreed to; the child refuses any other.
    """
    arguments = ["-m", "model", "adopt", str(path.absolute()), "--json"]
    if input_format is not None:
        arguments += ["--pixels", pixels_name(input_format)]
    if sha256:
        arguments += ["--sha256", sha256]
    environment = {
        **os.environ,
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "-1",  # a GPU would only cost time and memory here
        "TF_CPP_MIN_LOG_LEVEL": "3",
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch)),
    }
    folder = Path(__file__).resolve().parents[2]
    return AdoptionCommand(sys.executable, tuple(arguments), folder, environment)


def known_copy(path: Path, input_format: InputFormat | None = None) -> Path | None:
    """Return the converted copy of a file that was opened before; None where it was not.

    Takes milliseconds and needs neither Keras nor a child.

    Args:
        path: The model file.
        input_format: Only a copy made for it will do; None for any.

    Raises:
        ModelFileError: If the file can't be read.
    """
    copy = converted_copy_of(hashlib.sha256(read_model_bytes(path)).hexdigest())
    if copy is None or input_format is None:
        return copy
    kept = Recognizer.from_files(copy).metadata.input_format
    return copy if kept.has_same_pixels(input_format) else None


def adopt(
    path: Path, *, progress: Progress | None = None, input_format: InputFormat | None = None
) -> Path:
    """Open a model file and wait until its converted copy is ready.

    Args:
        path: A `.keras` or `.h5` file, from anywhere.
        progress: Told what is going on, and how much of it is done.
        input_format: The answer to the question for pixels.

    Returns:
        The LiteRT copy, with its record beside it: what `Recognizer.from_files` reads.

    Raises:
        UnknownPixelsError: If `input_format` must be given.
        ModelFileError: If the file is refused, damaged, or no network for ink images.
    """
    copy = known_copy(path, input_format)
    if copy is not None:
        return copy
    with tempfile.TemporaryDirectory(prefix="digitpad-", ignore_cleanup_errors=True) as scratch:
        command = adoption_command(path, scratch=Path(scratch), input_format=input_format)
        event = last_event(command, progress)
    if isinstance(event, Adopted):
        return Path(event.litert_file)
    if isinstance(event, Asked):
        raise UnknownPixelsError(event.sentence, event.choices)
    raise ModelFileError(event.sentence, detail=event.detail)


def last_event(
    command: AdoptionCommand,
    progress: Progress | None = None,
    *,
    silence_seconds: float = SILENCE_SECONDS,
) -> Adopted | Asked | Failed:
    """Run the child to its end; whatever becomes of it is one event.

    Args:
        command: How to start it.
        progress: Told what is going on, and how much of it is done.
        silence_seconds: How long it may say nothing before it is ended.
    """
    limit = silence_seconds
    with tempfile.TemporaryFile() as errors, _lines_of(command, errors) as lines:
        while line := _next_line(lines, limit):
            event = decode_task_event(line)
            if isinstance(event, Preparing):
                limit = STARTING_SECONDS if event.activity == STARTING else silence_seconds
                if progress:
                    progress(event.activity, event.fraction)
            elif isinstance(event, (Adopted, Asked, Failed)):
                return event
        return Failed(
            kind="ModelFileError",
            sentence="Opening the file was given up: the process that read it ended or hung."
            " The file may be damaged or too large.",
            detail=_tail(errors),
        )


@contextmanager
def _lines_of(command: AdoptionCommand, errors: IO[bytes]) -> Iterator["queue.Queue[bytes]"]:
    """Start the child and offer its lines, an empty one at their end; end it after the block."""
    lines: queue.Queue[bytes] = queue.Queue()
    with subprocess.Popen(
        [command.program, *command.arguments],
        cwd=command.folder,
        env=dict(command.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
    ) as child:
        reader = threading.Thread(target=_read_lines, args=(child.stdout, lines), daemon=True)
        reader.start()
        try:
            yield lines
        finally:
            child.kill()
            reader.join()


def _read_lines(output: IO[bytes], lines: "queue.Queue[bytes]") -> None:
    while line := output.readline(MAX_LINE_BYTES):
        lines.put(line)
    lines.put(b"")


def _next_line(lines: "queue.Queue[bytes]", limit: float) -> bytes:
    """Return the child's next line; nothing where it has ended or says nothing for too long."""
    try:
        return lines.get(timeout=limit)
    except queue.Empty:
        return b""


def _tail(errors: IO[bytes]) -> str:
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - _ERROR_BYTES))
    return errors.read().decode("utf-8", "replace")
