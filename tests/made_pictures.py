"""Twenty pictures of digits as people have them, made from strokes written by hand.

    python -m tests.made_pictures FOLDER

writes them, with a sheet that shows all of them.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

HAND_STROKES = Path(__file__).parent / "data" / "hand_strokes.jsonl"
ORIENTATION = 0x0112

Strokes = list[npt.NDArray[np.float64]]
Plane = npt.NDArray[np.float32]
Colour = tuple[float, float, float]

INK: Colour = (30, 35, 70)
PAPER: Colour = (235, 232, 222)


@dataclass(frozen=True)
class MadePicture:
    """One picture: its file name, the digit on it, and how it is made.

    Attributes:
        name: File name; its suffix chooses the format.
        label: The digit.
        which: Which of the hand-written drawings of that digit.
        make: Strokes to picture.
        options: For saving.
    """

    name: str
    label: int
    which: int
    make: Callable[[Strokes], Image.Image]
    options: dict[str, Any] = field(default_factory=dict)

    def save(self, folder: Path) -> Path:
        """Write the picture into a folder; return its path."""
        path = folder / self.name
        self.make(drawing_of(self.label, self.which)).save(path, **self.options)
        return path


def hand_drawings() -> list[tuple[int, Strokes]]:
    """Return each hand-written drawing with its label."""
    rows = map(json.loads, HAND_STROKES.read_text().splitlines())
    return [(row["label"], [np.array(stroke, float) for stroke in row["strokes"]]) for row in rows]


def drawing_of(label: int, which: int = 0) -> Strokes:
    """Return one of the hand-written drawings of a digit."""
    return [drawing for digit, drawing in hand_drawings() if digit == label][which]


def coverage(
    strokes: Strokes,
    *,
    size: tuple[int, int] = (400, 400),
    height: float = 0.7,
    place: tuple[float, float] = (0.5, 0.5),
    pen: float = 20,
) -> Plane:
    """Draw strokes; return float32 (height, width) in [0, 1], how much of a pixel is ink.

    Args:
        strokes: In any unit.
        size: Width and height of the picture, in pixels.
        height: Height of the digit as a share of the picture's.
        place: Of the digit's middle, as shares of width and height.
        pen: Its width in pixels.
    """
    fine = 3
    points = np.concatenate(strokes)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = (height * size[1] - pen) / extent[1]
    corner = np.array(place) * size - extent * scale / 2
    picture = Image.new("L", (size[0] * fine, size[1] * fine))
    draw = ImageDraw.Draw(picture)
    radius = pen * fine / 2
    for stroke in strokes:
        path = [(float(x), float(y)) for x, y in ((stroke - low) * scale + corner) * fine]
        draw.line(path, fill=255, width=max(1, round(pen * fine)))
        for x, y in path:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(picture.resize(size, Image.Resampling.BOX), np.float32) / 255


def painted(
    ink: Plane,
    *,
    paper: Colour = PAPER,
    colour: Colour = INK,
    light: Plane | float = 1.0,
    noise: float = 0.0,
    blur: float = 0.0,
) -> Image.Image:
    """Lay ink on paper under a light, then blur it and add a camera's noise (0 to 255)."""
    share = ink[..., np.newaxis]
    pixels = np.array(paper) * (1 - share) + np.array(colour) * share
    pixels *= np.broadcast_to(light, ink.shape)[..., np.newaxis]
    picture = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if blur:
        picture = picture.filter(ImageFilter.GaussianBlur(blur))
    grain = np.random.default_rng(7).normal(scale=noise, size=pixels.shape) if noise else 0.0
    return Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8))


def from_one_side(shape: tuple[int, ...], darkest: float) -> Plane:
    """Return light that falls off from the top left to `darkest` at the bottom right."""
    y, x = np.mgrid[0 : 1 : shape[0] * 1j, 0 : 1 : shape[1] * 1j]
    return (1 - (1 - darkest) * (x + y) / 2).astype(np.float32)


def in_a_circle(shape: tuple[int, ...], darkest: float) -> Plane:
    """Return light that falls off from the middle to `darkest` in the corners."""
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    return (1 - (1 - darkest) * (x * x + y * y) / 2).astype(np.float32)


def with_a_shadow(shape: tuple[int, ...], depth: float) -> Plane:
    """Return light with a shadow whose edge runs across the picture."""
    y, x = np.mgrid[0 : 1 : shape[0] * 1j, 0 : 1 : shape[1] * 1j]
    return (1 - depth / (1 + np.exp((y - 0.35 - 0.4 * x) / 0.01))).astype(np.float32)


