"""Pictures of rows of digits as on cheques and forms, made of MNIST's digits.

    python benchmarks/picture_rows.py FOLDER [--count N] [--seed S]

writes some to look at. Digits touch and overlap, the paper is patterned, ruled, noisy and
compressed, and some amounts have points between thousands and marks before or behind.
"""

import argparse
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

Plane = npt.NDArray[np.float32]
Images = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class PictureRow:
    """A picture and what stands on it.

    Attributes:
        text: The digits.
        picture: RGB.
        owners: int8 (height, width): which digit a pixel belongs to; -1 for none.
    """

    text: str
    picture: Image.Image
    owners: npt.NDArray[np.int8]


def picture_rows(
    images: Images, labels: npt.NDArray[np.int64], count: int, *, seed: int, patterned: float = 0.8
) -> Iterator[PictureRow]:
    """Make pictures.

    Args:
        images: uint8 (digits, 28, 28), 255 is ink.
        labels: int64 (digits,).
        count: How many pictures.
        seed: The same seed gives the same pictures.
        patterned: Fraction on patterned paper.
    """
    rng = np.random.default_rng(seed)
    for _ in range(count):
        chosen = rng.integers(len(images), size=int(rng.integers(2, 8)))
        ink, owners = _row(images[chosen], rng)
        marks = _marks(ink, rng)
        pattern = _pattern(ink.shape, rng) if rng.random() < patterned else np.zeros_like(ink)
        picture = _photographed(np.maximum(ink, marks), pattern, rng)
        yield PictureRow("".join(str(labels[i]) for i in chosen), picture, owners)


def _row(images: Images, rng: np.random.Generator) -> tuple[Plane, npt.NDArray[np.int8]]:
    """Set digits side by side; return ink in [0, 1] and each pixel's digit."""
    size = rng.uniform(20, 44)
    slant = rng.normal(0.1, 0.15)
    width_factor = rng.uniform(0.8, 1.15)
    gap = rng.uniform(-0.2, 0.35)
    digits = [
        _digit(image, size * np.exp(rng.normal(0, 0.1)), slant, width_factor, rng)
        for image in images
    ]
    mean_width = float(np.mean([digit.shape[1] for digit in digits]))
    margin = int(size * rng.uniform(0.15, 0.6))
    height = int(size * 1.6) + 2 * margin
    left, places = margin + size * rng.uniform(0, 1), []
    for digit in digits:
        places.append(round(left))
        left += digit.shape[1] + mean_width * np.clip(rng.normal(gap, 0.15), -0.3, 0.8)
    width = places[-1] + digits[-1].shape[1] + margin + int(size * rng.uniform(0, 1.2))
    ink = np.zeros((height, max(width, 40)), np.float32)
    owners = np.full(ink.shape, -1, np.int8)
    slope = rng.normal(0, 0.03)
    for index, (digit, place) in enumerate(zip(digits, places, strict=True)):
        rows, columns = digit.shape
        bottom = margin + size * 1.3 + slope * place + rng.normal(0, 0.05 * size)
        top = int(np.clip(bottom - rows, 0, height - rows))
        columns = min(columns, ink.shape[1] - place)
        part = ink[top : top + rows, place : place + columns]
        is_new = digit[:, :columns] > np.maximum(part, 0.3)
        owners[top : top + rows, place : place + columns][is_new] = index
        np.maximum(part, digit[:, :columns], out=part)
    return ink, owners


def _digit(
    image: npt.NDArray[np.uint8],
    height: float,
    slant: float,
    width_factor: float,
    rng: np.random.Generator,
) -> Plane:
    """Return one digit cropped to its ink, float32 in [0, 1]."""
    rows, columns = np.nonzero(image > 60)
    crop = image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    scale = height / max(crop.shape[0], 0.6 * crop.shape[1])
    size = (
        max(2, round(crop.shape[1] * scale * width_factor)),
        max(2, round(crop.shape[0] * scale)),
    )
    large = Image.fromarray(crop).resize(size, Image.Resampling.BICUBIC)
    lean = (slant + rng.normal(0, 0.05)) * size[1]
    wide = size[0] + int(abs(lean)) + 1
    shear = (1, lean / size[1], -max(lean, 0.0), 0, 1, 0)
    leaning = large.transform(
        (wide, size[1]), Image.Transform.AFFINE, shear, Image.Resampling.BILINEAR
    )
    pixels = np.asarray(leaning, np.float32) / 255
    threshold = rng.uniform(0.25, 0.6)
    sharp: Plane = np.clip((pixels - threshold) * 4 + 0.5, 0, 1).astype(np.float32)
    inked = np.flatnonzero(sharp.max(axis=0) > 0.3)
    return sharp[:, inked[0] : inked[-1] + 1] if len(inked) else pixels


