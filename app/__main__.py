"""`digitpad` and `python -m app`: the window, or the command line if a command is given."""

import os
import sys
from collections.abc import Sequence

COMMANDS = (
    "recognize", "explain", "activations", "hand", "train", "data", "evaluate", "info", "export",
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window, or run a command.

    Args:
        argv: The arguments without the program's name; those of the process if None.

    Returns:
        0 when done, 2 for a mistake of the user.
    """
    try:
        from model.files.paths import make_folders_absolute
    except ModuleNotFoundError as error:
        return _complain(
            f"The package {error.name} is missing; install Digitpad with its packages (see README)."
        )
    arguments = list(sys.argv[1:] if argv is None else argv)
    make_folders_absolute()
    if arguments and (arguments[0] in COMMANDS or arguments[0] in ("-h", "--help")):
        from model.__main__ import main as run_command  # no window is needed, so no Qt either

        return run_command(arguments)
    complaint = _complaint_about(arguments)
    return _complain(complaint) if complaint else _run_window(arguments)


def _complain(sentence: str) -> int:
    sys.stderr.write(f"digitpad: {sentence}\n")
    return 2


def _complaint_about(arguments: Sequence[str]) -> str:
    """Say why the window can't open; an empty string if it can."""
    from app.startup import missing_display

    # Qt's own options, such as -platform, have a single hyphen and reach Qt.
    unknown = next((name for name in arguments if name.startswith("--")), "")
    if unknown:
        return f"There is no option {unknown}. Try digitpad --help."
    return missing_display(os.environ, arguments)


def _run_window(arguments: Sequence[str]) -> int:
    from app import startup

    try:
        startup.begin()
        from app.application import run
    except ImportError as error:
        # Qt's own libraries are in the package; what it can miss are the system's.
        hint = startup.install_hint(sys.platform)
        sys.stderr.write(f"digitpad: The window can't start: {error}. {hint}".rstrip() + "\n")
        return 2
    return run(["digitpad", *arguments])


if __name__ == "__main__":
    sys.exit(main())
