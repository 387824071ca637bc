"""A recipe's optimizer, with an exponential moving average (EMA) of the weights if asked for."""

import keras
from keras import ops
from typing_extensions import override

from model.recipes import Recipe
from model.training.schedules import OneCycle

EMA_FRACTION = 0.05
"""The fraction of a run that the average covers."""


def recipe_optimizer(recipe: Recipe, steps: int) -> keras.Optimizer:
    """Build the optimizer of a recipe.

    Args:
        recipe: Its optimizer, learning rate, schedule, weight decay and `use_ema` count.
        steps: Batches of the whole run.
    """
    rate = (
        OneCycle(recipe.learning_rate, steps)
        if recipe.schedule == "one-cycle"
        else recipe.learning_rate
    )
    average = {
        "use_ema": recipe.use_ema,
        "ema_momentum": 1 - 1 / max(1.0, EMA_FRACTION * steps),
    }
    if recipe.optimizer == "adamw":
        optimizer = AdamW(rate, weight_decay=recipe.weight_decay, **average)
        # Only kernels decay: offsets and the scales of a normalisation have no reason to shrink.
        optimizer.exclude_from_weight_decay(var_names=["bias", "beta", "gamma"])
        return optimizer
    kind = SGD if recipe.optimizer == "sgd" else Adam
    return kind(rate, **average)


class _EmaWarmUp(keras.optimizers.Optimizer):
    """Averages over at most a tenth of the steps so far.

    Keras's own average covers as many steps after the first epoch as after the last: early in a
    long run it still holds the random first weights, and a run stopped there would keep them.
    """

    @property
    def ema_momentum(self) -> keras.KerasTensor:
        """The momentum of the average at this step, a scalar in [0, 1)."""
        steps = ops.cast(self.iterations, "float32")
        return ops.minimum(self._last_momentum, (1 + steps) / (10 + steps))

    @ema_momentum.setter
    def ema_momentum(self, momentum: float) -> None:
        self._last_momentum = momentum

    @override
    def get_config(self) -> dict[str, object]:
        return {**super().get_config(), "ema_momentum": self._last_momentum}


# TensorFlow names scopes after these classes, and wants no underscore first.
class AdamW(_EmaWarmUp, keras.optimizers.AdamW):
    """Keras's AdamW with a warm-up of the average."""


class Adam(_EmaWarmUp, keras.optimizers.Adam):
    """Keras's Adam with a warm-up of the average."""


class SGD(_EmaWarmUp, keras.optimizers.SGD):
    """Keras's SGD with a warm-up of the average."""
