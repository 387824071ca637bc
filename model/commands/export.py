"""`digitpad export`: a network in another format, checked by that format's own runtime."""

import _thread
import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.exporting.formats import EXPORT_FORMATS
from model.files.text import visible

if TYPE_CHECKING:
    from model.progress import ReportProgress
    from model.task_events import Exported


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "export",
        help="write a network in another format",
        description="Write a network in another format, load it again by that format's runtime"
        " and compare both on real digits.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a .keras or .h5 file")
    parser.add_argument("--to", required=True, choices=tuple(EXPORT_FORMATS), help="the format")
    parser.add_argument("--out", required=True, type=Path, metavar="PATH", help="where it goes")
    parser.add_argument(
        "--quantize",
        default="none",
        choices=("none", "int8"),
        help="int8: 8-bit integers inside, a quarter of the size (LiteRT only)",
    )
    parser.add_argument(
        "--pixels",
        metavar="RANGE",
        help="pixels that the network expects, if its file does not say: 0-1, 0-255, 0-1-inverted"
        " or 0-255-inverted",
    )
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="folder to search first for published data sets"
    )
    parser.add_argument(
        "--no-readme", action="store_true", help="write no README beside the export"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON event a line")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Export what was asked for; return the exit code."""
    if arguments.json:
        return _run_as_worker(arguments)

    from model.quiet_libraries import quiet_libraries

    # A duplicate, because the output of libraries is discarded meanwhile.
    with (
        os.fdopen(os.dup(2), "w", encoding="utf-8", errors="backslashreplace") as shown,
        _remembered_interrupt() as check,
    ):

        def report(activity: str, _fraction: float | None) -> None:
            check()
            shown.write(f"{activity} …\n")
            shown.flush()

        with quiet_libraries():
            exported = _exported(arguments, report)
    sys.stdout.write(_as_text(exported))
    return 0


@contextmanager
def _remembered_interrupt() -> Iterator[Callable[[], None]]:
    """Remember Ctrl+C during a block: what is raised in a library's callback may be lost there.

    Yields:
        A function that raises KeyboardInterrupt if it was pressed.
    """
    is_pressed = threading.Event()

    def on_interrupt(*_: object) -> None:
        is_pressed.set()
        raise KeyboardInterrupt

    def check() -> None:
        if is_pressed.is_set():
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)


def _run_as_worker(arguments: argparse.Namespace) -> int:
    from model.run_events import Preparing
    from model.worker.event_writer import EventWriter
    from model.worker.tasks import end_on_request, run_task

    writer = EventWriter()
    signal.signal(signal.SIGTERM, _cancel)
    end_on_request(lambda: _thread.interrupt_main(signal.SIGTERM))

    def report(activity: str, fraction: float | None) -> None:
        writer.send(Preparing(activity=activity, fraction=fraction))

    return run_task(writer, lambda: _exported(arguments, report))


def _cancel(*_: object) -> None:
    """Unwind the export, which removes its temporary files; the default would leave them."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one must not interrupt that
    sys.exit(1)


def _exported(arguments: argparse.Namespace, report: "ReportProgress") -> "Exported":
    from model.exporting.order import ExportOrder, checked_metadata
    from model.model_files.inspection import read_model, read_model_bytes
    from model.model_files.opening import IDLE_SECONDS
    from model.pixel_ranges import pixels_named
    from model.worker.hang_guard import ended_when_hung

    report("Looking into the file", 0.0)
    with ended_when_hung(IDLE_SECONDS):
        inspected = read_model(read_model_bytes(arguments.file), arguments.file.name)
    order = ExportOrder(
        target=arguments.to,
        out=arguments.out.absolute(),
        quantization=arguments.quantize,
        input_format=pixels_named(arguments.pixels),
        data_folder=arguments.data,
        has_readme=not arguments.no_readme,
    )
    checked_metadata(inspected.summary, order)  # before the seconds that Keras takes
    report("Preparing TensorFlow", 0.05)
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from model.conversion.exports import export_model

    return export_model(inspected, order, report)


def _as_text(result: "Exported") -> str:
    lines = [
        f"{visible(result.file)}: {result.size_bytes:,} bytes",
        f"largest difference on {result.digits:,} images of {result.digits_from}:"
        f" {result.largest_difference:.1e}",
    ]
    if result.accuracy is not None and result.exported_accuracy is not None:
        lines.append(
            f"right: {result.exported_accuracy:.2%}, before the export {result.accuracy:.2%}"
        )
    if result.readme:
        lines.append(f"how to feed it: {visible(result.readme)}")
    return "\n".join(lines) + "\n"
