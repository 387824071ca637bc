"""How long a measurement takes: figures of 10,000 digits, and robustness.

    python benchmarks/evaluation.py [--data FOLDER]

Prints seconds, and each as a multiple of what the network's answers alone take.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np

from model.data.datasets import load_dataset, load_test_strokes
from model.errors import DigitpadError
from model.evaluation.answers import BATCH
from model.evaluation.measuring import measure
from model.evaluation.robustness import MOST_DRAWINGS, robustness_curves
from model.recognizer import Recognizer


def answers_alone_seconds(recognizer: Recognizer, images: np.ndarray) -> float:
    """Return how long the network takes for images, uint8 (images, 28, 28), in batches."""
    began = time.perf_counter()
    for start in range(0, len(images), BATCH):
        recognizer.recognize_batch(images[start : start + BATCH] / np.float32(255))
    return time.perf_counter() - began


def main() -> int:
    """Measure MNIST's test split, and the robustness of the pen digits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder to search first for data sets")
    folder = parser.parse_args().data
    recognizer = Recognizer.bundled()
    try:
        scans = load_dataset("mnist", folder=folder)
        pens = load_dataset("pen-digits", folder=folder)
        strokes = load_test_strokes("pen-digits", folder=folder)
    except DigitpadError as error:
        sys.stderr.write(f"{error.sentence}\n")
        return 2
    if scans.test_images is None:
        return 2
    alone = answers_alone_seconds(recognizer, scans.test_images)
    began = time.perf_counter()
    report, _ = measure(recognizer, scans, model="bundled")
    figures = time.perf_counter() - began
    began = time.perf_counter()
    curves = robustness_curves(recognizer, pens, strokes)
    robustness = time.perf_counter() - began
    points = sum(len(curve.points) for curve in curves)
    print(f"{report.images:,} answers alone          {alone:6.1f} s     1.00")
    print(f"all figures of {report.images:,} images  {figures:6.1f} s  {figures / alone:7.2f}")
    print(
        f"robustness, {points} points of {MOST_DRAWINGS} drawings"
        f" {robustness:6.1f} s  {robustness / alone:7.2f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
