"""How the learning rate changes during a run."""

import math

import keras
from keras import ops
from typing_extensions import override

WARM_UP_FRACTION = 0.25
START_FRACTION = 0.1
END_FRACTION = 0.001


@keras.saving.register_keras_serializable("digitpad")
class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Rises linearly for a quarter of the run, then falls along a cosine to almost zero.

    Leslie N. Smith, Nicholay Topin, "Super-convergence: very fast training of neural networks using
    large learning rates", 2018 (arXiv 1708.07120). A run that ends early stops at a high rate, so
    the number of steps must be known at the start.

    Attributes:
        peak: Highest learning rate, greater than 0.
        steps: Batches of the whole run.
    """

    def __init__(self, peak: float, steps: int) -> None:
        super().__init__()
        self.peak = peak
        self.steps = steps

    def __call__(self, step: object) -> object:
        """Return the learning rate, a float32 scalar, of a step counted from 0."""
        progress = ops.cast(step, "float32") / self.steps
        rising = START_FRACTION + (1 - START_FRACTION) * progress / WARM_UP_FRACTION
        descent = ops.clip((progress - WARM_UP_FRACTION) / (1 - WARM_UP_FRACTION), 0.0, 1.0)
        falling = END_FRACTION + (1 - END_FRACTION) * (1 + ops.cos(math.pi * descent)) / 2
        return self.peak * ops.where(progress < WARM_UP_FRACTION, rising, falling)

    @override
    def get_config(self) -> dict[str, float | int]:
        return {"peak": self.peak, "steps": self.steps}
