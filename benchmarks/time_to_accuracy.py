"""The time until 99 % of MNIST's test digits are right.

    python benchmarks/time_to_accuracy.py [--json]

In one run, one after the other, each in a process of its own:

- `conv64-dense128` for its five epochs as its tutorial trains it: Keras's own `compile` and `fit`
  with their defaults;
- the same recipe through our command line, which chooses a faster way of computing on a CPU;
- `digitpad` for one epoch through our command line.

The time is that of the epochs with their validation; starting Keras and reading
the data is left out everywhere. Test accuracy is measured once, after the last epoch.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
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
    parser.add_argument("--tutorial", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.tutorial:
        print(json.dumps(tutorials_way()))
        return
    runs = {
        f"{TUTORIAL}, 5 epochs, Keras's defaults": in_a_process(),
        f"{TUTORIAL}, 5 epochs, our command": our_way(TUTORIAL, 5),
        "digitpad, 1 epoch, our command": our_way("digitpad", 1),
    }
    ours = runs["digitpad, 1 epoch, our command"]
    if arguments.json:
        print(json.dumps({"runs": runs, "reached": ours["accuracy"] >= GOAL}))
        return
    print(f"{'':<44}{'seconds':>9}{'test':>9}{'times ours':>12}")
    for name, run in runs.items():
        ratio = run["seconds"] / ours["seconds"]
        print(f"{name:<44}{run['seconds']:>9.1f}{run['accuracy']:>9.2%}{ratio:>12.1f}")


if __name__ == "__main__":
    main()
