"""`digitpad train`: train a network by a recipe and write its model file."""

import argparse
import typing
from pathlib import Path
from typing import Any

from model.recipes import (
    DEFAULT_RECIPE,
    RECIPES,
    AugmentationName,
    NetworkName,
    OptimizerName,
    Recipe,
    ScheduleName,
    changed_recipe,
    recipe_named,
)

_NUMBERS = {
    "epochs": int,
    "batch_size": int,
    "learning_rate": float,
    "weight_decay": float,
    "unaugmented_share": float,
    "label_smoothing": float,
    "validation_share": float,
    "seed": int,
}
_CHOICES = {
    "network": NetworkName,
    "optimizer": OptimizerName,
    "schedule": ScheduleName,
    "augmentation": AugmentationName,
}


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "train",
        help="train a network",
        description="Train a network by a recipe and write its model file.",
        epilog="Recipes: " + "; ".join(f"{r.name}: {r.summary}" for r in RECIPES.values()) + ".",
    )
    parser.add_argument(
        "--recipe",
        default=DEFAULT_RECIPE,
        metavar="NAME",
        help="recipe to train by (default digitpad)",
    )
    parser.add_argument(
        "--dataset",
        metavar="NAME",
        help="data set, or path to your own data; the recipe's by default",
    )
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="folder to search first for published data sets"
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE.keras", help="the model file to write"
    )
    parser.add_argument(
        "--device",
        default="auto",
        metavar="NAME",
        help="auto, cpu, gpu:N, or gpus for all (default auto)",
    )
    parser.add_argument(
        "--from-model", type=Path, metavar="FILE", help="go on training from this model file"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with an interrupted run that had the same settings",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="print one JSON event a line; take requests from standard input",
    )
    parser.add_argument(
        "--processes",
        default="",
        metavar="HOST:PORT,...",
        help="train over several processes, on the JAX backend; each gets the same addresses",
    )
    parser.add_argument(
        "--process-id", type=int, metavar="I", help="which of them this one is, from 0"
    )
    _add_recipe_options(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Train what was asked for; return the exit code."""
    if arguments.json:
        from model.worker.event_writer import run_on_pipes

        return run_on_pipes(lambda: job_from(arguments))
    from model.training.terminal import run_in_terminal

    return run_in_terminal(job_from(arguments))


def _add_recipe_options(parser: argparse.ArgumentParser) -> None:
    changes = parser.add_argument_group("changes to the recipe")
    for field, kind in _NUMBERS.items():
        changes.add_argument(_option(field), type=kind, metavar="N")
    for field, names in _CHOICES.items():
        changes.add_argument(_option(field), choices=typing.get_args(names))
    changes.add_argument("--averages-weights", action=argparse.BooleanOptionalAction)


def job_from(arguments: argparse.Namespace) -> Any:
    """Return the job that the options describe.

    Raises:
        RecipeError: If a value can't work.
    """
    from model.training.job import TrainingJob

    return TrainingJob(
        recipe=_recipe(arguments),
        out=arguments.out,
        data_folder=arguments.data,
        device=arguments.device,
        from_model=arguments.from_model,
        is_resumed=arguments.resume,
        processes=arguments.processes,
        process_id=arguments.process_id,
    )


def _recipe(arguments: argparse.Namespace) -> Recipe:
    """Return the recipe with the changes that were asked for."""
    fields = (*_NUMBERS, *_CHOICES, "dataset", "averages_weights")
    given = {field: getattr(arguments, field) for field in fields}
    changes = {field: value for field, value in given.items() if value is not None}
    return changed_recipe(recipe_named(arguments.recipe), **changes)


def _option(field: str) -> str:
    return "--" + field.replace("_", "-")
