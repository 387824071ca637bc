"""What the user wants trained, and the command line that does it. No Qt."""

import sys
from dataclasses import dataclass
from pathlib import Path

from model.recipes import Recipe

AUTO_DEVICE = "auto"

ORDER_SUFFIX = ".order.json"
"""Ends the hidden files in which orders are noted until their runs are over, beside what they
will write."""

CHANGEABLE_FIELDS = tuple(
    field for field in Recipe.__struct_fields__ if field not in ("name", "summary", "use_ema")
)
"""Fields of a recipe that have an option with a value."""


@dataclass(frozen=True, kw_only=True)
class TrainingChoice:
    """What is chosen in the training panel.

    Attributes:
        recipe: With every change made in the panel; its data set may be a path.
        device: As on the command line: `auto`, `cpu`, `gpu:0` …
        goes_on: Whether training goes on from the model in use instead of fresh weights.
    """

    recipe: Recipe
    device: str = AUTO_DEVICE
    goes_on: bool = False


@dataclass(frozen=True, kw_only=True)
class TrainingOrder:
    """A choice, and where things lie.

    Attributes:
        choice: What to train.
        out: Where the new model file goes.
        from_model: The model file to go on from; None for fresh weights.
        data_folder: Searched first for data sets; None for the usual places.
        is_resumed: Whether to go on with an interrupted run of the same order.
    """

    choice: TrainingChoice
    out: Path
    from_model: Path | None = None
    data_folder: Path | None = None
    is_resumed: bool = False


def training_command(order: TrainingOrder) -> list[str]:
    """Return program and arguments of a training run whose events are JSON lines."""
    recipe = order.choice.recipe
    options: dict[str, object] = {
        "device": order.choice.device,
        "out": order.out,
        "from-model": order.from_model,
        "data": order.data_folder,
    }
    for field in CHANGEABLE_FIELDS:
        options[field.replace("_", "-")] = getattr(recipe, field)
    arguments = [f"--recipe={recipe.name}"]
    # One argument an option, so that a file whose name begins with a dash is still a value.
    arguments += [f"--{name}={value}" for name, value in options.items() if value is not None]
    arguments.append("--use-ema" if recipe.use_ema else "--no-use-ema")
    if order.is_resumed:
        arguments.append("--resume")
    return [sys.executable, "-m", "model", "train", "--json", *arguments]
