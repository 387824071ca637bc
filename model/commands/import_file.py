"""`python -m model import`: the child process that opens a model file. Not for people.

It prints one event per line; the last is `imported`, `asked` or `failed`. It holds the file's bytes
from the start: what was inspected is what gets built, whatever happens to the file.
"""

import argparse
import faulthandler
import hashlib
import os
import sys
from pathlib import Path
from typing import Any

MAX_DATA_BYTES = 8 << 30
MAX_WRITTEN_BYTES = 1 << 30


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line; without help text, the help does not list it."""
    parser = subparsers.add_parser("import", description="Open a model file for the window.")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="accepted; events are always JSON")
    parser.add_argument("--pixels", metavar="RANGE", help="pixels that the network expects")
    parser.add_argument("--sha256", default="", metavar="HASH", help="refuse any other file")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Import the file; return the exit code."""
    from model.model_files.opening import IDLE_SECONDS, STARTING_SECONDS
    from model.run_events import STARTING, Preparing
    from model.worker.event_writer import EventWriter
    from model.worker.tasks import end_on_request, run_task

    writer = EventWriter()
    end_on_request(lambda: os._exit(1))  # the parent removes the temporary files

    def report(activity: str, fraction: float) -> None:
        writer.send(Preparing(activity=activity, fraction=fraction))
        # Ends the process even if some C code holds Python's lock.
        limit = STARTING_SECONDS if activity == STARTING else IDLE_SECONDS
        faulthandler.dump_traceback_later(limit, exit=True)

    return run_task(writer, lambda: _imported(arguments, report))


def _imported(arguments: argparse.Namespace, report: Any) -> Any:
    from model.errors import ModelFileError
    from model.model_files.inspection import read_model, read_model_bytes
    from model.pixel_ranges import pixels_named
    from model.run_events import STARTING

    bound_resources()
    input_format = pixels_named(arguments.pixels)
    report("Looking into the file", 0.0)
    data = read_model_bytes(arguments.file)
    if arguments.sha256 not in ("", hashlib.sha256(data).hexdigest()):
        raise ModelFileError("The file has changed since you looked at it; open it again.")
    inspected = read_model(data, arguments.file.name)
    del data
    if inspected.summary.obstacles:
        raise ModelFileError(f"The file can't be used: {inspected.summary.obstacles[0]}")
    report(STARTING, 0.1)
    os.environ["KERAS_BACKEND"] = "tensorflow"
    from model.conversion.importing import import_model

    return import_model(inspected, input_format=input_format, report=report)


def bound_resources() -> None:
    """Bound memory and file sizes, where the system has such limits."""
    if sys.platform == "win32":
        return
    import resource

    # RLIMIT_AS would count the gigabytes that TensorFlow reserves and never touches.
    for limit, amount in (
        (resource.RLIMIT_DATA, MAX_DATA_BYTES),
        (resource.RLIMIT_FSIZE, MAX_WRITTEN_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, highest = resource.getrlimit(limit)
        if highest == resource.RLIM_INFINITY or amount <= highest:
            resource.setrlimit(limit, (amount, highest))
