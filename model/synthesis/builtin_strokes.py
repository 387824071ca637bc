"""Built-in strokes: digits made up from templates, as if many people had drawn them.

They need no download, and they hold the styles that MNIST hardly has.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from model.synthesis.handwriting import Drawing, write
from model.synthesis.stroke_templates import STYLES
from model.synthesis.writers import sample_writers


def generate(
    count: int, seed: int, styles: Sequence[str] | None = None
) -> tuple[list[Drawing], npt.NDArray[np.int64], list[str]]:
    """Draw digits, as many of each as of the others.

    Args:
        count: How many drawings.
        seed: The same seed gives the same drawings.
        styles: Names from `STYLES`; all of them if None.

    Returns:
        The drawings in random order, int64 (count,) labels in 0 … 9, and the name of each style.

    Raises:
        KeyError: If a style is not known.
    """
    rng = np.random.default_rng(seed)
    names = _names(count, tuple(STYLES) if styles is None else tuple(styles), rng)
    drawings: list[Drawing] = [[] for _ in range(count)]
    for (name, template), places in _by_template(names, rng).items():
        written = write(template, sample_writers(len(places), rng, STYLES[name].freedom), rng)
        for place, drawing in zip(places, written, strict=True):
            drawings[place] = drawing
    labels = np.array([STYLES[name].digit for name in names], np.int64)
    return drawings, labels, names


def _names(count: int, styles: tuple[str, ...], rng: np.random.Generator) -> list[str]:
    """Choose the style of each drawing: digits in equal numbers, styles by their weight."""
    by_digit: dict[int, list[str]] = {}
    for name in styles:
        by_digit.setdefault(STYLES[name].digit, []).append(name)
    digits = rng.permutation(np.resize(sorted(by_digit), count))
    names = np.empty(count, object)
    for digit, choices in by_digit.items():
        weights = np.array([STYLES[name].weight for name in choices])
        mine = digits == digit
        names[mine] = rng.choice(choices, mine.sum(), p=weights / weights.sum())
    return [str(name) for name in names]


def _by_template(names: list[str], rng: np.random.Generator) -> dict[tuple[str, str], list[int]]:
    """Choose a template of each drawing's style; return which drawings each template makes."""
    places: dict[tuple[str, str], list[int]] = {}
    for place, (name, chance) in enumerate(zip(names, rng.random(len(names)), strict=True)):
        templates = STYLES[name].templates
        key = name, templates[int(chance * len(templates))]
        places.setdefault(key, []).append(place)
    return places
