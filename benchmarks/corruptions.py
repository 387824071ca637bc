"""The recognition of corrupted scans that are opened as pictures: MNIST-C's table.

    python benchmarks/corruptions.py [--part train] [--count N] [--table] [--model FILE.tflite]

Every corruption of `mnist_c` on as many of MNIST's digits, enlarged as a picture that a person
would open. Choices are made with `--part train`; the test split is for reporting. `--table` also
writes the figures into docs/bundled-network.md. A sheet of the errors goes to runs/corruptions.png.
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
from figures import Figure, as_markdown, printed, proportion
from mix_parts import RUNS
from mnist_c import CORRUPTIONS, Corruption
from page_tables import NETWORK_PAGE, put_table
from PIL import Image

from model.data.datasets import load_dataset
from model.errors import PictureError
from model.ink import InkImage, empty_ink
from model.raster.pictures import ink_from_picture
from model.recognizer import BUNDLED_MODEL, Recognizer

ENLARGED_PX = 280
SEED = 1
GOAL = "<= 0.07"
SHEET_COLUMNS = 24

Images = npt.NDArray[np.uint8]
Inks = npt.NDArray[np.float32]


def corrupted(images: Images, corrupt: Corruption, seed: int) -> list[Image.Image]:
    """Corrupt uint8 (images, 28, 28) and enlarge each to a picture."""
    random = np.random.default_rng(seed)
    spoilt = (np.rint(255 * corrupt(image / 255.0, random)).astype(np.uint8) for image in images)
    size = (ENLARGED_PX, ENLARGED_PX)
    return [Image.fromarray(image).resize(size, Image.Resampling.BICUBIC) for image in spoilt]


def opened(pictures: list[Image.Image]) -> Inks:
    """Open each picture; float32 (pictures, 28, 28), without ink where nothing is found."""
    return np.stack([_ink_of(picture) for picture in pictures])


def _ink_of(picture: Image.Image) -> InkImage:
    try:
        return ink_from_picture(picture)
    except PictureError:
        return empty_ink()


def sheet(rows: list[tuple[Image.Image, npt.NDArray[np.float32]]]) -> Image.Image:
    """Lay out pictures, each above the ink that was found on it."""
    cell, columns = 58, SHEET_COLUMNS
    tall = -(-len(rows) // columns)
    page = Image.new("L", (columns * cell, tall * 2 * cell), 90)
    for number, (picture, ink) in enumerate(rows):
        x, y = number % columns * cell, number // columns * 2 * cell
        page.paste(picture.resize((cell - 2, cell - 2)), (x, y))
        found = Image.fromarray(np.rint(255 * ink).astype(np.uint8))
        page.paste(found.resize((cell - 2, cell - 2), Image.Resampling.NEAREST), (x, y + cell))
    return page


def measure(
    recognizer: Recognizer, images: Images, labels: npt.NDArray[np.int64], names: list[str]
) -> tuple[list[Figure], Image.Image]:
    """Measure each corruption, and draw its first errors."""
    figures, wrong, shown = [], [], []
    for seed, name in enumerate(CORRUPTIONS):
        if name not in names:
            continue
        pictures = corrupted(images, CORRUPTIONS[name], SEED + seed)
        inks = opened(pictures)
        answers = np.array([answer.digit for answer in recognizer.recognize_batch(inks)])
        is_wrong = answers != labels
        figures.append(proportion(f"{name}: wrong", is_wrong))
        wrong.append(is_wrong)
        shown += [(pictures[i], inks[i]) for i in np.flatnonzero(is_wrong)[:SHEET_COLUMNS]]
    figures.append(proportion("all together: wrong", np.concatenate(wrong), GOAL))
    return figures, sheet(shown)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=("train", "test"), default="test")
    parser.add_argument("--count", type=int, default=300, help="digits of each corruption")
    parser.add_argument("--only", choices=CORRUPTIONS, action="append", metavar="NAME")
    parser.add_argument("--table", action="store_true", help=f"write them into {NETWORK_PAGE.name}")
    parser.add_argument("--model", type=Path, default=BUNDLED_MODEL.with_suffix(".tflite"))
    arguments = parser.parse_args()
    data = load_dataset("mnist")
    images, labels = (
        (data.train_images, data.train_labels)
        if arguments.part == "train"
        else (data.test_images, data.test_labels)
    )
    assert images is not None
    assert labels is not None
    chosen = np.linspace(0, len(labels) - 1, arguments.count).astype(int)
    recognizer = Recognizer.from_files(arguments.model)
    names = arguments.only or list(CORRUPTIONS)
    figures, errors = measure(recognizer, images[chosen], labels[chosen], names)
    if arguments.table:
        put_table(NETWORK_PAGE, "corruptions", as_markdown(figures))
    RUNS.mkdir(exist_ok=True)
    errors.save(RUNS / "corruptions.png")
    print(printed(figures))


if __name__ == "__main__":
    main()
