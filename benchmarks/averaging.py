"""What an average over slightly changed copies of a drawing would gain, and what it costs.

    python benchmarks/averaging.py [--litert FILE.tflite] [--json] [--table]

Strokes are drawn again through ink: leaning to either side, with a thinner and a thicker pen. Scans
are shifted by half a pixel and turned a little. All copies are answered in one batch, and their
probabilities averaged. Measured on writers and scans that the network has not learned from, never
on a test part: by default the network is the candidate `bundled`, which
`python benchmarks/candidates.py --network bundled` trains. `--table` writes the rows into
docs/averaging.json and docs/bundled-network.md.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
from mix_parts import UNSEEN_NETWORK, held_out_pen_drawings, load_mix
from page_tables import DOCS, NETWORK_PAGE, markdown, put_table, write_rows
from PIL import Image

from model.calibration import fitted_temperature
from model.errors import DigitpadError
from model.ink import INK_SIZE, PEN_WIDTH, InkImage, Strokes, ink_from_strokes
from model.metadata import ModelMetadata
from model.metrics import wilson_interval
from model.recognizer import Recognizer, calibrated

ROWS = DOCS / "averaging.json"
SLANT_DEG = 8.0
PEN_CHANGE = 0.15
SHIFT_PX = 0.5
ROTATION_DEG = 5.0
LEAST_PROBABILITY = 1e-7

Probabilities = npt.NDArray[np.float32]


class Average(msgspec.Struct, frozen=True, kw_only=True):
    """A row.

    Attributes:
        data: What was answered.
        copies: Which copies were averaged.
        digits: How many.
        right: Share right, in [0, 1].
        low: Lower end of its 95 % interval.
        high: Upper end.
        mended: Digits that are right now and were wrong by the single answer.
        spoilt: Digits that are wrong now and were right.
        loss: Mean negative logarithm of the probability given to the truth.
        fitted_loss: The same after a temperature fitted to these answers, single or averaged.
        ms: Median time of a digit: its copies, their answers and the average.
    """

    data: str
    copies: str
    digits: int
    right: float
    low: float
    high: float
    mended: int
    spoilt: int
    loss: float
    fitted_loss: float
    ms: float


def slanted(strokes: Strokes, angle_deg: float) -> Strokes:
    """Lean strokes to the right by an angle; where they stand does not matter to ink."""
    lean = np.tan(np.radians(angle_deg))
    # y points down: what is higher moves to the right.
    matrix = np.array([[1.0, 0.0], [-lean, 1.0]])
    return [np.asarray(stroke, np.float64).reshape(-1, 2) @ matrix for stroke in strokes]


def moved(
    ink: InkImage, *, right_px: float = 0, down_px: float = 0, turn_deg: float = 0
) -> InkImage:
    """Turn an ink image clockwise about its middle, then shift it; between pixels bilinearly."""
    middle = INK_SIZE / 2
    sine, cosine = np.sin(np.radians(turn_deg)), np.cos(np.radians(turn_deg))
    # Pillow asks where each pixel of the result comes from.
    x, y = -middle - right_px, -middle - down_px
    places = (
        cosine,
        sine,
        cosine * x + sine * y + middle,
        -sine,
        cosine,
        -sine * x + cosine * y + middle,
    )
    picture = Image.fromarray(ink).transform(
        ink.shape, Image.Transform.AFFINE, places, Image.Resampling.BILINEAR
    )
    return np.asarray(picture, np.float32).clip(0, 1)


def leaning(strokes: Strokes) -> list[InkImage]:
    """Draw strokes as they are and leaning to either side."""
    angles = (0.0, -SLANT_DEG, SLANT_DEG)
    return [ink_from_strokes(slanted(strokes, angle)) for angle in angles]


def pens(strokes: Strokes) -> list[InkImage]:
    """Draw strokes with three pens."""
    widths = (PEN_WIDTH, PEN_WIDTH * (1 - PEN_CHANGE), PEN_WIDTH * (1 + PEN_CHANGE))
    return [ink_from_strokes(strokes, pen_width=width) for width in widths]


def leaning_and_pens(strokes: Strokes) -> list[InkImage]:
    """Draw strokes as they are and changed in each of the four ways."""
    return [*leaning(strokes), *pens(strokes)[1:]]


def shifts(ink: InkImage) -> list[InkImage]:
    """Return an ink image and its shifts to four sides."""
    sides = ((SHIFT_PX, 0), (-SHIFT_PX, 0), (0, SHIFT_PX), (0, -SHIFT_PX))
    return [ink, *[moved(ink, right_px=right, down_px=down) for right, down in sides]]


def turns(ink: InkImage) -> list[InkImage]:
    """Return an ink image as it is and turned either way."""
    return [ink, moved(ink, turn_deg=-ROTATION_DEG), moved(ink, turn_deg=ROTATION_DEG)]


def shifts_and_turns(ink: InkImage) -> list[InkImage]:
    """Return an ink image changed in each of the six ways, and as it is."""
    return [*shifts(ink), *turns(ink)[1:]]


STROKE_COPIES: dict[str, Callable[[Strokes], list[InkImage]]] = {
    "single answer": lambda strokes: [ink_from_strokes(strokes)],
    f"three slants, {SLANT_DEG:g}° apart": leaning,
    f"three pens, {PEN_CHANGE:.0%} apart": pens,
    "both: five copies": leaning_and_pens,
}
INK_COPIES: dict[str, Callable[[InkImage], list[InkImage]]] = {
    "single answer": lambda ink: [ink],
    "four shifts by half a pixel": shifts,
    f"turned by {ROTATION_DEG:g}° either way": turns,
    "both: seven copies": shifts_and_turns,
}


def averaged(recognizer: Recognizer, copies: Sequence[InkImage]) -> Probabilities:
    """Return the mean of the answers to copies of one drawing, float32 (classes,)."""
    answers = recognizer.recognize_batch(np.stack(copies))
    mean: Probabilities = np.mean([answer.probabilities for answer in answers], axis=0)
    return mean


def answered(
    recognizer: Recognizer, copy: Callable[..., list[InkImage]], drawings: Sequence[object]
) -> tuple[Probabilities, float]:
    """Answer drawings by averages: float32 (drawings, classes), and a digit's milliseconds."""
    found, times = [], []
    for drawing in drawings:
        began = time.perf_counter()
        found.append(averaged(recognizer, copy(drawing)))
        times.append((time.perf_counter() - began) * 1e3)
    return np.stack(found), float(np.median(times))


