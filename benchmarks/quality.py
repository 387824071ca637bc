"""How good the bundled network is: every figure that is claimed of it, with 95 % intervals.

    python benchmarks/quality.py [--json] [--model FILE.tflite]

Needs MNIST and the pen digits (in the cache, or in the folder that DIGITPAD_DATA names). Built-in
strokes and non-digits come from seeds and families that training never used.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.calibration import class_scores
from model.datasets import load_dataset
from model.ink import Strokes, ink_from_strokes
from model.metrics import calibration_error, separation, wilson_interval
from model.recognizer import BUNDLED_MODEL, Recognition, Recognizer, Verdict
from model.strokes.builtin_strokes import generate
from model.strokes.non_digits import KINDS, generate_non_digits
from model.strokes.stroke_templates import STYLES

TEST_SEED = 20_000_003
DRAWINGS_PER_STYLE = 400
DRAWINGS_PER_KIND = 2000
CONFIDENT = 0.9


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes:
        name: What was measured.
        value: A share in [0, 1], or a number with the unit in its name.
        low: Lower end of its 95 % interval; None where it has none.
        high: Upper end.
        goal: What it must reach, with its sign.
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    goal: str = ""


def share(name: str, hits: npt.NDArray[np.bool_], goal: str = "") -> Figure:
    """Return a share with its interval."""
    low, high = wilson_interval(int(hits.sum()), len(hits))
    return Figure(name, float(hits.mean()), low, high, goal)


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers to digits whose labels are known."""

    found: Sequence[Recognition]
    labels: npt.NDArray[np.int64]

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

    def figures(self, name: str, accuracy_goal: str) -> list[Figure]:
        """Return accuracy, confident errors and calibration."""
        is_sure_and_wrong = ~self.is_right & (self.confidences > CONFIDENT)
        return [
            share(f"{name}: right", self.is_right, accuracy_goal),
            share(f"{name}: wrong and over 90 % sure", is_sure_and_wrong),
            Figure(
                f"{name}: calibration error",
                calibration_error(self.confidences, self.is_right),
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
        figures.append(share(f"style {style}", found.is_right, ">= 0.99"))
        if style == "0 slashed":
            eights = np.array([answer.probabilities[8] > 0.6 for answer in found.found])
            figures.append(share("0 slashed: called 8 with over 60 %", eights, "= 0"))
    return figures


def non_digit_figures(recognizer: Recognizer, pen: Answers) -> list[Figure]:
    """Measure how well letters, scribbles and shapes are told from pen digits."""
    digit_scores = scores(pen.found)
    figures = [share("pen digits kept as digit", pen.kept(), ">= 0.98")]
    for index, kind in enumerate(KINDS):
        drawings, _ = generate_non_digits(
            DRAWINGS_PER_KIND, TEST_SEED + 1000 + index, [kind], part="validation"
        )
        found = recognizer.recognize_batch(drawn(drawings))
        goal = ">= 0.97" if kind == "letter" else ">= 0.99"
        value = separation(digit_scores, scores(found))
        figures.append(Figure(f"{kind}: AUROC against pen digits", value, goal=goal))
        kept = np.array([answer.verdict is Verdict.DIGIT for answer in found])
        figures.append(share(f"{kind}: called digit", kept, "<= 0.2" if kind == "letter" else ""))
    blank = recognizer.recognize(np.zeros((28, 28), np.float32))
    is_empty = float(blank.verdict is Verdict.EMPTY)
    return [*figures, Figure("blank is empty", is_empty, goal="= 1")]


def scores(found: Sequence[Recognition]) -> npt.NDArray[np.float32]:
    """Return how much each answer looks like a digit."""
    return class_scores(np.stack([answer.probabilities for answer in found]))


def cost_figures(recognizer: Recognizer, litert_file: Path) -> list[Figure]:
    """Measure size, and time on one core."""
    ink = ink_from_strokes([[(0, 0), (5, 0), (2, 9)]])
    times = []
    for _ in range(2000):
        began = time.perf_counter()
        recognizer.recognize(ink)
        times.append(time.perf_counter() - began)
    return [
        Figure("parameters", recognizer.metadata.parameters, goal="<= 400000"),
        Figure("LiteRT file, MB", litert_file.stat().st_size / 1e6, goal="<= 2"),
        Figure("recognition, ms (median)", float(np.median(times)) * 1e3, goal="<= 1"),
    ]


def pen_answers(recognizer: Recognizer) -> Answers:
    """Recognise the pen digits' test part."""
    data = load_dataset("pen-digits")
    return answers(recognizer, data.test_images, data.test_labels)


def measure(litert_file: Path) -> list[Figure]:
    """Measure everything."""
    recognizer = Recognizer.from_files(litert_file)
    mnist = load_dataset("mnist")
    scanned = answers(recognizer, mnist.test_images, mnist.test_labels)
    pen = pen_answers(recognizer)
    return [
        *scanned.figures("MNIST test", ">= 0.997"),
        *pen.figures("pen digits test", ">= 0.993"),
        *style_figures(recognizer),
        *non_digit_figures(recognizer, pen),
        *cost_figures(recognizer, litert_file),
    ]


def reaches(figure: Figure) -> bool | None:
    """Say whether a figure reaches its goal; None where it has none."""
    if not figure.goal:
        return None
    sign, bound = figure.goal.split()
    compared = {">=": figure.value >= float(bound), "<=": figure.value <= float(bound)}
    return compared.get(sign, figure.value == float(bound))


def printed(figure: Figure) -> str:
    """Return one line of the table."""
    interval = f"{figure.low:.4f} to {figure.high:.4f}" if figure.low is not None else ""
    mark = {True: "yes", False: "NO", None: ""}[reaches(figure)]
    return f"{figure.name:<46}{figure.value:>12.4f}  {interval:<18}  {figure.goal:<10} {mark}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print numbers, not a table")
    parser.add_argument("--model", type=Path, default=BUNDLED_MODEL.with_suffix(".tflite"))
    arguments = parser.parse_args()
    figures = measure(arguments.model)
    if arguments.json:
        print(json.dumps([asdict(figure) for figure in figures]))
        return
    print(f"{'figure':<46}{'value':>12}  {'95 % interval':<18}  {'goal':<10} reached")
    for figure in figures:
        print(printed(figure))


if __name__ == "__main__":
    main()
