"""The cost of the window, its curves and its live answers for a run, against Keras's `fit` alone.

    python benchmarks/training_overhead.py [--json] [--recipe NAME] [--epochs N] [--rounds N]

The same network, batches and optimizer are trained in two ways, in turns, because only ratios of
one run mean anything: by plain `model.fit` in a process of its own, and by pressing Train in the
real window with a digit on the pad, so that the network's answer follows it. The first epoch of
each is left out; it holds the building of the graph. The window's epochs hold their validation, and
plain `fit` has none, so that the ratio is rather too small.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

NICENESS = 10
SEVEN = [[(60, 60), (180, 60), (120, 220)]]


def plain_rate(recipe_name: str, dataset: str, epochs: int) -> float:
    """Train by `fit` alone; return images a second."""
    import keras

    from model.data.datasets import load_dataset
    from model.recipes import recipe_named
    from model.training.networks import build_network

    recipe = recipe_named(recipe_name)
    data = load_dataset(dataset)
    network = build_network(recipe.network, classes=len(data.class_names))
    settings = {"learning_rate": recipe.learning_rate, "use_ema": recipe.use_ema}
    optimizer = keras.optimizers.get({"class_name": recipe.optimizer, "config": settings})
    network.compile(
        optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False
    )
    moments: list[float] = []

    def note(*_: object) -> None:
        moments.append(time.perf_counter())

    clock = keras.callbacks.LambdaCallback(on_epoch_end=note)
    images = data.train_images[..., np.newaxis].astype(np.float32) / 255
    # The window's child has this priority, too.
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    network.fit(
        images,
        data.train_labels,
        batch_size=recipe.batch_size,
        epochs=epochs,
        verbose=0,
        callbacks=[clock],
    )
    return len(images) * (epochs - 1) / (moments[-1] - moments[0])


def window_rate(recipe: str, dataset: str, epochs: int) -> float:
    """Train by pressing Train in the window; return images a second."""
    from PySide6.QtCore import QEventLoop
    from PySide6.QtTest import QTest
    from responsiveness import start_run

    from app.application import build
    from model.data.datasets import load_dataset
    from model.recipes import recipe_named
    from model.run_events import EpochFinished

    _, window = build(["digitpad"])
    window.show()
    QTest.qWaitForWindowExposed(window)
    window.drawing_pad.set_strokes(SEVEN)
    presenter = start_run(window, recipe, dataset)
    seconds: list[float] = []
    loop = QEventLoop()

    def on_event(event: object) -> None:
        if isinstance(event, EpochFinished):
            seconds.append(event.figures.seconds)
            if event.figures.epoch == epochs:
                loop.quit()

    presenter.process.event_received.connect(on_event)
    presenter.run_ended.connect(loop.quit)
    loop.exec()
    presenter.end_now()
    window.close()
    images = len(load_dataset(dataset).train_images) * (1 - recipe_named(recipe).validation_split)
    return images / float(np.mean(seconds[1:]))


def measured(part: str, arguments: argparse.Namespace) -> float:
    """Measure one way in a process of its own."""
    command = [sys.executable, __file__, "--part", part, "--epochs", str(arguments.epochs)]
    command += ["--recipe", arguments.recipe, "--dataset", arguments.dataset]
    child = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return float(child.stdout.splitlines()[-1])


def main() -> None:
    """Measure in turns, print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print numbers, not a table")
    parser.add_argument("--recipe", default="conv64-dense128", help="what to train")
    parser.add_argument("--dataset", default="mnist", help="what on")
    parser.add_argument("--epochs", type=int, default=3, help="of each run, the first left out")
    parser.add_argument("--rounds", type=int, default=3, help="turns of both ways")
    parser.add_argument("--part", choices=("plain", "window"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if arguments.part:
        rate = plain_rate if arguments.part == "plain" else window_rate
        print(rate(arguments.recipe, arguments.dataset, arguments.epochs))
        return
    rates: dict[str, list[float]] = {"plain": [], "window": []}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("SETTINGS", "MODELS"):
            os.environ[f"DIGITPAD_{name}"] = str(Path(folder) / name.lower())
        for _ in range(arguments.rounds):
            for part, measures in rates.items():
                measures.append(measured(part, arguments))
                print(f"{part}: {measures[-1]:,.0f} images/s", file=sys.stderr)
    plain, window = (float(np.median(rates[part])) for part in ("plain", "window"))
    if arguments.json:
        figures = {"plain": plain, "window": window, "ratio": window / plain}
        print(json.dumps({**figures, "rates": rates}))
        return
    for name, part, middle in (
        ("plain model.fit", "plain", plain),
        ("in the window", "window", window),
    ):
        spread = f"({min(rates[part]):,.0f} to {max(rates[part]):,.0f})"
        print(f"{name:<20}{middle:>8,.0f} images/s {spread}")
    print(f"ratio               {window / plain:>8.3f}")


if __name__ == "__main__":
    main()
