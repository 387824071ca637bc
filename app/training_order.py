"""What the user wants trained, and the command line that does it. No Qt."""

import sys
from dataclasses import dataclass
from pathlib import Path

from model.recipes import Recipe

AUTO_DEVICE = "auto"


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


def training_command(choice: TrainingChoice, *, out: Path, from_model: Path | None) -> list[str]:
    """Return program and arguments of a training run whose events are JSON lines.

    Args:
        choice: What to train.
        out: Where the new model file goes.
        from_model: The model to go on from; None for fresh weights.
    """
    recipe = choice.recipe
    options = {
        "--recipe": recipe.name,
        "--dataset": recipe.dataset,
        "--epochs": recipe.epochs,
        "--batch-size": recipe.batch_size,
        "--learning-rate": recipe.learning_rate,
        "--optimizer": recipe.optimizer,
        "--schedule": recipe.schedule,
        "--augmentation": recipe.augmentation,
        "--validation-share": recipe.validation_share,
        "--seed": recipe.seed,
        "--device": choice.device,
        "--out": out,
    }
    if from_model is not None:
        options["--from-model"] = from_model
    # One argument an option, so that a file whose name begins with a dash is still a value.
    arguments = [f"{option}={value}" for option, value in options.items()]
    return [sys.executable, "-m", "model", "train", "--json", *arguments]
