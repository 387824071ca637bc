"""The bundled network asked through Keras, in a process of its own: one JSON object on stdout.

    python benchmarks/keras_answers.py FILE.keras [--once]

Prints milliseconds per digit, median: `model.predict`, calling the model, and a traced
`tf.function`. With `--once` it stops after the first answer.
"""

import json
import sys
import time

import numpy as np


def median_ms(ask, times: int) -> float:
    """Return the median milliseconds of a call, after some to warm up."""
    for _ in range(5):
        ask()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return float(np.median(taken)) * 1e3


def main() -> None:
    """Load, answer, and time three ways of asking."""
    import tensorflow as tf
    from tensorflow import keras

    network = keras.models.load_model(sys.argv[1], compile=False)
    ink = np.random.default_rng(1).random((1, 28, 28, 1), np.float32)
    network.predict(ink, verbose=0)
    if "--once" in sys.argv:
        print("{}")
        return
    traced = tf.function(lambda images: network(images, training=False))
    tensor = tf.constant(ink)
    print(
        json.dumps(
            {
                "predict_ms": median_ms(lambda: network.predict(ink, verbose=0), 50),
                "call_ms": median_ms(lambda: np.asarray(network(tensor, training=False)), 100),
                "traced_ms": median_ms(lambda: np.asarray(traced(tensor)), 300),
            }
        )
    )


if __name__ == "__main__":
    main()
