"""How often a network's unknown pixel range is found: 60 synthetic networks.

    DIGITPAD_DATA=... python -m benchmarks.pixel_range [--seeds 10] [--images 6000]

Ten small architectures, each trained from a seed of its own on a few thousand images of MNIST's
training split in six habits of pixels. Each network is then asked for its range as a file that is
opened is. Prints every wrong first choice and the sum; ends with 1 if any was wrong.
"""

import argparse
import sys
from collections.abc import Callable
from functools import partial

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from model.conversion.importing import keras_probabilities
from model.conversion.pixel_choices import pixel_choices
from model.data.datasets import load_dataset
from model.metadata import InputFormat, ModelMetadata
from model.pixel_ranges import PIXELS, pixels_name

HABITS = ("0-1", "0-255", "signed", "standardized", "0-16", "0-1-inverted")
SHAPE = (28, 28, 1)

Hidden = Callable[[], list[keras.Layer]]


def _flat(*hidden: keras.Layer) -> list[keras.Layer]:
    return [layers.Flatten(), *hidden]


ARCHITECTURES: tuple[tuple[str, Hidden, int], ...] = (
    ("perceptron of 128", lambda: _flat(layers.Dense(128, "relu")), 6),
    (
        "two layers and dropout",
        lambda: _flat(layers.Dense(64, "relu"), layers.Dropout(0.2), layers.Dense(64, "relu")),
        6,
    ),
    (
        "one convolution",
        lambda: [
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            *_flat(layers.Dense(64, "relu")),
        ],
        5,
    ),
    (
        "batch normalisation",
        lambda: [
            layers.Conv2D(16, 3, strides=2, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            *_flat(layers.Dense(64, "relu")),
        ],
        5,
    ),
    ("tanh", lambda: _flat(layers.Dense(100, "tanh")), 8),
    ("sigmoid of 30", lambda: _flat(layers.Dense(30, "sigmoid")), 20),
    (
        "LeNet",
        lambda: [
            layers.Conv2D(6, 5, padding="same", activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Conv2D(16, 5, activation="tanh"),
            layers.AveragePooling2D(2),
            *_flat(layers.Dense(84, "tanh")),
        ],
        8,
    ),
    (
        "two convolutions and dropout",
        lambda: [
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Dropout(0.25),
            *_flat(),
        ],
        8,
    ),
    (
        "global average",
        lambda: [
            layers.Conv2D(16, 5, strides=2, activation="relu"),
            layers.Conv2D(32, 3, strides=2, activation="relu"),
            layers.Conv2D(64, 3, activation="relu"),
            layers.GlobalAveragePooling2D(),
        ],
        12,
    ),
    ("elu, longer", lambda: _flat(layers.Dense(200, "elu"), layers.Dense(50, "elu")), 15),
)
"""Architectures: their names, hidden layers, and epochs."""


def trained(
    images: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64], habit: InputFormat, seed: int
) -> tuple[keras.Model, float]:
    """Train the seed's architecture on pixels of a habit; return it with its training accuracy.

    Args:
        images: uint8 (count, 28, 28), bright ink.
        labels: int64 (count,), from 0 to 9.
        habit: The range of the pixels.
        seed: Chooses the architecture, too.
    """
    keras.utils.set_random_seed(seed)
    _, hidden, epochs = ARCHITECTURES[seed % len(ARCHITECTURES)]
    network = keras.Sequential(
        [keras.Input(SHAPE), *hidden(), layers.Dense(10, activation="softmax")]
    )
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    share = images / np.float32(255)  # (count, 28, 28) in [0, 1]
    pixels = (1 - share if habit.is_inverted else share) * habit.scale + habit.offset
    history = network.fit(
        pixels[..., np.newaxis].astype(np.float32),
        labels,
        epochs=epochs,
        batch_size=64,
        verbose=0,
    )
    return network, history.history["accuracy"][-1]


def main() -> int:
    """Train, ask, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=len(ARCHITECTURES))
    parser.add_argument("--images", type=int, default=6000)
    arguments = parser.parse_args()
    mnist = load_dataset("mnist")
    images, labels = mnist.train_images[: arguments.images], mnist.train_labels[: arguments.images]
    record = ModelMetadata(input_format=InputFormat(shape=SHAPE))
    right = asked = 0
    for seed in range(arguments.seeds):
        for name in HABITS:
            network, accuracy = trained(images, labels.astype(np.int64), PIXELS[name], seed)
            choices = pixel_choices(partial(keras_probabilities, network), record)
            first = choices[0]
            is_right = pixels_name(first.input_format) == name
            asked, right = asked + 1, right + is_right
            sys.stdout.write(
                f"{'right' if is_right else 'WRONG'}: {ARCHITECTURES[seed % 10][0]}, seed {seed},"
                f" {name} (training accuracy {accuracy:.1%}): first"
                f" {pixels_name(first.input_format)}, {first.digits_right:.1%} right, second"
                f" {pixels_name(choices[1].input_format)}, {choices[1].digits_right:.1%} right\n"
            )
            sys.stdout.flush()
            keras.utils.clear_session()
    sys.stdout.write(f"first choice right: {right} of {asked}\n")
    return 0 if right == asked else 1


if __name__ == "__main__":
    sys.exit(main())
