"""Non-digits: drawings of other things, from which a network learns to refuse.

Made by the same synthetic writers as the built-in strokes. Some
letters, fonts, shapes and ways of scribbling are withheld from training, so that a validation can
tell whether a network rejects what it has never seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from model.synthesis.builtin_strokes import generate
from model.synthesis.handwriting import Drawing, write
from model.synthesis.letter_templates import (
    HANDWRITTEN,
    WITHHELD_FONTS,
    WITHHELD_LETTERS,
    hershey_letters,
)
from model.synthesis.mark_templates import MARKS, WITHHELD_MARKS
from model.synthesis.scribbles import SCRIBBLERS, WITHHELD_SCRIBBLES, scribbles
from model.synthesis.writers import sample_writers

Part = Literal["all", "train", "validation"]
"""All families, those not withheld from training, or the withheld ones alone.

Digits side by side have no families: their parts differ only by the seed.
"""


def generate_non_digits(
    count: int, seed: int, kinds: Sequence[str] | None = None, *, part: Part = "all"
) -> tuple[list[Drawing], list[str]]:
    """Draw what is no digit.

    Args:
        count: How many drawings.
        seed: The same seed gives the same drawings.
        kinds: Names from `KINDS`; all of them if None.
        part: Which families to draw from.

    Returns:
        The drawings in random order, and the name of each one's kind.

    Raises:
        KeyError: If a kind is not known.
    """
    rng = np.random.default_rng(seed)
    choices = tuple(KINDS) if kinds is None else tuple(kinds)
    weights = np.array([KINDS[kind].weight for kind in choices])
    chosen = rng.choice(len(choices), count, p=weights / weights.sum())
    drawings: list[Drawing] = [[] for _ in range(count)]
    for index, kind in enumerate(choices):
        places = np.flatnonzero(chosen == index)
        _fill(drawings, places, KINDS[kind].draw(len(places), part, rng))
    return drawings, [choices[index] for index in chosen]


def _fill(drawings: list[Drawing], places: npt.NDArray[np.intp], drawn: Sequence[Drawing]) -> None:
    for place, drawing in zip(places, drawn, strict=True):
        drawings[place] = drawing


_Draw = Callable[[int, Part, np.random.Generator], list[Drawing]]


@dataclass(frozen=True)
class Kind:
    """One kind of non-digit.

    Attributes:
        weight: Its fraction of all kinds.
        draw: Returns a number of drawings for a split, made with a random generator.
    """

    weight: float
    draw: _Draw


def _is_in(part: Part, is_withheld: bool) -> bool:
    return part == "all" or is_withheld == (part == "validation")


def _letters(count: int, part: Part, rng: np.random.Generator) -> list[Drawing]:
    return _from_families(count, _letter_families(part), rng)


def _letter_families(part: Part) -> list[tuple[str, ...]]:
    """Return each letter's templates in all fonts and hands that belong to a part."""
    families: dict[str, list[str]] = {}
    for letter, templates in HANDWRITTEN.items():
        if _is_in(part, letter in WITHHELD_LETTERS):
            # Twice: hands differ more than fonts do.
            families.setdefault(letter, []).extend(templates * 2)
    for font, letters in hershey_letters().items():
        for letter, template in letters.items():
            if _is_in(part, letter in WITHHELD_LETTERS or font in WITHHELD_FONTS):
                families.setdefault(letter, []).append(template)
    return [tuple(templates) for templates in families.values()]


def _marks(kind: str) -> _Draw:
    """Return how to draw one of the kinds of `MARKS`."""

    def draw(count: int, part: Part, rng: np.random.Generator) -> list[Drawing]:
        families = [
            templates
            for family, templates in MARKS[kind].items()
            if _is_in(part, family in WITHHELD_MARKS[kind])
        ]
        return _from_families(count, families, rng)

    return draw


def _from_families(
    count: int, families: Sequence[tuple[str, ...]], rng: np.random.Generator
) -> list[Drawing]:
    """Write templates: each family as often as the others, and each template within it."""
    drawings: list[Drawing] = [[] for _ in range(count)]
    family = rng.integers(len(families), size=count)
    sizes = np.array([len(templates) for templates in families])
    member = (rng.random(count) * sizes[family]).astype(np.intp)
    for i, templates in enumerate(families):
        for j, template in enumerate(templates):
            places = np.flatnonzero((family == i) & (member == j))
            if len(places):
                writers = sample_writers(len(places), rng)
                _fill(drawings, places, write(template, writers, rng))
    return drawings


def _scribbles(count: int, part: Part, rng: np.random.Generator) -> list[Drawing]:
    families = [name for name in SCRIBBLERS if _is_in(part, name in WITHHELD_SCRIBBLES)]
    chosen = rng.integers(len(families), size=count)
    drawings: list[Drawing] = [[] for _ in range(count)]
    for i, family in enumerate(families):
        places = np.flatnonzero(chosen == i)
        if len(places):
            _fill(drawings, places, scribbles(family, len(places), rng))
    return drawings


