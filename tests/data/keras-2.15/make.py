"""How the files in this folder were made: by TensorFlow 2.15.1 with Keras 2.15.0.

Run in an environment of its own: `pip install "tensorflow==2.15.*" "numpy<2"`, then
`python make.py`. `answers.json` holds what that Keras answers to `inputs(shape)`.
"""

import json
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

FOLDER = Path(__file__).parent


def inputs(shape: tuple) -> np.ndarray:
    """Return three inputs, the same ones wherever this runs."""
    size = 3 * int(np.prod(shape))
    return (np.arange(size) * 37 % 101 / 100).astype("float32").reshape(3, *shape)


def sequential() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255.0),
            layers.RandomRotation(0.1),
            layers.Conv2D(4, 3, strides=2, activation=tf.nn.relu),
            layers.BatchNormalization(),
            layers.SeparableConv2D(4, 3),
            layers.LeakyReLU(0.2),
            layers.PReLU(shared_axes=[1, 2]),
            layers.MaxPooling2D(),
            layers.Dropout(0.2),
            layers.Flatten(),
            layers.Dense(10, activation=tf.nn.softmax),
        ]
    )


def functional() -> keras.Model:
    ink = keras.Input((28, 28))
    x = layers.Reshape((28, 28, 1))(ink)
    first = layers.Conv2D(3, 3, padding="same", activation="relu")(x)
    second = layers.Conv2D(3, 5, padding="same")(x)
    x = layers.Concatenate()([layers.Add()([first, second]), first])
    inner = [layers.Conv2D(3, 3), layers.BatchNormalization(), layers.Conv2D(2, 3)]
    x = keras.Sequential(inner, name="block")(x)
    shared = layers.Dense(2, activation="tanh")
    x = shared(shared(layers.GlobalAveragePooling2D()(x)))
    return keras.Model(ink, layers.Dense(10)(x))


def nested() -> keras.Model:
    ink, start = keras.Input((784,)), keras.Input((784,))
    model = keras.Model(start, layers.Dense(6, activation="relu")(start), name="inner")
    twice = keras.Sequential([layers.Dense(6), layers.BatchNormalization()], name="twice")
    x = twice(twice(model(ink)))
    return keras.Model(ink, layers.Dense(10, activation="softmax")(x))


def main() -> None:
    random = np.random.default_rng(0)
    answers = {}
    for make in (sequential, functional, nested):
        model = make()
        for weight in model.weights:
            if weight.dtype == tf.float32:
                values = random.normal(0, 0.3, weight.shape)
                weight.assign(np.abs(values) + 0.5 if "variance" in weight.name else values)
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        answers[make.__name__] = (
            model(inputs(model.input_shape[1:]), training=False).numpy().tolist()
        )
        for suffix in ("h5", "keras"):
            model.save(FOLDER / f"{make.__name__}.{suffix}")
    (FOLDER / "answers.json").write_text(json.dumps(answers, indent=1) + "\n")


if __name__ == "__main__":
    main()
