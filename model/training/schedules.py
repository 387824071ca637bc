"""How the learning rate moves over a run."""

import math

import keras
from keras import ops

WARM_UP_SHARE = 0.25
START_SHARE = 0.1
END_SHARE = 0.001


@keras.saving.register_keras_serializable("digitpad")
class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Up in a straight line for a quarter of the run, then down along a cosine to almost nothing.

    Leslie N. Smith, Nicholay Topin, "Super-convergence: very fast training of neural networks using
    large learning rates", 2018 (arXiv 1708.07120). A run that ends early stops on the slope: how
    many steps it has must be known at its start.

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
        rising = START_SHARE + (1 - START_SHARE) * progress / WARM_UP_SHARE
        descent = ops.clip((progress - WARM_UP_SHARE) / (1 - WARM_UP_SHARE), 0.0, 1.0)
        falling = END_SHARE + (1 - END_SHARE) * (1 + ops.cos(math.pi * descent)) / 2
        return self.peak * ops.where(progress < WARM_UP_SHARE, rising, falling)

    def get_config(self) -> dict[str, float | int]:
        """Return what the schedule is made from."""
        return {"peak": self.peak, "steps": self.steps}
