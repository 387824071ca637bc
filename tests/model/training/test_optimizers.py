"""The average of a recipe's weights, from the first step on."""

import pytest

from model.recipes import Recipe

keras = pytest.importorskip("keras")

from model.training.optimizers import recipe_optimizer  # noqa: E402  # after the check

OPTIMIZERS = ["adam", "adamw", "sgd"]


def walk(name: str, steps: int, walked: int) -> tuple[float, float]:
    """Move a weight by about one at each step; return where it is, and its average."""
    recipe = Recipe(
        name="test",
        summary="",
        network="dense128",
        optimizer=name,
        learning_rate=1.0,
        use_ema=True,
    )
    optimizer = recipe_optimizer(recipe, steps)
    weight = keras.Variable(0.0)
    optimizer.build([weight])
    for _ in range(walked):
        optimizer.apply([keras.ops.array(-1.0)], [weight])
    last = float(weight.value)
    optimizer.finalize_variable_values([weight])
    return last, float(weight.value)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_early_in_a_long_run_the_average_is_of_late_weights(name: str) -> None:
    last, average = walk(name, steps=100_000, walked=100)
    assert last == pytest.approx(100, rel=0.05)
    assert 0.8 * last < average < 0.97 * last


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_at_the_end_the_average_is_of_a_twentieth_of_the_run(name: str) -> None:
    last, average = walk(name, steps=200, walked=200)
    # An average that keeps 9/10 lags behind a steady walk by nine steps.
    assert last - average == pytest.approx(9, rel=0.1)


def test_an_optimizer_can_be_made_again_from_its_settings() -> None:
    recipe = Recipe(name="test", summary="", network="dense128", use_ema=True)
    optimizer = recipe_optimizer(recipe, 200)
    again = type(optimizer).from_config(optimizer.get_config())
    assert again.get_config() == optimizer.get_config()
    assert optimizer.get_config()["ema_momentum"] == pytest.approx(0.9)
