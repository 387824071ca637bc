"""The command line: `python -m model recognize|train|evaluate|info|export`.

Exit codes: 0 done, 2 the user's mistake with one sentence on standard error, 1 a bug.
"""

import argparse
import importlib
import io
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from model.errors import DigitpadError, system_sentence
from model.files.text import visible

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

COMMANDS = (
    "recognize",
    "explain",
    "activations",
    "hand",
    "train",
    "data",
    "evaluate",
    "info",
    "export",
    "import_file",
    "measure",
    "speed",
)
"""Modules of `model.commands` in the order of the help, which omits the last three."""


OUR_PACKAGES = ("app", "assets", "model")


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence, not a page of usage."""

    def print_help(self, file: "SupportsWrite[str] | None" = None) -> None:
        # argparse would ignore an output that can't be written.
        out = sys.stdout if file is None else file
        try:
            out.write(self.format_help())
        except BrokenPipeError:
            raise
        except OSError as error:
            error.filename = "the output"
            raise

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message.rstrip('.')}. Try {self.prog} --help.\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: The arguments without the program's name; those of the process where None.

    Returns:
        0 when done, 2 for a mistake the user can mend, 1 for a bug.
    """
    _prepare_streams()
    return _flushed(_exit_code(argv))


def _exit_code(argv: Sequence[str] | None) -> int:
    """Run one command; turn every error into a sentence and an exit code."""
    try:
        # Imported here, so that a missing package ends in a sentence, too.
        from model.files.paths import make_folders_absolute

        make_folders_absolute()
        arguments = _parser().parse_args(argv)
        code: int = arguments.func(arguments)
    except SystemExit as stop:  # argparse has printed the help, or explained a mistake
        return stop.code if isinstance(stop.code, int) else 0
    except DigitpadError as error:
        return _complain(error.sentence)
    except BrokenPipeError:
        return _hang_up()
    except ModuleNotFoundError as error:
        if str(error.name).split(".")[0] in OUR_PACKAGES:
            raise
        return _complain(
            f"The package {error.name} is missing; install Digitpad with its packages (see README)."
        )
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        return _complain_about_system(error)
    except Exception:  # noqa: BLE001  # the border: what escapes here is a bug
        traceback.print_exc()
        sys.stderr.write("This is a bug in Digitpad; the lines above help to fix it.\n")
        return 1
    return code


def _prepare_streams() -> None:
    """Make both streams writable; a stream that the caller closed becomes the null device."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            null_device = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # until the end
            setattr(sys, name, null_device)
        elif isinstance(stream, io.TextIOWrapper):
            # Other programs expect UTF-8, whatever the system's code page is; file names may hold
            # bytes that no encoding knows.
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
    sys.stdout = _buffered(sys.stdout)


def _buffered(stream: TextIO) -> TextIO:
    """Return a stream with a buffer, also under PYTHONUNBUFFERED, as containers set it.

    What can't be written stays in the buffer, by which `_output_fault` tells the output's fault
    from another file's.
    """
    is_own = stream is sys.__stdout__ and isinstance(stream, io.TextIOWrapper)
    if not is_own or not isinstance(stream.buffer, io.FileIO):
        return stream
    return open(
        stream.fileno(),
        "w",
        buffering=1 if stream.isatty() else -1,
        encoding=stream.encoding,
        errors=stream.errors,
        closefd=False,
    )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="digitpad",
        description="Recognise digits, train networks, look into model files.",
        epilog="Without a command, digitpad opens the window.",
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for name in COMMANDS:
        importlib.import_module(f"model.commands.{name}").add_parser(subparsers)
    return parser


def _complain_about_system(error: OSError) -> int:
    if error.filename is None and _output_fault() is not None:
        return 2  # the output failed, not a file: `_flushed` reports it
    return _complain(system_sentence(error))


def _flushed(code: int) -> int:
    """Write what is left of the output; return the exit code."""
    fault = _output_fault()
    if isinstance(fault, BrokenPipeError):
        return _hang_up()
    if fault is not None:
        _hang_up()
        return _complain(f"The output can't be written: {fault.strerror or fault}.")
    return code


def _output_fault() -> OSError | None:
    try:
        sys.stdout.flush()
    except OSError as error:
        return error
    return None


def _complain(sentence: str) -> int:
    sys.stderr.write(f"digitpad: {visible(sentence)}\n")
    return 2


def _hang_up() -> int:
    """Discard the rest of the output: the reader has closed its pipe."""
    # The interpreter flushes standard output once more at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
