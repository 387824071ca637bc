"""`digitpad data`: what a data set holds, and whether a run could use it."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.files.text import visible

if TYPE_CHECKING:
    from model.task_events import DataChecked


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "data",
        help="check data to train with",
        description="Say what a data set holds, and whether it can be trained with. Downloads"
        " nothing.",
    )
    parser.add_argument("name", metavar="DATA", help="data set, or path to your own data")
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="folder to search first for published data sets"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON event a line")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Check the data; return the exit code."""
    from model.data.data_check import check_data

    if not arguments.json:
        sys.stdout.write(_as_text(check_data(arguments.name, folder=arguments.data)))
        return 0
    from model.run_events import Preparing
    from model.worker.event_writer import EventWriter
    from model.worker.tasks import end_on_request, run_task

    writer = EventWriter()
    end_on_request(lambda: os._exit(1))

    def report(activity: str, fraction: float | None = None) -> None:
        writer.send(Preparing(activity=activity, fraction=fraction))

    return run_task(
        writer, lambda: check_data(arguments.name, folder=arguments.data, progress=report)
    )


def _as_text(data: "DataChecked") -> str:
    title = visible(data.title)
    if data.note:
        return f"{title}: {len(data.class_names)} classes. {data.note}.\n"
    counts = ", ".join(
        f"{name} {count:,}" for name, count in zip(data.class_names, data.class_counts, strict=True)
    )
    return (
        f"{title}: {data.training_images:,} images to train with, {data.test_images:,} to test"
        f" with.\n{counts}\n"
    )
