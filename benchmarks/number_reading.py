"""The accuracy of reading numbers, by pen and on pictures, and the gain by the search for groups.

    python benchmarks/number_reading.py [--part train|test] [--count N] [--json]

Numbers of two to six digits are composed of each writer's own pen digits, with gaps of -10 to 60 %
of a digit's width, drifting sizes and a wandering baseline. The reader is compared with two simple
ways of grouping in the same run: strokes whose boxes overlap, and strokes with no gap between them.
Then every single digit must get the answer that it gets alone. Pictures are rows of MNIST's digits
on patterned paper. Parameters are chosen on the training split; the test split is for reporting.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
from figures import Figure, printed, proportion
from picture_rows import picture_rows
from PIL import Image

from model.data.composed_numbers import Number, Spacing, digits_by_writer, numbers
from model.data.datasets import load_dataset
from model.data.labelled_strokes import LabelledDrawing
from model.data.pen_digits import read_pen_drawings, read_pen_test_drawings
from model.data.published_data import PEN_DIGITS, locate
from model.errors import DigitpadError
from model.ink import ink_from_strokes
from model.numbers.pictures import read_picture
from model.numbers.reader import NumberReader
from model.recognizer import Recognizer

SEED = 1
ROOMY = Spacing(gap=(0.0, 0.6), drift=0.2, jitter=0.12, slope=0.1, wander=0.08)
CLUMSY = Spacing(late=1.0, unordered=0.3)
CONNECTED = Spacing(connected=0.5)

Groups = list[tuple[int, ...]]
Grouping = Callable[[Sequence[npt.NDArray[np.float64]]], Groups]


def by_overlapping_boxes(strokes: Sequence[npt.NDArray[np.float64]]) -> Groups:
    """Group strokes whose boxes overlap."""
    return _grouped(strokes, 0.0, both=True)


def by_gaps(strokes: Sequence[npt.NDArray[np.float64]]) -> Groups:
    """Group strokes without a gap from left to right, a twentieth of the height or more."""
    height = float(np.ptp(np.concatenate(strokes)[:, 1]))
    return _grouped(strokes, 0.05 * height, both=False)


def _grouped(strokes: Sequence[npt.NDArray[np.float64]], gap: float, *, both: bool) -> Groups:
    groups: list[tuple[set[int], npt.NDArray[np.float64]]] = []
    for index, stroke in enumerate(strokes):
        members, points = {index}, stroke
        for group in list(groups):
            if _is_near(points, group[1], gap, both=both):
                groups.remove(group)
                members, points = members | group[0], np.concatenate([points, group[1]])
        groups.append((members, points))
    groups.sort(key=lambda group: float(group[1][:, 0].mean()))
    return [tuple(sorted(members)) for members, _ in groups]


def _is_near(
    one: npt.NDArray[np.float64], other: npt.NDArray[np.float64], gap: float, *, both: bool
) -> bool:
    apart = np.maximum(one.min(axis=0) - other.max(axis=0), other.min(axis=0) - one.max(axis=0))
    return bool(apart[0] <= gap and (not both or apart[1] <= gap))


def grouped_figures(
    name: str, rows: Sequence[Number], grouping: Grouping, recognizer: Recognizer
) -> list[Figure]:
    """Measure a way of grouping by itself, without the reader."""
    right, found = [], []
    for number in rows:
        groups = grouping(number.strokes)
        inks = [ink_from_strokes([number.strokes[i] for i in group]) for group in groups]
        text = "".join(answer.label for answer in recognizer.recognize_batch(np.stack(inks)))
        right.append(text == number.text)
        found += [tuple(sorted(group)) in groups for group in number.groups]
    return [
        proportion(f"{name}: strings right", np.array(right)),
        proportion(f"{name}: groups found", np.array(found)),
    ]


def read_figures(
    name: str, rows: Sequence[Number], reader: NumberReader, goals: tuple[str, str] = ("", "")
) -> list[Figure]:
    """Measure the reader."""
    right, found = [], []
    for number in rows:
        reading = reader.read(number.strokes)
        right.append(reading.text == number.text)
        groups = [group.strokes for group in reading.groups]
        found += [tuple(sorted(group)) in groups for group in number.groups]
    return [
        proportion(f"{name}: strings right", np.array(right), goals[0]),
        proportion(f"{name}: groups found", np.array(found), goals[1]),
    ]


def single_figures(
    rows: Sequence[LabelledDrawing], recognizer: Recognizer, reader: NumberReader
) -> list[Figure]:
    """Compare single digits' answers with those that they get without numbers."""
    same = []
    for row in rows:
        alone = recognizer.recognize(ink_from_strokes(row.strokes))
        reading = reader.read(row.strokes)
        same.append(
            len(reading.groups) == 1
            and np.array_equal(reading.groups[0].recognition.probabilities, alone.probabilities)
            and reading.verdict is alone.verdict
        )
    return [proportion("single digits: answered as without numbers", np.array(same), "= 1")]


