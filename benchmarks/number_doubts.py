"""What the doubts about two and three digits cost and save, on training data alone.

    python benchmarks/number_doubts.py [--count N]

Non-digits of the training families that are read as digits should be doubted; short numbers of the
pen digits' training writers, and their 1s side by side, should not. Printed are how many are
doubted with the limits of `model/numbers/doubts.py`, and with each limit a little lower and higher.
"""

import argparse
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from model.data.composed_numbers import digits_by_writer, numbers
from model.data.pen_digits import read_pen_drawings
from model.data.published_data import PEN_DIGITS, locate
from model.ink import Strokes
from model.numbers import doubts, reader
from model.numbers.reading import Group
from model.recognizer import Recognizer
from model.synthesis.non_digits import generate_non_digits
from model.verdicts import Verdict

SEED = 4711
SIDE_BY_SIDE = "digits side by side"
LIMITS = ("BACKWARD", "UNLIKE", "MEETING", "NEAR", "ALIKE")
FACTORS = (0.7, 1.4)

Asked = tuple[Sequence[Group], Sequence[npt.NDArray[np.float64]]]
"""What the reader asks of its doubts: groups, and the drawing's strokes."""


class Listener:
    """Reads drawings without doubts, and keeps what would have been asked of them."""

    def __init__(self) -> None:
        self._reader = reader.NumberReader(Recognizer.bundled())
        self._asked: list[Asked] = []
        reader.are_doubtful = self._hear

    def _hear(self, groups: Sequence[Group], strokes: Sequence[npt.NDArray[np.float64]]) -> bool:
        self._asked.append((groups, strokes))
        return False

    def asked(self, drawings: Sequence[Strokes]) -> Iterator[Asked]:
        """Yield what is asked about drawings that are read without any doubt of a digit."""
        for strokes in drawings:
            self._asked.clear()
            if self._reader.read(strokes).verdict is Verdict.DIGIT:
                yield from self._asked


def drawings(count: int) -> dict[str, list[Strokes]]:
    """Return non-digits, short numbers, and numbers of 1s, by what they are."""
    others, kinds = generate_non_digits(count, SEED, part="train")
    digits = digits_by_writer(read_pen_drawings(locate(PEN_DIGITS, None, None)))
    ones = {writer: [each for each in own if each[0] == 1] for writer, own in digits.items()}
    ones = {writer: own for writer, own in ones.items() if own}
    return {
        "non-digits": [
            each for each, kind in zip(others, kinds, strict=True) if kind != SIDE_BY_SIDE
        ],
        "numbers": [each.strokes for each in numbers(digits, count, seed=5, lengths=(2, 3))],
        "ones": [each.strokes for each in numbers(ones, count // 4, seed=8, lengths=(2, 3))],
    }


def row(name: str, asked: dict[str, list[Asked]]) -> str:
    """Return a row of the table: how many of each kind are doubted."""
    cells = [f"{sum(doubts.are_doubtful(*each) for each in rows):>14}" for rows in asked.values()]
    return f"{name:<20}{''.join(cells)}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000, help="drawings of each kind")
    count = parser.parse_args().count
    listener = Listener()
    drawn = drawings(count)
    asked = {kind: list(listener.asked(rows)) for kind, rows in drawn.items()}
    sizes = [f"{len(asked[kind])} of {len(rows)}" for kind, rows in drawn.items()]
    print(f"{'doubted':<20}{''.join(f'{kind:>14}' for kind in drawn)}")
    print(f"{'asked about':<20}{''.join(f'{size:>14}' for size in sizes)}")
    print(row("limits as they are", asked))
    for name in LIMITS:
        usual = getattr(doubts, name)
        for factor in FACTORS:
            setattr(doubts, name, factor * usual)
            print(row(f"{name} {factor * usual:.3g}", asked))
        setattr(doubts, name, usual)


if __name__ == "__main__":
    main()
