"""The command's options become a job; mistakes become one sentence."""

import argparse
from collections.abc import Mapping
from pathlib import Path

import pytest

from model.__main__ import main
from model.commands import train
from model.errors import RecipeError
from model.recipes import RECIPES, Recipe, changed_recipe
from model.training_job import TrainingJob
from tests.made_recipes import recipe_with_momentum


def arguments(*words: str, recipes: Mapping[str, Recipe] = RECIPES) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    train.add_parser(parser.add_subparsers(), recipes)
    return parser.parse_args(["train", "--out=new.keras", *words])


def test_a_recipe_is_taken_as_it_is() -> None:
    job = train.job_from(arguments("--recipe=conv5x5"))
    assert job.recipe == RECIPES["conv5x5"]
    assert (job.out, job.device, job.from_model) == (Path("new.keras"), "auto", None)


def test_every_field_of_a_recipe_can_be_changed() -> None:
    changes = {
        "network": "dense128",
        "dataset": "pen-digits",
        "optimizer": "sgd",
        "learning_rate": 0.5,
        "schedule": "one-cycle",
        "weight_decay": 0.25,
        "batch_size": 17,
        "epochs": 3,
        "augmentation": "affine-elastic",
        "augmentation_off_fraction": 0.25,
        "label_smoothing": 0.125,
        "validation_split": 0.5,
        "seed": 99,
    }
    words = [f"--{field.replace('_', '-')}={value}" for field, value in changes.items()]
    recipe = train.job_from(arguments("--recipe=conv5x5", *words, "--use-ema", "--refusal")).recipe
    assert {field: getattr(recipe, field) for field in changes} == changes
    assert recipe.use_ema
    assert recipe.refusal
    named = {"name", "title", "summary"}
    described = set(recipe.__struct_fields__) - named - {"use_ema", "refusal"}
    assert described == set(changes)


def test_a_field_of_the_table_is_an_option() -> None:
    recipes = {"test": recipe_with_momentum()}
    given = arguments("--recipe=test", "--momentum=0.9", recipes=recipes)
    assert train.job_from(given).recipe == recipe_with_momentum(0.9)
    with pytest.raises(RecipeError, match=r"The momentum must be in \[0, 0.99\], not 2.0."):
        train.job_from(arguments("--recipe=test", "--momentum=2", recipes=recipes))


def test_a_value_out_of_range_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"learning rate must be in \(0, 10\], not nan"):
        train.job_from(arguments("--learning-rate=nan"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--recipe=digitpat"], "There is no recipe 'digitpat'"),
        (["--epochs=0"], "The epochs must be from 1 to 1000, not 0."),
        (["--epochs=many"], "argument --epochs: invalid int value: 'many'"),
        (["--optimizer=none"], "argument --optimizer: invalid choice"),
    ],
)
def test_a_mistake_ends_with_one_sentence(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--out=new.keras", *words]) == 2
    errors = capsys.readouterr().err
    assert sentence in errors
    assert "Traceback" not in errors


def test_help_lists_the_recipes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for recipe in RECIPES.values():
        assert recipe.name in shown


def test_a_job_becomes_arguments() -> None:
    recipe = changed_recipe(RECIPES["conv5x5"], dataset="-odd name.npz", epochs=3, seed=9)
    job = TrainingJob(recipe=recipe, out=Path("/models/new.keras"), device="gpu:0")
    assert train.arguments_for(job)[:2] == ["train", "--json"]
    assert set(train.arguments_for(job)[2:]) == {
        "--recipe=conv5x5",
        "--network=conv5x5",
        "--dataset=-odd name.npz",
        "--epochs=3",
        "--batch-size=100",
        "--learning-rate=0.01",
        "--weight-decay=0.0",
        "--label-smoothing=0.0",
        "--optimizer=sgd",
        "--schedule=constant",
        "--augmentation=none",
        "--augmentation-off-fraction=0.0",
        "--validation-split=0.0",
        "--seed=9",
        "--no-use-ema",
        "--no-refusal",
        "--device=gpu:0",
        "--out=/models/new.keras",
    }


@pytest.mark.parametrize("name", RECIPES)
def test_the_command_line_reads_back_the_job(name: str) -> None:
    recipe = changed_recipe(
        RECIPES[name], epochs=2, learning_rate=0.00123, use_ema=True, weight_decay=0.25
    )
    job = TrainingJob(
        recipe=recipe,
        out=Path("new.keras"),
        from_model=Path("/old.keras"),
        data_folder=Path("/data"),
        is_resumed=True,
        processes="a:1,b:2",
        process_id=1,
    )
    parser = argparse.ArgumentParser()
    train.add_parser(parser.add_subparsers())
    given = parser.parse_args(train.arguments_for(job))
    assert train.job_from(given) == job
    assert given.json
