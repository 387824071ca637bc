"""The quality of the bundled network: every figure claimed of it, with 95 % intervals.

    python benchmarks/quality.py [--json] [--table] [--model FILE.tflite]

Needs MNIST and the pen digits (in the cache, or in the folder that DIGITPAD_DATA names). Built-in
strokes and non-digits come from seeds and families that training never used. `--table` also writes
the figures into docs/bundled-network.md.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
from figures import Figure, as_markdown, median, printed, proportion, resampled
from page_tables import NETWORK_PAGE, put_table

from model.calibration import class_scores
from model.data.datasets import load_dataset
from model.ink import Strokes, ink_from_strokes
from model.metrics import calibration_error, separation
from model.recognizer import BUNDLED_MODEL, Recognition, Recognizer
from model.synthesis.builtin_strokes import generate
from model.synthesis.non_digits import KINDS, generate_non_digits
from model.synthesis.stroke_templates import STYLES
from model.verdicts import Verdict

TEST_SEED = 20_000_003
DRAWINGS_PER_STYLE = 2000
"""With 400 drawings, a style of 99.5 % accuracy shows less than 99 % once in twenty times."""

DRAWINGS_PER_KIND = 2000
TIMED_ANSWERS = 2000
CONFIDENT = 0.9
LEAST_PROBABILITY = 1e-7


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers to digits whose labels are known, and where it is known, who wrote each."""

    found: Sequence[Recognition]
    labels: npt.NDArray[np.int64]
    writers: npt.NDArray[np.int64] | None = None

    @property
    def is_right(self) -> npt.NDArray[np.bool_]:
        """Whether each answer is right, bool (answers,)."""
        return np.array([answer.digit for answer in self.found]) == self.labels

    @property
    def confidences(self) -> npt.NDArray[np.float32]:
        """Of each answer, float32 (answers,) in [0, 1]."""
        return np.array([answer.confidence for answer in self.found], np.float32)

    def kept(self) -> npt.NDArray[np.bool_]:
        """Return bool (answers,): whether the verdict is that it is a digit."""
        return np.array([answer.verdict is Verdict.DIGIT for answer in self.found])

    def names(self, pair: set[int]) -> npt.NDArray[np.bool_]:
        """Return bool (answers,): whether each is right, or one of the two classes it doubts is."""
        doubts = [
            answer.verdict is Verdict.UNSURE
            and set(np.argsort(answer.probabilities)[-2:].tolist()) == pair
            for answer in self.found
        ]
        return self.is_right | np.array(doubts)

    @property
    def is_sure_and_wrong(self) -> npt.NDArray[np.bool_]:
        """Whether each answer is wrong with more than 90 % confidence, bool (answers,)."""
        return ~self.is_right & (self.confidences > CONFIDENT)

    @property
    def surprise(self) -> float:
        """Mean negative logarithm of the probability that the truth was given."""
        given = [a.probabilities[label] for a, label in zip(self.found, self.labels, strict=True)]
        return float(-np.log(np.maximum(given, LEAST_PROBABILITY)).mean())

    def figures(self, name: str, goal: str, sure_and_wrong_goal: str = "") -> list[Figure]:
        """Return accuracy, confident errors and calibration."""
        return [
            proportion(f"{name}: right", self.is_right, goal, self.writers),
            proportion(
                f"{name}: wrong and over 90 % sure",
                self.is_sure_and_wrong,
                sure_and_wrong_goal,
                self.writers,
            ),
            resampled(
                f"{name}: calibration error",
                calibration_error,
                [self.confidences, self.is_right],
                goal="<= 0.006",
            ),
        ]


def answers(
    recognizer: Recognizer, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64]
) -> Answers:
    """Recognise uint8 (images, 28, 28)."""
    return Answers(recognizer.recognize_batch(images.astype(np.float32) / 255), labels)


def drawn(drawings: Sequence[Strokes]) -> npt.NDArray[np.float32]:
    """Return float32 (drawings, 28, 28)."""
    return np.stack([ink_from_strokes(drawing) for drawing in drawings])


def style_figures(recognizer: Recognizer) -> list[Figure]:
    """Measure each named style of the built-in strokes with fresh seeds."""
    figures = []
    for index, style in enumerate(STYLES):
        drawings, labels, _ = generate(DRAWINGS_PER_STYLE, TEST_SEED + index, [style])
        found = Answers(recognizer.recognize_batch(drawn(drawings)), labels)
        twin = STYLES[style].twin
        is_right = found.names({int(style[0]), int(twin[0])}) if twin else found.is_right
        figures.append(proportion(f"style {style}", is_right, ">= 0.99"))
        if style == "0 slashed":
            eights = np.array([answer.probabilities[8] > 0.6 for answer in found.found])
            figures.append(proportion("0 slashed: called 8 with over 60 %", eights, "= 0"))
    return figures