def _marks(ink: Plane, rng: np.random.Generator) -> Plane:
    """Draw the other characters of amounts: points, a dash behind, a number sign before."""
    sheet = Image.new("L", (ink.shape[1], ink.shape[0]))
    draw = ImageDraw.Draw(sheet)
    rows, columns = np.nonzero(ink > 0.5)
    top, bottom, left, right = rows.min(), rows.max(), columns.min(), columns.max()
    size = bottom - top
    pen = max(1, round(size * rng.uniform(0.06, 0.1)))
    if rng.random() < 0.25:
        for fraction in rng.uniform(0.2, 0.9, int(rng.integers(1, 3))):
            x = left + fraction * (right - left)
            draw.ellipse((x, bottom - pen, x + pen * 1.5, bottom + pen * 0.5), fill=255)
    if rng.random() < 0.2:
        y = (top + bottom) / 2
        draw.line((right + size * 0.25, y, right + size * 0.8, y), fill=255, width=pen)
    if rng.random() < 0.12:
        x = left - size * 0.7
        for shift in (0.1, 0.3):
            draw.line((x + size * shift, top, x + size * shift, bottom), fill=255, width=pen)
            y = top + size * (shift * 2 + 0.1)
            draw.line((x, y, x + size * 0.45, y), fill=255, width=pen)
    return np.asarray(sheet, np.float32) / 255


def _pattern(shape: tuple[int, ...], rng: np.random.Generator) -> Plane:
    """Return the print of patterned paper, float32 in [0, 1]."""
    height, width = shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    kind = rng.integers(4)
    if kind == 0:  # waves
        pitch, swing, length = rng.uniform(4, 12), rng.uniform(1, 8), rng.uniform(15, 80)
        phase = (y + swing * np.sin(2 * np.pi * x / length)) / pitch
        print_ = (np.cos(2 * np.pi * phase) > rng.uniform(0.2, 0.8)).astype(np.float32)
    elif kind == 1:  # rosettes
        middle = rng.uniform(0, width), rng.uniform(0, height)
        radius = np.hypot(x - middle[0], y - middle[1])
        turns = np.arctan2(y - middle[1], x - middle[0])
        phase = radius / rng.uniform(4, 9) + 0.6 * np.sin(turns * int(rng.integers(6, 24)))
        print_ = (np.cos(2 * np.pi * phase) > 0.3).astype(np.float32)
    elif kind == 2:  # small letters
        print_ = (rng.random((height // 2 + 1, width // 2 + 1)) < 0.3).astype(np.float32)
        print_ = np.kron(print_, np.ones((2, 2), np.float32))[:height, :width]
        print_ *= (y % 8 < 5) * (x % 6 < 5)
    else:  # hatching
        angle = rng.uniform(0, np.pi)
        print_ = (
            np.cos(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / rng.uniform(4, 10)) > 0.5
        ).astype(np.float32)
    print_ *= rng.uniform(0.1, 0.45)
    if rng.random() < 0.4:  # a ruled line, or a box
        at = int(height * rng.uniform(0.75, 0.97))
        print_[at : at + int(rng.integers(1, 3))] = rng.uniform(0.4, 0.8)
    if rng.random() < 0.15:
        print_[:, 1:3] = print_[2:4, :] = rng.uniform(0.4, 0.8)
    return print_.astype(np.float32)


def _photographed(ink: Plane, pattern: Plane, rng: np.random.Generator) -> Image.Image:
    """Lay print and ink on paper, and scan it."""
    paper = np.array(rng.uniform(170, 250, 3) * (1, 1, rng.uniform(0.85, 1)))
    colour = rng.uniform(0, 90) + np.array((0, 0, rng.uniform(0, 50)))
    print_colour = rng.uniform(60, 160, 3)
    sheet = paper + pattern[..., np.newaxis] * (print_colour - paper)
    fraction = (ink * rng.uniform(0.75, 1))[..., np.newaxis]
    pixels = sheet * (1 - fraction) + colour * fraction
    pixels *= 1 - rng.uniform(0, 0.25) * np.linspace(0, 1, ink.shape[1])[:, np.newaxis]
    picture = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.9)))
    noisy = np.asarray(picture, np.float32) + rng.normal(0, rng.uniform(1, 9), pixels.shape)
    file = io.BytesIO()
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(
        file, "JPEG", quality=int(rng.integers(35, 95))
    )
    return Image.open(file).convert("RGB")


def sheet_of(rows: Sequence[PictureRow], columns: int = 5) -> Image.Image:
    """Return pictures on one sheet, to look at."""
    sheet = Image.new("RGB", (columns * 260, -(-len(rows) // columns) * 90), "white")
    for number, row in enumerate(rows):
        shown = row.picture.copy()
        shown.thumbnail((250, 85))
        sheet.paste(shown, (number % columns * 260, number // columns * 90))
    return sheet


def main() -> None:
    """Write some pictures."""
    from model.data.datasets import load_dataset

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    data = load_dataset("mnist")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    rows = list(
        picture_rows(data.train_images, data.train_labels, arguments.count, seed=arguments.seed)
    )
    for number, row in enumerate(rows):
        row.picture.save(arguments.folder / f"{number:04}-{row.text}.png")
    sheet_of(rows).save(arguments.folder / "sheet.png")


if __name__ == "__main__":
    main()
