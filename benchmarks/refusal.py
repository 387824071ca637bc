"""How often a model of digits takes a non-digit for a digit, as the window would answer.

    python benchmarks/refusal.py [MODEL.keras ...] [--data FOLDER]

400 drawings of validation families of non-digits, 100 pictures (noise, filled shapes, letters, and
several digits, such as 2026), and the test split of the pen digits. "digit" counts answers without
doubt, "not refused" those and the unsure ones. Without a model, the bundled network is
measured. Where a model cannot refuse, the bundled network refuses for it, as in the window.
"read" are the drawings, without those of digits side by side, that are called a digit or a number
where numbers are read, as the window reads them.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from model.commands.model_option import converted_file
from model.data.datasets import load_test_strokes
from model.errors import PictureError
from model.ink import Strokes, ink_from_strokes
from model.numbers.pictures import recognize_picture
from model.numbers.reader import NumberReader
from model.recognizer import Recognizer
from model.refusal import let_bundled_refuse
from model.synthesis.non_digits import generate_non_digits
from model.verdicts import Verdict

DRAWINGS = 400
PICTURES = 100
SEED = 987_654
"""No run has this seed."""

NAVY = (0, 0, 110)
COLOURS = (NAVY, (120, 10, 10), (0, 90, 30), (20, 20, 20))
LETTERS = "AEFHKMNPRTUVWXY"
"""Capitals that do not look like a digit."""

SIDE_BY_SIDE = "digits side by side"
"""The kind of non-digits that are numbers."""

NUMBERS = ("2026", "704", "1984", "42", "365")


def main() -> None:
    """Print a row for each model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", type=Path, default=[None])
    parser.add_argument("--data", type=Path, help="folder with the pen digits")
    arguments = parser.parse_args()
    drawings, kinds = generate_non_digits(DRAWINGS, SEED, part="validation")
    pictures = pictures_of_no_digit(PICTURES, np.random.default_rng(SEED))
    lone = [row for row, kind in zip(drawings, kinds, strict=True) if kind != SIDE_BY_SIDE]
    digits = load_test_strokes("pen-digits", folder=arguments.data) or []
    print("| model | non-digits: digit | not refused | pen digits: digit | not refused | read |")
    print("|-|-|-|-|-|-|")
    for model in arguments.models:
        recognizer = let_bundled_refuse(Recognizer.from_files(converted_file(model, None)))
        others = drawn_verdicts(recognizer, drawings)
        others += [picture_verdict(recognizer, picture) for picture in pictures]
        cells = [*shares(others), *shares(drawn_verdicts(recognizer, digits))]
        cells.append(shares(read_verdicts(recognizer, lone))[0])
        name = "bundled" if model is None else model.stem
        print(f"| {name} | " + " | ".join(f"{cell:.1%}" for cell in cells) + " |")


def shares(verdicts: Sequence[Verdict]) -> tuple[float, float]:
    """Return which fraction is called a digit, and which is that or unsure."""
    called = verdicts.count(Verdict.DIGIT)
    return called / len(verdicts), (called + verdicts.count(Verdict.UNSURE)) / len(verdicts)


def drawn_verdicts(recognizer: Recognizer, drawings: Sequence[Strokes]) -> list[Verdict]:
    """Return the verdict on each drawing."""
    inks = np.stack([ink_from_strokes(strokes) for strokes in drawings])
    return [answer.verdict for answer in recognizer.recognize_batch(inks)]


def read_verdicts(recognizer: Recognizer, drawings: Sequence[Strokes]) -> list[Verdict]:
    """Return the verdict on each drawing where numbers are read."""
    reader = NumberReader(recognizer)
    return [reader.read(strokes).verdict for strokes in drawings]


def picture_verdict(recognizer: Recognizer, picture: Image.Image) -> Verdict:
    """Return the verdict on a picture; one on which nothing stands out is empty."""
    try:
        return recognize_picture(picture, recognizer).verdict
    except PictureError:
        return Verdict.EMPTY


def pictures_of_no_digit(count: int, random: np.random.Generator) -> list[Image.Image]:
    """Return pictures, as many of each kind as of the others; the first is a navy triangle."""
    kinds: tuple[Callable[[int, np.random.Generator], Image.Image], ...] = (
        _shape,
        _noise,
        _letter,
        _number,
    )
    return [kinds[i % len(kinds)](i // len(kinds), random) for i in range(count)]


def _shape(index: int, random: np.random.Generator) -> Image.Image:
    """Return a filled polygon of three to six corners."""
    corners = 3 + index % 4
    turn = random.uniform(0, 2 * np.pi) if index else -np.pi / 2
    angles = turn + np.arange(corners) * 2 * np.pi / corners
    points = [(120 + 80 * np.cos(angle), 120 + 80 * np.sin(angle)) for angle in angles]
    picture = Image.new("RGB", (240, 240), "white")
    ImageDraw.Draw(picture).polygon(points, fill=COLOURS[index // 4 % len(COLOURS)])
    return picture


def _noise(index: int, random: np.random.Generator) -> Image.Image:
    side = int(random.integers(28, 200))
    if index % 2:
        grey = random.integers(0, 256, (side, side))
    else:
        grey = np.clip(random.normal(128, 10 + 4 * index, (side, side)), 0, 255)
    return Image.fromarray(grey.astype(np.uint8))


def _letter(index: int, random: np.random.Generator) -> Image.Image:
    return _text(LETTERS[index % len(LETTERS)], int(random.integers(60, 160)))


def _number(index: int, random: np.random.Generator) -> Image.Image:
    return _text(NUMBERS[index % len(NUMBERS)], int(random.integers(40, 100)))


def _text(text: str, size_px: int) -> Image.Image:
    """Return a line of text, dark on white."""
    font = ImageFont.load_default(size_px)
    left, top, right, bottom = font.getbbox(text)
    picture = Image.new("L", (int(right - left) + 60, int(bottom - top) + 60), 255)
    ImageDraw.Draw(picture).text((30 - left, 30 - top), text, fill=20, font=font)
    return picture


if __name__ == "__main__":
    main()
