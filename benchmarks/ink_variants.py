"""Which pen and which centring a network recognises best.

    python benchmarks/ink_variants.py [FILE.jsonl[.gz]] [--litert FILE.tflite] [--last-writers N]
        [--json] [--table]

Rows are {"label": 3, "strokes": [[[x, y], ...], ...], "writer": "ada"}, y down. Every drawing is
drawn through ink with pens of several widths, its centre of mass put in the middle once by parts
of a pixel and once by whole pixels, as MNIST's digits were. Choose with writers that the network
was not trained on, and never with a test part: without a file, these are the pen digits' training
writers that no candidate has learned from, and the network is the candidate `bundled`, which
`python benchmarks/candidates.py --network bundled` trains. `--table` writes the rows into
docs/ink-variants.json and docs/bundled-network.md.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest import mock

import msgspec
import numpy as np
from mix_parts import UNSEEN_NETWORK, held_out_pen_drawings
from page_tables import DOCS, NETWORK_PAGE, markdown, put_table, write_rows

from model import ink
from model.data.labelled_strokes import LabelledDrawing, parse_drawings
from model.errors import DigitpadError
from model.metrics import wilson_interval
from model.recognizer import Recognizer

PEN_WIDTHS = (1.6, 2.0, 2.2, 2.4, 2.6, 2.8, 3.2)
CENTRINGS = ("sub-pixel", "whole pixels")
ROWS = DOCS / "ink-variants.json"


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """A row.

    Attributes:
        centring: One of `CENTRINGS`.
        pen_width: In pixels of the ink image.
        digits: How many drawings.
        accuracy: Share right, in [0, 1].
        low: Lower end of its 95 % interval.
        high: Upper end.
        loss: Mean negative logarithm of the probability given to the truth.
    """

    centring: str
    pen_width: float
    digits: int
    accuracy: float
    low: float
    high: float
    loss: float


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


def measure(recognizer: Recognizer, rows: Sequence[LabelledDrawing]) -> list[Variant]:
    """Return a row per pen and centring."""
    variants = []
    for centring in CENTRINGS:
        for pen_width in PEN_WIDTHS:
            with nullcontext() if centring == "sub-pixel" else centred_by_whole_pixels():
                right, loss = share_right(recognizer, rows, pen_width)
            low, high = wilson_interval(right, len(rows))
            variants.append(
                Variant(
                    centring=centring,
                    pen_width=pen_width,
                    digits=len(rows),
                    accuracy=right / len(rows),
                    low=low,
                    high=high,
                    loss=loss,
                )
            )
    return variants


def printed(variants: Sequence[Variant]) -> str:
    """Return the table for a terminal."""
    lines = [f"{variants[0].digits} drawings"]
    lines.append(f"{'centring':<14}{'pen':>6}{'right':>9}   {'95 % interval':<20}{'loss':>8}")
    lines += [
        f"{row.centring:<14}{row.pen_width:>6}{row.accuracy:>9.2%}"
        f"   {f'{row.low:.2%} to {row.high:.2%}':<20}{row.loss:>8.4f}"
        for row in variants
    ]
    return "\n".join(lines)


def as_table(variants: Sequence[Variant]) -> str:
    """Return the rows in Markdown, the least loss in bold."""
    best = min(variants, key=lambda row: row.loss)
    cells = [
        [
            row.centring,
            f"{row.pen_width}",
            f"{row.accuracy:.2%} ({row.low:.2%} to {row.high:.2%})",
            f"**{row.loss:.4f}**" if row is best else f"{row.loss:.4f}",
        ]
        for row in variants
    ]
    title = f"right, of {variants[0].digits:,} drawings"
    return markdown(["centring", "pen width, pixels", title, "loss"], cells)


def drawings_of(file: Path | None, last_writers: int | None) -> list[LabelledDrawing]:
    """Return the drawings to answer, doubtful ones left out."""
    if file is None:
        return held_out_pen_drawings()
    rows = [row for row in parse_drawings(file.read_bytes(), name=file.name) if not row.suspect]
    if not last_writers:
        return rows
    kept = sorted({row.writer for row in rows})[-last_writers:]
    return [row for row in rows if row.writer in kept]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?", help="held-out writers by default")
    parser.add_argument("--litert", type=Path, default=UNSEEN_NETWORK, help="the network")
    parser.add_argument("--last-writers", type=int, metavar="N", help="only these, by name")
    parser.add_argument("--json", action="store_true", help="print numbers, not a table")
    parser.add_argument("--table", action="store_true", help=f"write {NETWORK_PAGE.name}")
    arguments = parser.parse_args()
    if not arguments.litert.is_file():
        parser.error(f"{arguments.litert} is missing; `candidates.py --network bundled` makes it")
    try:
        rows = drawings_of(arguments.file, arguments.last_writers)
        recognizer = Recognizer.from_files(arguments.litert)
    except (DigitpadError, OSError) as error:
        sys.exit(str(error))
    variants = measure(recognizer, rows)
    if arguments.table:
        write_rows(ROWS, variants)
        put_table(NETWORK_PAGE, "ink variants", as_table(variants))
    print(msgspec.json.encode(variants).decode() if arguments.json else printed(variants))


if __name__ == "__main__":
    main()
