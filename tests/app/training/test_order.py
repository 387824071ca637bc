"""A choice becomes a command line."""

import argparse
from pathlib import Path

import pytest

from app.training.order import TrainingChoice, TrainingOrder, training_command
from model.commands import train
from model.recipes import RECIPES, changed_recipe


def options_of(command: list[str]) -> dict[str, str]:
    return dict(argument.split("=", 1) for argument in command[5:] if "=" in argument)


def test_every_setting_reaches_the_command_line() -> None:
    recipe = changed_recipe(RECIPES["conv5x5"], dataset="-odd name.npz", epochs=3, seed=9)
    choice = TrainingChoice(recipe=recipe, device="gpu:0")
    command = training_command(TrainingOrder(choice=choice, out=Path("/models/new.keras")))
    assert command[1:5] == ["-m", "model", "train", "--json"]
    assert "--no-use-ema" in command
    assert "--resume" not in command
    assert options_of(command) == {
        "--recipe": "conv5x5",
        "--network": "conv5x5",
        "--dataset": "-odd name.npz",
        "--epochs": "3",
        "--batch-size": "100",
        "--learning-rate": "0.01",
        "--weight-decay": "0.0",
        "--label-smoothing": "0.0",
        "--optimizer": "sgd",
        "--schedule": "constant",
        "--augmentation": "none",
        "--augmentation-off-fraction": "0.0",
        "--validation-split": "0.0",
        "--seed": "9",
        "--device": "gpu:0",
        "--out": "/models/new.keras",
    }


def test_places_reach_the_command_line() -> None:
    order = TrainingOrder(
        choice=TrainingChoice(recipe=RECIPES["digitpad"]),
        out=Path("new.keras"),
        from_model=Path("/old.keras"),
        data_folder=Path("/data"),
        is_resumed=True,
    )
    command = training_command(order)
    assert options_of(command)["--from-model"] == "/old.keras"
    assert options_of(command)["--data"] == "/data"
    assert "--resume" in command


@pytest.mark.parametrize("name", RECIPES)
def test_the_command_line_reads_back_what_was_chosen(name: str) -> None:
    recipe = changed_recipe(
        RECIPES[name], epochs=2, learning_rate=0.00123, use_ema=True, weight_decay=0.25
    )
    order = TrainingOrder(choice=TrainingChoice(recipe=recipe), out=Path("new.keras"))
    parser = argparse.ArgumentParser()
    train.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(training_command(order)[3:])
    assert train._recipe(arguments) == recipe
    assert arguments.json
