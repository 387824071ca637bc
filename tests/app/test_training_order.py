"""A choice becomes a command line."""

from pathlib import Path

from app.training_order import TrainingChoice, training_command
from model.recipes import RECIPES, changed_recipe


def test_every_setting_reaches_the_command_line() -> None:
    recipe = changed_recipe(RECIPES["conv5x5"], dataset="-odd name.npz", epochs=3, seed=9)
    choice = TrainingChoice(recipe=recipe, device="gpu:0")
    command = training_command(choice, out=Path("/models/new.keras"), from_model=None)
    assert command[1:5] == ["-m", "model", "train", "--json"]
    options = dict(argument.split("=", 1) for argument in command[5:])
    assert options == {
        "--recipe": "conv5x5",
        "--dataset": "-odd name.npz",
        "--epochs": "3",
        "--batch-size": "100",
        "--learning-rate": "0.01",
        "--optimizer": "sgd",
        "--schedule": "constant",
        "--augmentation": "none",
        "--validation-share": "0.0",
        "--seed": "9",
        "--device": "gpu:0",
        "--out": "/models/new.keras",
    }


def test_going_on_names_the_model() -> None:
    choice = TrainingChoice(recipe=RECIPES["digitpad"], goes_on=True)
    command = training_command(choice, out=Path("new.keras"), from_model=Path("/old.keras"))
    assert "--from-model=/old.keras" in command