def non_digit_figures(recognizer: Recognizer, pen: Answers) -> list[Figure]:
    """Measure how well letters, scribbles and shapes are rejected beside pen digits."""
    figures = [proportion("pen digits kept as digit", pen.kept(), ">= 0.98")]
    for kind in KINDS:
        found = non_digit_answers(recognizer, kind)
        figures.append(separation_from(pen, kind, found))
        kept = np.array([answer.verdict is Verdict.DIGIT for answer in found])
        figures.append(
            proportion(f"{kind}: called digit", kept, "<= 0.2" if kind == "letter" else "")
        )
    blank = recognizer.recognize(np.zeros((28, 28), np.float32))
    is_empty = float(blank.verdict is Verdict.EMPTY)
    return [*figures, Figure("blank is empty", is_empty, goal="= 1")]


def non_digit_answers(recognizer: Recognizer, kind: str) -> list[Recognition]:
    """Recognise non-digits of one kind, of families that are not in the training data."""
    seed = TEST_SEED + 1000 + list(KINDS).index(kind)
    drawings, _ = generate_non_digits(DRAWINGS_PER_KIND, seed, [kind], part="validation")
    return recognizer.recognize_batch(drawn(drawings))


def separation_from(pen: Answers, kind: str, found: Sequence[Recognition]) -> Figure:
    """Return how often a pen digit scores higher than a non-digit (AUROC)."""
    return resampled(
        f"{kind}: AUROC against pen digits",
        separation,
        [scores(pen.found)],
        [scores(found)],
        goal=">= 0.97" if kind == "letter" else ">= 0.99",
    )


def scores(found: Sequence[Recognition]) -> npt.NDArray[np.float32]:
    """Return each answer's score as a digit."""
    return class_scores(np.stack([answer.probabilities for answer in found]))


def cost_figures(recognizer: Recognizer, litert_file: Path) -> list[Figure]:
    """Measure size, and time on one core."""
    return [
        Figure("parameters", recognizer.metadata.parameters, goal="<= 400000"),
        Figure("LiteRT file, MB", litert_file.stat().st_size / 1e6, goal="<= 2"),
        median("recognition, ms (median)", recognition_ms(recognizer), goal="<= 1"),
    ]


def recognition_ms(recognizer: Recognizer) -> list[float]:
    """Return the milliseconds of each of many answers to one drawing, on one thread."""
    ink = ink_from_strokes([[(0, 0), (5, 0), (2, 9)]])
    times = []
    for _ in range(TIMED_ANSWERS):
        began = time.perf_counter()
        recognizer.recognize(ink)
        times.append((time.perf_counter() - began) * 1e3)
    return times


def scanned_answers(recognizer: Recognizer) -> Answers:
    """Recognise MNIST's test split."""
    data = load_dataset("mnist")
    return answers(recognizer, data.test_images, data.test_labels)


def pen_answers(recognizer: Recognizer) -> Answers:
    """Recognise the pen digits' test split."""
    data = load_dataset("pen-digits")
    return replace(
        answers(recognizer, data.test_images, data.test_labels), writers=data.test_groups
    )


def measure(litert_file: Path) -> list[Figure]:
    """Measure everything."""
    recognizer = Recognizer.from_files(litert_file)
    pen = pen_answers(recognizer)
    return [
        *scanned_answers(recognizer).figures("MNIST test", ">= 0.997"),
        *pen.figures("pen digits test", ">= 0.993", sure_and_wrong_goal="<= 0.0015"),
        *style_figures(recognizer),
        *non_digit_figures(recognizer, pen),
        *cost_figures(recognizer, litert_file),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print numbers, not a table")
    parser.add_argument("--table", action="store_true", help=f"write them into {NETWORK_PAGE.name}")
    parser.add_argument("--model", type=Path, default=BUNDLED_MODEL.with_suffix(".tflite"))
    arguments = parser.parse_args()
    figures = measure(arguments.model)
    if arguments.table:
        put_table(NETWORK_PAGE, "quality", as_markdown(figures))
    print(msgspec.json.encode(figures).decode() if arguments.json else printed(figures))


if __name__ == "__main__":
    main()
