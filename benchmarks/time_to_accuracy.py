"""The time until 99 % of MNIST's test digits are right.

    python benchmarks/time_to_accuracy.py [--json] [--rounds N]

In one run, one after the other, each in a process of its own:

- `conv64-dense128` for its five epochs as its tutorial trains it: Keras's own `compile` and `fit`
  with their defaults;
- the same recipe through our command line, which chooses a faster way of computing on a CPU;
- `digitpad` for one epoch through our command line.

The time is that of the epochs; starting Keras and reading the data is left out everywhere. Our
command's epochs hold their validation, and the tutorial has none, so the ratio is rather too small.
Test accuracy is measured once, after the last epoch. With several rounds, all three take turns;
printed are medians, and the least and greatest time.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

TUTORIAL = "conv64-dense128"
GOAL = 0.99


def tutorials_way() -> dict[str, float]:
    """Train as the tutorial does; return seconds and test accuracy."""
    import keras

    from model.data.datasets import load_dataset
    from model.recipes import recipe_named
    from model.training.networks import build_network

    recipe = recipe_named(TUTORIAL)
    data = load_dataset("mnist")
    keras.utils.set_random_seed(recipe.seed)
    network = build_network(recipe.network)
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    images = data.train_images[..., np.newaxis].astype(np.float32) / 255
    began = time.perf_counter()
    network.fit(
        images, data.train_labels, batch_size=recipe.batch_size, epochs=recipe.epochs, verbose=0
    )
    seconds = time.perf_counter() - began
    test = data.test_images[..., np.newaxis].astype(np.float32) / 255
    _, accuracy = network.evaluate(test, data.test_labels, verbose=0)
    return {"seconds": seconds, "accuracy": accuracy}


def our_way(recipe: str, epochs: int) -> dict[str, float]:
    """Train through the command line; return seconds and test accuracy."""
    from model.model_files.model_file import read_metadata

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "new.keras"
        command = [sys.executable, "-m", "model", "train", "--recipe", recipe]
        command += ["--dataset", "mnist", "--epochs", str(epochs), "--out", str(out)]
        subprocess.run(command, check=True, stdout=sys.stderr)
        metadata = read_metadata(out)
    seconds = sum(row.seconds for row in metadata.history)
    return {"seconds": seconds, "accuracy": metadata.test_accuracy or 0.0}


def in_a_process() -> dict[str, float]:
    """Train as the tutorial does, in a process of its own."""
    command = [sys.executable, __file__, "--tutorial"]
    child = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(child.stdout.splitlines()[-1])


def main() -> None:
    """Train three times, print times, accuracies and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print numbers, not a table")
    parser.add_argument("--rounds", type=int, default=1, help="turns of all three ways")
    parser.add_argument("--tutorial", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.tutorial:
        print(json.dumps(tutorials_way()))
        return
    ours = "digitpad, 1 epoch, our command"
    ways: dict[str, Callable[[], dict[str, float]]] = {
        f"{TUTORIAL}, 5 epochs, Keras's defaults": in_a_process,
        f"{TUTORIAL}, 5 epochs, our command": partial(our_way, TUTORIAL, 5),
        ours: partial(our_way, "digitpad", 1),
    }
    rounds = [{name: way() for name, way in ways.items()} for _ in range(arguments.rounds)]
    runs = {
        name: {
            what: statistics.median(each[name][what] for each in rounds)
            for what in ("seconds", "accuracy")
        }
        for name in ways
    }
    if arguments.json:
        reached = runs[ours]["accuracy"] >= GOAL
        print(json.dumps({"runs": runs, "rounds": rounds, "reached": reached}))
        return
    print(f"{'':<44}{'seconds':>9}{'':>18}{'test':>9}{'times ours':>12}")
    for name, run in runs.items():
        times = [each[name]["seconds"] for each in rounds]
        spread = f"({min(times):.1f} to {max(times):.1f})"
        ratio = run["seconds"] / runs[ours]["seconds"]
        print(f"{name:<44}{run['seconds']:>9.1f}{spread:>18}{run['accuracy']:>9.2%}{ratio:>12.1f}")


if __name__ == "__main__":
    main()