def rows_of(
    data: str,
    ways: dict[str, Callable[..., list[InkImage]]],
    recognizer: Recognizer,
    drawings: Sequence[object],
    labels: npt.NDArray[np.int64],
) -> Iterator[Average]:
    """Answer drawings in each of the ways, the single answer first."""
    was_right = None
    for copies, copy in ways.items():
        probabilities, ms = answered(recognizer, copy, drawings)
        is_right = probabilities.argmax(axis=1) == labels
        was_right = is_right if was_right is None else was_right
        low, high = wilson_interval(int(is_right.sum()), len(labels))
        temperature = fitted_temperature(probabilities, labels)
        fitted = calibrated(probabilities, ModelMetadata(temperature=temperature))
        yield Average(
            data=data,
            copies=copies,
            digits=len(labels),
            right=float(is_right.mean()),
            low=low,
            high=high,
            mended=int((is_right & ~was_right).sum()),
            spoilt=int((~is_right & was_right).sum()),
            loss=surprise(probabilities, labels),
            fitted_loss=surprise(fitted, labels),
            ms=ms,
        )


def surprise(probabilities: Probabilities, labels: npt.NDArray[np.int64]) -> float:
    """Return the mean negative logarithm of the probability that each truth was given."""
    given = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(given, LEAST_PROBABILITY)).mean())


def measure(recognizer: Recognizer) -> list[Average]:
    """Measure on held-out writers and held-out scans."""
    pen_rows = held_out_pen_drawings()
    labels = np.array([int(row.label) for row in pen_rows])
    drawings = [row.strokes for row in pen_rows]
    rows = list(rows_of("pen digits", STROKE_COPIES, recognizer, drawings, labels))
    mix = load_mix()
    numbers = mix.held_out(["mnist"])
    inks = list(mix.data.train_images[numbers].astype(np.float32) / np.float32(255))
    rows += rows_of("mnist", INK_COPIES, recognizer, inks, mix.data.train_labels[numbers])
    return rows


def as_table(rows: Sequence[Average]) -> str:
    """Return the rows in Markdown."""
    titles = ["held out", "answers averaged", "right", "mended", "spoilt"]
    titles += ["loss", "loss, temperature fitted", "ms a digit"]
    cells = [
        [
            f"{row.data}, {row.digits:,}",
            row.copies,
            f"{row.right:.2%} ({row.low:.2%} to {row.high:.2%})",
            f"{row.mended}",
            f"{row.spoilt}",
            f"{row.loss:.4f}",
            f"{row.fitted_loss:.4f}",
            f"{row.ms:.2f}",
        ]
        for row in rows
    ]
    return markdown(titles, cells)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--litert", type=Path, default=UNSEEN_NETWORK, help="the network")
    parser.add_argument("--json", action="store_true", help="print numbers, not a table")
    parser.add_argument("--table", action="store_true", help=f"write {NETWORK_PAGE.name}")
    arguments = parser.parse_args()
    if not arguments.litert.is_file():
        parser.error(f"{arguments.litert} is missing; `candidates.py --network bundled` makes it")
    try:
        rows = measure(Recognizer.from_files(arguments.litert))
    except DigitpadError as error:
        sys.exit(str(error))
    if arguments.table:
        write_rows(ROWS, rows)
        put_table(NETWORK_PAGE, "averaging", as_table(rows))
    print(msgspec.json.encode(rows).decode() if arguments.json else as_table(rows))


if __name__ == "__main__":
    main()
