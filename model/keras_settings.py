"""Keeps the user's own Keras settings out of Digitpad's processes.

Keras reads `keras.json` in the user's folder when it is imported; another float type, layout of
images or backend in it would break training and conversion. Users choose a backend for
Digitpad by `KERAS_BACKEND`.
"""

import importlib.util
import os

from model.errors import TrainingError

BACKENDS = ("tensorflow", "jax", "torch")
"""Backends that train; each is also the name of its package."""

_OTHER_SETTINGS = ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH", "KERAS_NNX_ENABLED")


def prepare_keras() -> None:
    """Set the environment that Keras reads when it is imported; call this before that.

    Raises:
        TrainingError: If `KERAS_BACKEND` names a backend that is unknown or not installed.
    """
    # No folder: nothing can be read from it or written to it.
    os.environ["KERAS_HOME"] = os.devnull
    for name in _OTHER_SETTINGS:
        os.environ.pop(name, None)
    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"
    if backend not in BACKENDS:
        raise TrainingError(
            f"KERAS_BACKEND is {backend[:40]!r}; Digitpad trains with {', '.join(BACKENDS)}."
        )
    if importlib.util.find_spec(backend) is None:
        raise TrainingError(
            f"KERAS_BACKEND is {backend!r}, but that package is not installed; install it, or unset"
            " KERAS_BACKEND."
        )
