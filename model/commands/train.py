"""`digitpad train`: train a network by a recipe and write its model file."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model.recipe_fields import RecipeField, recipe_fields
from model.recipes import DEFAULT_RECIPE, RECIPES, Recipe, changed_recipe, recipe_named


def add_parser(subparsers: Any, recipes: Mapping[str, Recipe] = RECIPES) -> None:
    """Add the command to the command line.

    Args:
        subparsers: What `argparse.ArgumentParser.add_subparsers` returned.
        recipes: The recipes to choose from; all of one type, whose fields become options.
    """
    parser = subparsers.add_parser(
        "train",
        help="train a network",
        description="Train a network by a recipe and write its model file.",
        epilog="Recipes: " + "; ".join(f"{r.name}: {r.summary}" for r in recipes.values()) + ".",
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
    changes = parser.add_argument_group("changes to the recipe")
    for field in recipe_fields(type(next(iter(recipes.values())))):
        changes.add_argument(field.option, **_option_settings(field))
    parser.set_defaults(func=run, recipes=recipes)


def run(arguments: argparse.Namespace) -> int:
    """Train what was asked for; return the exit code."""
    if arguments.json:
        from model.worker.event_writer import run_on_pipes

        return run_on_pipes(lambda: job_from(arguments))
    from model.training.terminal import run_in_terminal

    return run_in_terminal(job_from(arguments))


def _option_settings(field: RecipeField) -> dict[str, Any]:
    """Return what `argparse` needs to know about a field's option."""
    if field.kind == "flag":
        return {"action": argparse.BooleanOptionalAction, "help": field.tip}
    if field.kind == "choice":
        return {"choices": field.choices, "help": field.tip}
    return {"type": field.number_type, "metavar": "N", "help": field.tip}


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
    recipe = recipe_named(arguments.recipe, arguments.recipes)
    names = ("dataset", *(field.name for field in recipe_fields(type(recipe))))
    given = {name: getattr(arguments, name) for name in names}
    return changed_recipe(
        recipe, **{name: value for name, value in given.items() if value is not None}
    )
