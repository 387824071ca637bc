"""How fast this computer trains, tried for a moment."""

import pytest

from model.recipes import RECIPES, changed_recipe

pytest.importorskip("keras")

from model.training import speed  # after the check that Keras is there


@pytest.mark.parametrize("batch_size", [32, 4096])
def test_some_batches_are_trained_whatever_their_size(
    batch_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "SECONDS", 0.05)
    recipe = changed_recipe(RECIPES["dense128"], batch_size=batch_size)
    assert speed.images_per_second(recipe, "cpu") > 0