def _side_by_side(count: int, part: Part, rng: np.random.Generator) -> list[Drawing]:
    """Draw two or three digits in a row; the part makes no difference."""
    del part
    digits, _, _ = generate(3 * count, int(rng.integers(2**32)))
    drawings = []
    for i in range(count):
        row = digits[3 * i : 3 * i + (3 if rng.random() < 0.3 else 2)]
        gaps = rng.uniform(0.1, 0.5, len(row))
        rises = rng.normal(0, 0.06, len(row))
        drawings.append(_in_a_row(row, gaps, rises))
    return drawings


def _in_a_row(
    row: Sequence[Drawing], gaps: npt.NDArray[np.float64], rises: npt.NDArray[np.float64]
) -> Drawing:
    """Set digits of equal height side by side; gaps and rises in heights."""
    joined: Drawing = []
    right = 0.0
    for digit, gap, rise in zip(row, gaps, rises, strict=True):
        points = np.concatenate(digit)
        low, high = points.min(axis=0), points.max(axis=0)
        scale = 100.0 / max(float(high[1] - low[1]), 1.0)
        place = np.array([right, 100.0 * rise])
        joined += [(stroke - low) * scale + place for stroke in digit]
        right += float(high[0] - low[0]) * scale + 100.0 * gap
    return joined


_CROSSINGS = {
    "an x": "0,4 100,96 | 100,4 0,96",
    "to and fro": "-6,20 104,30! -4,42! 106,52! -6,64! 104,76! 0,90",
    "scrawled over": "0,40 16,70 28,26 44,76 56,22 70,78 84,24 100,66",
    "two lines": "-10,44 110,34 | -10,66 110,56",
}
_WITHHELD_CROSSINGS = frozenset({"scrawled over"})
_CROSSED_STYLES = (
    "2 without loop",
    "2 with loop",
    "3 round",
    "3 flat-topped",
    "4 open",
    "5 in one stroke",
    "5 with a separate top",
    "6 curled",
    "8 in one stroke",
    "9 curled",
)
"""Not 0, 1 and 7: crossed by a line they are a slashed 0, a plus sign and a barred 7."""


def _crossed_out(count: int, part: Part, rng: np.random.Generator) -> list[Drawing]:
    """Cross digits out."""
    crossings = [
        template
        for name, template in _CROSSINGS.items()
        if _is_in(part, name in _WITHHELD_CROSSINGS)
    ]
    digits, _, _ = generate(count, int(rng.integers(2**32)), styles=_CROSSED_STYLES)
    lines = _from_families(count, [(template,) for template in crossings], rng)
    return [_laid_over(digit, line) for digit, line in zip(digits, lines, strict=True)]


def _laid_over(digit: Drawing, line: Drawing) -> Drawing:
    """Lay one drawing over another: middles together, each at its own size."""
    below, above = np.concatenate(digit), np.concatenate(line)
    middle = (below.min(axis=0) + below.max(axis=0)) / 2
    own_middle = (above.min(axis=0) + above.max(axis=0)) / 2
    scale = np.ptp(below, axis=0).max() / max(np.ptp(above, axis=0).max(), 1.0)
    return [*digit, *[(stroke - own_middle) * scale + middle for stroke in line]]


MIRRORED_STYLES = ("3 round", "3 flat-topped", "4 closed", "7 barred", "9 straight", "9 curled")
WITHHELD_MIRRORED_STYLES = frozenset({"3 flat-topped", "9 curled"})
"""Not 0, 1 and 8, which mirrored are themselves, nor 2, 5 and 6, which are close to each other."""


def _mirrored(count: int, part: Part, rng: np.random.Generator) -> list[Drawing]:
    """Draw digits the wrong way round: close to a digit, and to letters such as ε, Γ and P."""
    styles = [style for style in MIRRORED_STYLES if _is_in(part, style in WITHHELD_MIRRORED_STYLES)]
    digits, _, _ = generate(count, int(rng.integers(2**32)), styles=styles)
    return [[stroke * (-1.0, 1.0) for stroke in digit] for digit in digits]


KINDS: dict[str, Kind] = {
    "letter": Kind(0.45, _letters),
    "scribble": Kind(0.12, _scribbles),
    "shape": Kind(0.12, _marks("shape")),
    "punctuation": Kind(0.08, _marks("punctuation")),
    "digits side by side": Kind(0.05, _side_by_side),
    "arrow": Kind(0.05, _marks("arrow")),
    "crossed-out digit": Kind(0.04, _crossed_out),
    "mirrored digit": Kind(0.03, _mirrored),
    "dot": Kind(0.02, _marks("dot")),
    "smiley": Kind(0.04, _marks("smiley")),
}
"""Each kind by name."""
