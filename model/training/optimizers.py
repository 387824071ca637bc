"""A recipe's optimizer, and the moving average of the weights that it may keep."""

import keras
from keras import ops

from model.recipes import Recipe
from model.training.schedules import OneCycle

AVERAGED_SHARE = 0.05
"""Over how much of a run the moving average of its weights reaches back."""


def recipe_optimizer(recipe: Recipe, steps: int) -> keras.Optimizer:
    """Build the optimizer of a recipe.

    Args:
        recipe: Its optimizer, learning rate, schedule, weight decay, and whether it averages.
        steps: Batches of the whole run.
    """
    rate = (
        OneCycle(recipe.learning_rate, steps)
        if recipe.schedule == "one-cycle"
        else recipe.learning_rate
    )
    average = {
        "use_ema": recipe.use_ema,
        "ema_momentum": 1 - 1 / max(1.0, AVERAGED_SHARE * steps),
    }
    if recipe.optimizer == "adamw":
        optimizer = AdamW(rate, weight_decay=recipe.weight_decay, **average)
        # Decay is for what multiplies; an offset or a normaliser's scale has no reason to shrink.
        optimizer.exclude_from_weight_decay(var_names=["bias", "beta", "gamma"])
        return optimizer
    kind = SGD if recipe.optimizer == "sgd" else Adam
    return kind(rate, **average)


class _ShortAverageFirst(keras.optimizers.Optimizer):
    """Has an optimizer's average reach back over a tenth of the steps so far, until that is enough.

    Keras's own reaches as far back after the first epoch as after the last: in a long run it would
    still be of the first random weights, and a run that is stopped there would keep them.
    """

    @property
    def ema_momentum(self) -> keras.KerasTensor:
        """How much of the average is kept at this step, a scalar in [0, 1)."""
        steps = ops.cast(self.iterations, "float32")
        return ops.minimum(self._last_momentum, (1 + steps) / (10 + steps))

    @ema_momentum.setter
    def ema_momentum(self, momentum: float) -> None:
        self._last_momentum = momentum

    def get_config(self) -> dict[str, object]:
        """Return what the optimizer is made from."""
        return {**super().get_config(), "ema_momentum": self._last_momentum}


# TensorFlow names scopes after these classes, and wants no underscore first.
class AdamW(_ShortAverageFirst, keras.optimizers.AdamW):
    """Keras's AdamW, with a short average first."""


class Adam(_ShortAverageFirst, keras.optimizers.Adam):
    """Keras's Adam, with a short average first."""


class SGD(_ShortAverageFirst, keras.optimizers.SGD):
    """Keras's SGD, with a short average first."""
