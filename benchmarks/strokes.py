"""Accuracy on strokes at every place and size, and on pictures of them by pen width.

    python benchmarks/strokes.py FILE.jsonl[.gz] [--json] [--limit N]

Rows are {"label": 3, "strokes": [[[x, y], ...], ...]}, y down. Each drawing is put at a random
place of a 400-pixel pad at several sizes and recognised as strokes; then it is drawn on the pad
with pens of several widths and recognised as a picture.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from model.data.labelled_strokes import parse_drawings
from model.errors import DigitpadError
from model.ink import ink_from_strokes
from model.metrics import wilson_interval
from model.raster.pictures import ink_from_picture
from model.recognizer import Recognizer

PAD_PX = 400
SIZES = (0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
PEN_WIDTHS_PX = (4, 8, 12, 16, 24, 32, 40)
PICTURE_SIZE = 0.6
BATCH = 500

PointArrays = list[npt.NDArray[np.float64]]


def placed(drawing: PointArrays, size: float, random: np.random.Generator) -> PointArrays:
    """Return the drawing with its longer side `size` of the pad, at a random place on it."""
    points = np.concatenate(drawing)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = size * PAD_PX / max(float(extent.max()), 1e-9)
    corner = random.uniform(0, PAD_PX - extent * scale)
    return [(stroke - low) * scale + corner for stroke in drawing]


def rasterised(drawing: PointArrays, pen_px: int) -> Image.Image:
    """Return black strokes on a white pad, with a margin for the pen."""
    side = PAD_PX + 2 * pen_px
    picture = Image.new("L", (side, side), 255)
    draw = ImageDraw.Draw(picture)
    radius = pen_px / 2
    for stroke in drawing:
        points = [(float(x) + pen_px, float(y) + pen_px) for x, y in stroke]
        if len(points) > 1:
            draw.line(points, fill=0, width=pen_px)
        for x, y in points:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    return picture


def conditions(
    drawings: Sequence[PointArrays], picture_limit: int
) -> Iterator[tuple[str, Iterator[npt.NDArray[np.float32]]]]:
    """Yield each condition's name and its ink images, in the order of the drawings."""
    for size in SIZES:
        random = np.random.default_rng(round(size * 100))
        yield (
            f"strokes, {size:.0%} of the pad, anywhere",
            (ink_from_strokes(placed(drawing, size, random)) for drawing in drawings),
        )
    for pen_px in PEN_WIDTHS_PX:
        random = np.random.default_rng(pen_px)
        yield (
            f"picture, pen of {pen_px} px",
            (
                _ink_or_paper(rasterised(placed(drawing, PICTURE_SIZE, random), pen_px))
                for drawing in drawings[:picture_limit]
            ),
        )


def _ink_or_paper(picture: Image.Image) -> npt.NDArray[np.float32]:
    """Return the picture's ink; an empty sheet, which counts as wrong, if none is found."""
    try:
        return ink_from_picture(picture)
    except DigitpadError:
        return np.zeros((28, 28), np.float32)


def count_right(
    recognizer: Recognizer,
    inks: Iterator[npt.NDArray[np.float32]],
    labels: npt.NDArray[np.int64],
) -> tuple[int, int]:
    """Return how many ink images are recognised, and how many there were."""
    right = seen = 0
    while batch := [ink for _, ink in zip(range(BATCH), inks, strict=False)]:
        answers = recognizer.recognize_batch(np.stack(batch))
        found = np.array(
            [answer.digit if ink.any() else -1 for answer, ink in zip(answers, batch, strict=True)]
        )
        right += int((found == labels[seen : seen + len(batch)]).sum())
        seen += len(batch)
    return right, seen


def measure(path: Path, limit: int | None, picture_limit: int) -> list[dict[str, object]]:
    """Return a row per condition."""
    rows = parse_drawings(path.read_bytes(), name=path.name)[:limit]
    drawings = [[np.array(stroke, np.float64) for stroke in row.strokes] for row in rows]
    labels = np.array([int(row.label) for row in rows])
    recognizer = Recognizer.bundled()
    figures = []
    for name, inks in conditions(drawings, picture_limit):
        right, seen = count_right(recognizer, inks, labels)
        low, high = wilson_interval(right, seen)
        figures.append(
            {"condition": name, "digits": seen, "accuracy": right / seen, "low": low, "high": high}
        )
    return figures


def spread(figures: Sequence[dict[str, object]], kind: str) -> tuple[float, float]:
    """Return the worst and the best accuracy of the conditions whose name starts so."""
    accuracies = [
        float(row["accuracy"]) for row in figures if str(row["condition"]).startswith(kind)
    ]
    return min(accuracies), max(accuracies)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true", help="print numbers, not a table")
    parser.add_argument("--limit", type=int, help="use the first N drawings")
    parser.add_argument("--pictures", type=int, default=1000, help="drawings made into pictures")
    arguments = parser.parse_args()
    try:
        figures = measure(arguments.file, arguments.limit, arguments.pictures)
    except (DigitpadError, OSError) as error:
        sys.exit(str(error))
    if arguments.json:
        print(json.dumps(figures))
        return
    print(f"{'condition':<36}{'digits':>8}{'right':>9}   95 % interval")
    for row in figures:
        interval = f"{row['low']:.2%} to {row['high']:.2%}"
        print(f"{row['condition']:<36}{row['digits']:>8}{row['accuracy']:>9.2%}   {interval}")
    for kind in ("strokes", "picture"):
        worst, best = spread(figures, kind)
        print(
            f"{kind}: worst {worst:.2%}, best {best:.2%}, apart {(best - worst) * 100:.2f} points"
        )


if __name__ == "__main__":
    main()
