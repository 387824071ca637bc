"""Which pen and which centring a network recognises best.

    python benchmarks/ink_variants.py FILE.jsonl[.gz] [--litert FILE.tflite] [--last-writers N]

Rows are {"label": 3, "strokes": [[[x, y], ...], ...], "writer": "ada"}, y down. Every drawing is
drawn through ink with pens of several widths, its centre of mass put in the middle once by parts
of a pixel and once by whole pixels, as MNIST's digits were. Choose with writers that the network
was not trained on, and never with a test part.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import numpy as np

from model import ink
from model.data.labelled_strokes import LabelledDrawing, parse_drawings
from model.errors import DigitpadError
from model.metrics import wilson_interval
from model.recognizer import Recognizer

PEN_WIDTHS = (1.6, 2.0, 2.2, 2.4, 2.6, 2.8, 3.2)
CENTRINGS = ("sub-pixel", "whole pixels")


@contextmanager
def centred_by_whole_pixels() -> Iterator[None]:
    """Let ink move drawings by whole pixels only."""
    exactly = ink._centring_shift  # noqa: SLF001  # the one place that is varied here

    def rounded(weights: np.ndarray) -> int:
        pixels = round(exactly(weights) / ink.OVERSAMPLING)
        return pixels * ink.OVERSAMPLING

    with mock.patch.object(ink, "_centring_shift", rounded):
        yield


def share_right(
    recognizer: Recognizer, rows: Sequence[LabelledDrawing], pen_width: float
) -> tuple[int, float]:
    """Return how many drawings are recognised, and the mean log-probability of their labels."""
    right, surprise = 0, 0.0
    for row in rows:
        answer = recognizer.recognize(ink.ink_from_strokes(row.strokes, pen_width=pen_width))
        right += answer.digit == int(row.label)
        surprise -= float(np.log(max(answer.probabilities[int(row.label)], 1e-7)))
    return right, surprise / len(rows)


def measure(recognizer: Recognizer, rows: Sequence[LabelledDrawing]) -> list[dict[str, object]]:
    """Return a row per pen and centring."""
    figures = []
    for centring in CENTRINGS:
        for pen_width in PEN_WIDTHS:
            if centring == "sub-pixel":
                right, loss = share_right(recognizer, rows, pen_width)
            else:
                with centred_by_whole_pixels():
                    right, loss = share_right(recognizer, rows, pen_width)
            low, high = wilson_interval(right, len(rows))
            figures.append(
                {
                    "centring": centring,
                    "pen_width": pen_width,
                    "digits": len(rows),
                    "accuracy": right / len(rows),
                    "low": low,
                    "high": high,
                    "loss": loss,
                }
            )
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--litert", type=Path, help="network; the bundled one by default")
    parser.add_argument("--last-writers", type=int, metavar="N", help="only these, by name")
    parser.add_argument("--json", action="store_true", help="print numbers, not a table")
    arguments = parser.parse_args()
    try:
        rows = parse_drawings(arguments.file.read_bytes(), name=arguments.file.name)
        given = arguments.litert
        recognizer = Recognizer.from_files(given) if given else Recognizer.bundled()
    except (DigitpadError, OSError) as error:
        sys.exit(str(error))
    rows = [row for row in rows if not row.suspect]
    if arguments.last_writers:
        kept = sorted({row.writer for row in rows})[-arguments.last_writers :]
        rows = [row for row in rows if row.writer in kept]
    figures = measure(recognizer, rows)
    if arguments.json:
        print(json.dumps(figures))
        return
    print(f"{len(rows)} drawings")
    print(f"{'centring':<14}{'pen':>6}{'right':>9}   {'95 % interval':<20}{'loss':>8}")
    for row in figures:
        interval = f"{row['low']:.2%} to {row['high']:.2%}"
        print(
            f"{row['centring']:<14}{row['pen_width']:>6}{row['accuracy']:>9.2%}"
            f"   {interval:<20}{row['loss']:>8.4f}"
        )


if __name__ == "__main__":
    main()
