"""TensorBoard logs of a run: loss and accuracy of each epoch, as Keras's own callback writes them.

The callback writes with the packages TensorFlow and tensorboard, also where another backend trains.
"""

import importlib.util
import tempfile
from pathlib import Path

import keras

from model.errors import TrainingError


def tensorboard_callback(folder: Path, run_name: str) -> keras.callbacks.Callback:
    """Return the callback that logs a run.

    Args:
        folder: Of all logs; TensorBoard shows each folder in it as a run.
        run_name: Of the run's own folder in it.

    Raises:
        TrainingError: If the folder can't be written, or a package that writes is not installed.
    """
    for package in ("tensorflow", "tensorboard"):
        if importlib.util.find_spec(package) is None:
            raise TrainingError(
                f"TensorBoard logs need the package {package}, which is not installed; train"
                " without them, or install digitpad[tensorboard]."
            )
    own = folder / run_name
    _check_writable(own)
    return keras.callbacks.TensorBoard(own, write_graph=False)


def _check_writable(folder: Path) -> None:
    """Make a folder, and a file in it, so that a long run fails at its start if it can't log."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise TrainingError(
            f"TensorBoard logs can't be written to {folder}: {error.strerror}."
            " Choose another folder.",
            detail=str(error),
        ) from error
