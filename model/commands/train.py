"""`digitpad train`: train a network by a recipe and write its model file."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model.recipe_fields import RecipeField, recipe_fields
from model.recipes import DEFAULT_RECIPE, RECIPES, Recipe, changed_recipe, recipe_named
from model.training_job import AUTO_DEVICE, TrainingJob


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
    add_recipe_options(parser, recipes)
    parser.add_argument(
        "--dataset",
        metavar="NAME",
        help="data set, or path to your own data; the recipe's by default",
    )
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="folder to search first for published data sets"
    )
    parser.add_argument(
        "--invert",
        action=argparse.BooleanOptionalAction,
        help="turn your own images' dark ink to light; --no-invert takes them as they are",
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE.keras", help="the model file to write"
    )
    parser.add_argument(
        "--from-model", type=Path, metavar="FILE", help="start with the weights of this model file"
    )
    parser.add_argument(
        "--compare-with",
        type=Path,
        metavar="FILE.tflite",
        help="measure this converted network on the same images as the new one",
    )
    parser.add_argument(
        "--tensorboard",
        type=Path,
        metavar="FOLDER",
        help="also write logs for TensorBoard, in a folder of the run's name",
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="resume an interrupted run that had the same settings",
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
    parser.set_defaults(func=run)


def add_recipe_options(
    parser: argparse.ArgumentParser, recipes: Mapping[str, Recipe] = RECIPES
) -> None:
    """Add the options that say how and where to train; `recipe_from` reads them.

    Args:
        parser: A command's.
        recipes: The recipes to choose from; all of one type, whose fields become options.
    """
    parser.add_argument(
        "--recipe",
        default=DEFAULT_RECIPE,
        metavar="NAME",
        help="recipe to train by (default digitpad)",
    )
    parser.add_argument(
        "--device",
        default=AUTO_DEVICE,
        metavar="NAME",
        help="auto, cpu, gpu:N, or gpus for all (default auto)",
    )
    changes = parser.add_argument_group("changes to the recipe")
    for field in recipe_fields(type(next(iter(recipes.values())))):
        changes.add_argument(field.option, **_option_settings(field))
    parser.set_defaults(recipes=recipes)


def run(arguments: argparse.Namespace) -> int:
    """Train as the options say; return the exit code."""
    from model.files.temporary_folders import own_temporary_files

    with own_temporary_files():
        return _trained(arguments)


def _trained(arguments: argparse.Namespace) -> int:
    from model.training.job import run_job

    if arguments.json:
        from model.worker.worker import run_worker

        # The job is made inside, so that a mistake in an option becomes the terminal event.
        return run_worker(lambda send, control: run_job(job_from(arguments), send, control))
    from model.training.terminal import run_in_terminal

    return run_in_terminal(job_from(arguments))


def job_from(arguments: argparse.Namespace) -> TrainingJob:
    """Return the job that the options describe.

    Raises:
        RecipeError: If there is no such recipe, or a value is out of range.
    """
    recipe = recipe_from(arguments)
    if arguments.dataset is not None:
        recipe = changed_recipe(recipe, dataset=arguments.dataset)
    return TrainingJob(
        recipe=recipe,
        out=arguments.out,
        data_folder=arguments.data,
        invert=arguments.invert,
        device=arguments.device,
        from_model=arguments.from_model,
        compare_with=arguments.compare_with,
        is_resumed=arguments.resume,
        tensorboard=arguments.tensorboard,
        processes=arguments.processes,
        process_id=arguments.process_id,
    )


def recipe_from(arguments: argparse.Namespace) -> Recipe:
    """Return the recipe that the options describe, on its own data.

    Raises:
        RecipeError: If there is no such recipe, or a value is out of range.
    """
    recipe = recipe_named(arguments.recipe, arguments.recipes)
    given = {f.name: getattr(arguments, f.name) for f in recipe_fields(type(recipe))}
    return changed_recipe(recipe, **{k: v for k, v in given.items() if v is not None})


def arguments_for(job: TrainingJob) -> list[str]:
    """Return the arguments of `python -m model` that do a job and print its events."""
    options: dict[str, object] = {
        "--dataset": job.recipe.dataset,
        "--out": job.out,
        "--data": job.data_folder,
        "--from-model": job.from_model,
        "--compare-with": job.compare_with,
        "--tensorboard": job.tensorboard,
        "--processes": job.processes or None,
        "--process-id": job.process_id,
    }
    arguments = ["train", "--json", *recipe_arguments(job.recipe, job.device), *_values(options)]
    if job.invert is not None:
        arguments.append("--invert" if job.invert else "--no-invert")
    return [*arguments, "--resume"] if job.is_resumed else arguments


def recipe_arguments(recipe: Recipe, device: str) -> list[str]:
    """Return the arguments that `recipe_from` reads."""
    options: dict[str, object] = {"--recipe": recipe.name, "--device": device}
    flags = []
    for field in recipe_fields(type(recipe)):
        value = getattr(recipe, field.name)
        if field.kind == "flag":
            flags.append(field.option if value else field.option.replace("--", "--no-", 1))
        else:
            options[field.option] = value
    return [*flags, *_values(options)]


def _values(options: Mapping[str, object]) -> list[str]:
    # One argument per option, so that a file name that begins with a dash is still a value.
    return [f"{name}={value}" for name, value in options.items() if value is not None]


def _option_settings(field: RecipeField) -> dict[str, Any]:
    """Return the keyword arguments of `add_argument` for a field of a recipe."""
    if field.kind == "flag":
        return {"action": argparse.BooleanOptionalAction, "help": field.tip}
    if field.kind == "choice":
        return {"choices": field.choices, "help": field.tip}
    return {"type": field.number_type, "metavar": "N", "help": field.tip}
