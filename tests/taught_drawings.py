"""Drawings to teach a hand with."""

from pathlib import Path

import numpy as np

from model.data.labelled_strokes import parse_drawings
from model.database.hands import KeptDrawing, PlainStrokes
from model.ink import ink_from_strokes

HAND_STROKES = Path(__file__).resolve().parent / "data" / "hand_strokes.jsonl"

FLAGGED_ONE: PlainStrokes = (((0.0, 105.0), (210.0, 50.0), (210.0, 450.0)),)
"""A one with a long flag, which is answered with a seven."""

LETTER_A: PlainStrokes = (
    ((0.0, 300.0), (110.0, 0.0), (220.0, 300.0)),
    ((45.0, 190.0), (175.0, 190.0)),
)


def drawing(label: str, strokes: PlainStrokes = FLAGGED_ONE) -> KeptDrawing:
    """Return a drawing that is called `label`."""
    return KeptDrawing(label=label, strokes=strokes, answer="7")


def shaken(strokes: PlainStrokes, seed: int, amount: float = 6.0) -> PlainStrokes:
    """Return strokes as an unsteady hand draws them again."""
    random = np.random.default_rng(seed)

    def moved(value: float) -> float:
        return value + float(random.uniform(-amount, amount))

    return tuple(tuple((moved(x), moved(y)) for x, y in stroke) for stroke in strokes)


def own_digits() -> list[KeptDrawing]:
    """Return real digits of every class."""
    rows = parse_drawings(HAND_STROKES.read_bytes(), name=HAND_STROKES.name)
    return [drawing(str(row.label), tuple(tuple(stroke) for stroke in row.strokes)) for row in rows]


def odd_hand() -> list[KeptDrawing]:
    """Return digits, and ones that are answered with sevens, each drawn another way."""
    ones = [drawing("1", shaken(FLAGGED_ONE, seed, 25)) for seed in range(12)]
    return [*own_digits(), *ones]


def inks_of(drawings: list[KeptDrawing]) -> np.ndarray:
    """Return float32 (drawings, 28, 28)."""
    return np.stack([ink_from_strokes(each.strokes) for each in drawings])
