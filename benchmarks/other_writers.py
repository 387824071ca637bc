"""Makes `assets/other_writers.png`: digits of other people, and non-digits.

    python benchmarks/other_writers.py [--data FOLDER]

A hundred scans of MNIST and a hundred pen digits of each class, and made-up letters and scribbles,
all of them of training splits. `model.hand.other_writers` says how they lie in the picture.
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.data.datasets import load_dataset
from model.data.pen_digits import read_pen_drawings
from model.data.published_data import PEN_DIGITS, locate
from model.hand.other_writers import COLUMNS, DIGITS_PER_CLASS, FILE, GREY_STEP, NON_DIGITS
from model.ink import INK_SIZE, ink_from_strokes
from model.synthesis.non_digits import generate_non_digits

SEED = 17

Images = npt.NDArray[np.uint8]


def grey(drawings: list) -> Images:
    """Draw strokes as uint8 (drawings, 28, 28)."""
    return np.stack([np.rint(ink_from_strokes(each) * 255) for each in drawings]).astype(np.uint8)


def chosen(images: Images, labels: npt.NDArray[np.int64], random: np.random.Generator) -> Images:
    """Choose half of the images of each class: uint8 (10, half, 28, 28)."""
    half = DIGITS_PER_CLASS // 2
    return np.stack(
        [images[random.permutation(np.flatnonzero(labels == digit))[:half]] for digit in range(10)]
    )


def mosaic(images: Images) -> Image.Image:
    """Put images side by side, row by row."""
    rows = images.reshape(-1, COLUMNS, INK_SIZE, INK_SIZE).swapaxes(1, 2)
    return Image.fromarray(rows.reshape(-1, COLUMNS * INK_SIZE))


def main() -> None:
    """Choose, draw and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder to search first for the data sets")
    folder = parser.parse_args().data
    random = np.random.default_rng(SEED)
    mnist = load_dataset("mnist", folder=folder)
    pens = read_pen_drawings(locate(PEN_DIGITS, folder, None))
    digits = np.concatenate(
        [
            chosen(mnist.train_images, mnist.train_labels, random),
            chosen(
                grey([row.strokes for row in pens]),
                np.array([int(row.label) for row in pens]),
                random,
            ),
        ],
        axis=1,
    )
    non_digits = grey(generate_non_digits(NON_DIGITS, SEED, part="train")[0])
    everything = np.concatenate([digits.reshape(-1, INK_SIZE, INK_SIZE), non_digits])
    rounded = np.rint(everything / GREY_STEP) * GREY_STEP
    mosaic(rounded.astype(np.uint8)).save(FILE, optimize=True)
    print(f"{FILE.name}: {len(everything):,} images, {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
