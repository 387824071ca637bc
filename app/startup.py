"""What makes the window come up sooner: two habits of Python that wait until it is painted."""

import gc
import importlib
import os

_THREADS = "OPENBLAS_NUM_THREADS"


def begin() -> None:
    """Prepare; call it before anything large is imported."""
    # Importing makes much that stays and no garbage; looking for some costs a tenth of the start.
    gc.disable()
    _import_numpy_alone()


def end() -> None:
    """Return to the usual; call it when the window is painted."""
    # What is there now stays: without this the first look at all of it delays the first answer.
    gc.freeze()
    gc.enable()


def _import_numpy_alone() -> None:
    """Import NumPy without the threads for large matrices, which the window has none of.

    They would spin for a while, just when the window needs the processor.
    """
    was = os.environ.get(_THREADS)
    os.environ.setdefault(_THREADS, "1")
    importlib.import_module("numpy")

    if was is None:
        del os.environ[_THREADS]  # a training process may want them