def picture_figures(part: str, count: int, recognizer: Recognizer) -> list[Figure]:
    """Measure the reading of rows on pictures."""
    data = load_dataset("mnist")
    images, labels = (
        (data.train_images, data.train_labels)
        if part == "train"
        else (data.test_images, data.test_labels)
    )
    figures = []
    for name, patterned in (("patterned paper", 1.0), ("plain paper", 0.0)):
        rows = picture_rows(images, labels, count, seed=SEED + 1, patterned=patterned)
        right = [_text_of(row.picture, recognizer) == row.text for row in rows]
        figures.append(proportion(f"pictures on {name}: strings right", np.array(right)))
    return figures


def _text_of(picture: Image.Image, recognizer: Recognizer) -> str:
    try:
        return read_picture(picture, recognizer).text
    except DigitpadError:
        return ""


def measure(part: str, count: int, pictures: int, singles: int | None) -> list[Figure]:
    """Measure everything in one run."""
    folder = locate(PEN_DIGITS, None, None)
    rows = read_pen_drawings(folder) if part == "train" else read_pen_test_drawings(folder)
    digits = digits_by_writer(rows)
    recognizer = Recognizer.bundled()
    reader = NumberReader(recognizer)
    composed = list(numbers(digits, count, seed=SEED))
    figures = read_figures("numbers", composed, reader, (">= 0.97", ">= 0.99"))
    for name, grouping in (("boxes", by_overlapping_boxes), ("gaps", by_gaps)):
        figures += grouped_figures(f"grouped by {name}", composed, grouping, recognizer)
    true_groups = {id(number.strokes): number.groups for number in composed}
    figures += grouped_figures(
        "true groups given", composed, lambda strokes: true_groups[id(strokes)], recognizer
    )[:1]
    for name, spacing in (("roomy", ROOMY), ("clumsy", CLUMSY), ("connected", CONNECTED)):
        some = list(numbers(digits, count // 4, seed=SEED, spacing=spacing))
        figures += read_figures(f"{name} numbers", some, reader)
    figures += single_figures(rows[:singles], recognizer, reader)
    return figures + picture_figures(part, pictures, recognizer)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=("train", "test"), default="test")
    parser.add_argument("--count", type=int, default=1400, help="numbers to compose")
    parser.add_argument("--pictures", type=int, default=300, help="pictures of each kind")
    parser.add_argument("--singles", type=int, help="single digits; all by default")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures as JSON")
    arguments = parser.parse_args()
    try:
        figures = measure(arguments.part, arguments.count, arguments.pictures, arguments.singles)
    except (DigitpadError, OSError) as error:
        sys.exit(str(error))
    if arguments.json:
        arguments.json.write_text(json.dumps(msgspec.to_builtins(figures), indent=1) + "\n")
    print(printed(figures))


if __name__ == "__main__":
    main()