def ruled(size: tuple[int, int], *, step: int, is_grid: bool = False) -> Plane:
    """Return the coverage of a notebook's lines, slightly askew."""
    picture = Image.new("L", size)
    draw = ImageDraw.Draw(picture)
    for y in range(step // 2, size[1], step):
        draw.line([(0, y), (size[0], y + 5)], fill=255, width=2)
    for x in range(step // 2, size[0], step) if is_grid else [size[0] // 8]:
        draw.line([(x, 0), (x - 4, size[1])], fill=255, width=2)
    return np.asarray(picture, np.float32) / 255


def on_lines(strokes: Strokes, *, is_grid: bool) -> Image.Image:
    """Return a digit on a page of a notebook."""
    ink = coverage(strokes, height=0.5, pen=14)
    page = painted(ruled((400, 400), step=32, is_grid=is_grid), colour=(140, 165, 215))
    share = ink[..., np.newaxis]
    pixels = np.asarray(page) * (1 - share) + np.array(INK) * share
    pixels *= from_one_side(ink.shape, 0.6)[..., np.newaxis]
    return Image.fromarray(pixels.astype(np.uint8))


def on_a_desk(strokes: Strokes) -> Image.Image:
    """Return a large photo of a sheet on a dark table, the digit small on the sheet."""
    ink = coverage(strokes, size=(1600, 1200), height=0.22, place=(0.42, 0.6), pen=16)
    photo = np.array(painted(ink, light=from_one_side(ink.shape, 0.5), noise=9, blur=1.5))
    desk = np.ones(ink.shape, bool)
    desk[60:1160, 130:1550] = False
    photo[desk] = photo[desk] // 6 + (40, 22, 8)
    return Image.fromarray(photo)


def with_specks(strokes: Strokes) -> Image.Image:
    """Return a scan with dust on it."""
    dust = Image.new("L", (400, 400))
    random = np.random.default_rng(11)
    for x, y, radius in zip(
        *random.uniform(0, 400, (2, 30)), random.uniform(1, 7, 30), strict=True
    ):
        ImageDraw.Draw(dust).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    ink = coverage(strokes, height=0.6, pen=18)
    return painted(np.maximum(ink, np.asarray(dust, np.float32) / 255), noise=5)


def in_alpha(strokes: Strokes, colour: tuple[int, int, int]) -> Image.Image:
    """Return ink of one colour on transparency, as drawing programs save it."""
    ink = Image.fromarray(np.round(coverage(strokes) * 255).astype(np.uint8))
    picture = Image.new("RGBA", ink.size, (*colour, 0))
    picture.putalpha(ink)
    return picture


def turned(strokes: Strokes, transpose: Image.Transpose) -> Image.Image:
    """Return a photo as a camera that was held askew stores it."""
    ink = coverage(strokes, size=(480, 640), height=0.5)
    photo = painted(ink, light=in_a_circle(ink.shape, 0.5), noise=6, blur=1)
    return photo.transpose(transpose)


def orientation(value: int) -> dict[str, Any]:
    """Return the option that saves an orientation beside the pixels."""
    exif = Image.Exif()
    exif[ORIENTATION] = value
    return {"exif": exif}


def lit(strokes: Strokes, *, light: Callable[..., Plane], amount: float, **how: Any) -> Image.Image:
    """Return a photo of a digit under a light."""
    ink = coverage(strokes, size=(640, 480), height=0.6, place=(0.6, 0.5), pen=18)
    return painted(ink, light=light(ink.shape, amount), **how)


def plain(
    strokes: Strokes, *, paper: Colour = PAPER, colour: Colour = INK, **how: Any
) -> Image.Image:
    """Return a digit as a drawing program paints it."""
    return painted(coverage(strokes, **how), paper=paper, colour=colour)


BLACK, WHITE = (0, 0, 0), (255, 255, 255)
CAMERA: dict[str, float] = {"noise": 6, "blur": 1}
BOARD: dict[str, Any] = {"paper": (45, 62, 50), "colour": (215, 215, 205)}

PICTURES = (
    MadePicture("dark-on-light.png", 2, 0, partial(plain, paper=WHITE, colour=BLACK)),
    MadePicture("light-on-dark.png", 5, 1, partial(plain, paper=BLACK, colour=WHITE)),
    MadePicture("corner.png", 3, 0, partial(plain, height=0.15, place=(0.9, 0.1), pen=5)),
    MadePicture("thin.png", 8, 0, partial(plain, height=0.9, pen=4)),
    MadePicture("thick.png", 6, 0, partial(plain, height=0.9, pen=40)),
    MadePicture("detached-bar.gif", 5, 0, partial(plain, pen=12)),
    MadePicture(
        "orange.webp", 4, 0, partial(plain, paper=(240, 150, 40), colour=(20, 90, 220), pen=16)
    ),
    MadePicture("desk.jpg", 7, 1, on_a_desk),
    MadePicture("side-light.jpg", 9, 0, partial(lit, light=from_one_side, amount=0.2, **CAMERA)),
    MadePicture("shadow.jpg", 2, 1, partial(lit, light=with_a_shadow, amount=0.5, **CAMERA)),
    MadePicture(
        "pencil.jpg",
        0,
        0,
        partial(lit, light=in_a_circle, amount=0.5, colour=(175, 172, 168), noise=5),
    ),
    MadePicture(
        "grainy.jpg",
        3,
        1,
        partial(lit, light=from_one_side, amount=0.5, noise=28),
        {"quality": 40},
    ),
    MadePicture(
        "blackboard.jpg", 7, 0, partial(lit, light=in_a_circle, amount=0.5, **BOARD, **CAMERA)
    ),
    MadePicture(
        "turned.jpg", 4, 1, partial(turned, transpose=Image.Transpose.ROTATE_90), orientation(6)
    ),
    MadePicture(
        "upside-down.jpg",
        6,
        0,
        partial(turned, transpose=Image.Transpose.ROTATE_180),
        orientation(3),
    ),
    MadePicture("black-on-nothing.png", 8, 1, partial(in_alpha, colour=BLACK)),
    MadePicture("white-on-nothing.png", 9, 1, partial(in_alpha, colour=WHITE)),
    MadePicture("graph-paper.png", 0, 1, partial(on_lines, is_grid=True)),
    MadePicture("notebook.png", 1, 0, partial(on_lines, is_grid=False)),
    MadePicture("specks.png", 1, 0, with_specks),
)


def main() -> None:
    """Write the pictures and a sheet of them."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    sheet = Image.new("RGB", (5 * 210, 4 * 210), "grey")
    for number, picture in enumerate(PICTURES):
        with Image.open(picture.save(folder)) as image:
            shown = image.convert("RGBA")
        shown.thumbnail((200, 200))
        sheet.paste(shown, (number % 5 * 210, number // 5 * 210), shown)
    sheet.save(folder / "sheet.png")


if __name__ == "__main__":
    main()
