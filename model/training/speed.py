"""How many images a second this computer trains on, tried for a second on noise."""

import time

import keras
import numpy as np
from typing_extensions import override

from model.ink import INK_SIZE
from model.metadata import DIGIT_NAMES, ModelMetadata
from model.recipes import Recipe
from model.training.devices import chosen_device, precision_of, training_scope, use_device
from model.training.feeding import training_feed
from model.training.networks import build_network
from model.training.split import Split
from model.training.training_model import training_model

SECONDS = 1.0
WARM_UP_BATCHES = 4
"""The first batch compiles; the next ones are slow, too."""

LEAST_IMAGES = 2048
MOST_EPOCHS = 1000


def images_per_second(recipe: Recipe, device_name: str) -> float:
    """Train by a recipe for a moment.

    Args:
        recipe: Network, batch size, optimizer and augmentation count.
        device_name: As on the command line.

    Raises:
        TrainingError: If there is no such device.
    """
    device = chosen_device(device_name)
    use_device(device)
    images = max(LEAST_IMAGES, 2 * recipe.batch_size)
    with training_scope(device):
        network = build_network(recipe.network, classes=len(DIGIT_NAMES))
        model = training_model(
            network,
            ModelMetadata(),
            recipe,
            steps=images // recipe.batch_size * recipe.epochs,
            precision=precision_of(device, network),
            jit_compile=device.is_gpu,
        )
    stopwatch = _Stopwatch()
    feed = training_feed(_noise(images), _noise(0), recipe.batch_size, recipe.batch_size)
    model.fit(**feed, epochs=MOST_EPOCHS, callbacks=[stopwatch], verbose=0)
    return recipe.batch_size * stopwatch.batches / stopwatch.seconds


def _noise(images: int) -> Split:
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (images, INK_SIZE, INK_SIZE), np.uint8)
    classes = random.integers(len(DIGIT_NAMES), size=images)
    return Split(pixels, np.eye(len(DIGIT_NAMES), dtype=np.float32)[classes])


class _Stopwatch(keras.callbacks.Callback):
    """Counts batches after the first ones, for a second but at least one batch.

    Attributes:
        batches: How many.
        seconds: How long they took.
    """

    def __init__(self) -> None:
        super().__init__()
        self.batches = -WARM_UP_BATCHES
        self.seconds = 0.0
        self._begin = 0.0

    @override
    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        self.batches += 1
        if self.batches <= 0:
            self._begin = time.monotonic()
            return
        self.seconds = time.monotonic() - self._begin
        if self.seconds >= SECONDS:
            self.model.stop_training = True
