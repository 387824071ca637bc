"""`python -m model speed`: how fast this computer trains. The window runs it as a child process.

It prints one event a line; the last is `speed` or `failed`.
"""

import argparse
import os
from typing import Any

from model.commands.train import add_recipe_options, recipe_from


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line, without help."""
    parser = subparsers.add_parser("speed")
    add_recipe_options(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Train on noise for a moment; return the exit code."""
    from model.protocol import STARTING, Preparing, SpeedMeasured
    from model.worker.event_writer import EventWriter
    from model.worker.priority import lower_priority
    from model.worker.tasks import end_on_request, run_task

    lower_priority()  # as a run does
    writer = EventWriter()
    end_on_request(lambda: os._exit(1))
    writer.send(Preparing(activity=STARTING))

    def measured() -> SpeedMeasured:
        from model.training.speed import images_per_second

        speed = images_per_second(recipe_from(arguments), arguments.device)
        return SpeedMeasured(images_per_second=speed)

    return run_task(writer, measured)
