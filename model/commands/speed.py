"""`python -m model speed`: how fast this computer trains. A child of the window; not for people.

It prints one event per line; the last is `speed` or `failed`. Like a run, it ends with its window.
"""

import argparse
from typing import TYPE_CHECKING, Any

from model.commands.train import add_recipe_options, recipe_from

if TYPE_CHECKING:
    from model.run_events import Listener
    from model.task_events import SpeedMeasured
    from model.worker.control import RunControl


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line, without help."""
    parser = subparsers.add_parser("speed")
    add_recipe_options(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Train on noise for a moment; return the exit code."""
    from model.run_events import STARTING, Preparing
    from model.task_events import SpeedMeasured
    from model.worker.worker import run_worker

    def measured(send: "Listener", _control: "RunControl") -> "SpeedMeasured":
        send(Preparing(activity=STARTING))
        from model.training.speed import images_per_second

        speed = images_per_second(recipe_from(arguments), arguments.device)
        return SpeedMeasured(images_per_second=speed)

    return run_worker(measured)
