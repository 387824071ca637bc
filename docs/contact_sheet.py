"""Draw the contact sheets of the built-in strokes: `python docs/contact_sheet.py`.

Each style has a row: drawings as lines, with pen-downs marked, above the ink images the network
sees of them.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from model.ink import ink_from_strokes
from model.synthesis.builtin_strokes import generate
from model.synthesis.handwriting import Drawing
from model.synthesis.non_digits import KINDS, generate_non_digits
from model.synthesis.stroke_templates import STYLES

IMAGES = Path(__file__).parent / "images"
SEED = 2026
SAMPLES = 10
CELL = 60
LABEL_WIDTH = 210
COLUMNS = 3
ROWS_OF_KIND = {kind: max(2, round(50 * KINDS[kind].weight)) for kind in KINDS}


def main() -> None:
    """Write both sheets into docs/images."""
    IMAGES.mkdir(exist_ok=True)
    rows = [
        (style, generate(SAMPLES, SEED + i, styles=[style])[0]) for i, style in enumerate(STYLES)
    ]
    sheet(rows).save(IMAGES / "styles.png", optimize=True)
    rows = []
    for kind, count in ROWS_OF_KIND.items():
        drawings, _ = generate_non_digits(count * SAMPLES, SEED, kinds=[kind])
        rows += [(kind, drawings[i * SAMPLES :][:SAMPLES]) for i in range(count)]
    sheet(rows).save(IMAGES / "non-digits.png", optimize=True)


def sheet(rows: Sequence[tuple[str, Sequence[Drawing]]]) -> Image.Image:
    """Lay rows of named drawings out in columns."""
    tall = -(-len(rows) // COLUMNS)
    width, height = LABEL_WIDTH + SAMPLES * CELL, 2 * CELL
    picture = Image.new("L", (COLUMNS * width, tall * height), 255)
    for i, (name, drawings) in enumerate(rows):
        left, top = i // tall * width, i % tall * height
        ImageDraw.Draw(picture).text((left + 8, top + CELL - 8), name, fill=0, font_size=15)
        for j, drawing in enumerate(drawings):
            x = left + LABEL_WIDTH + j * CELL
            picture.paste(line_picture(drawing), (x, top))
            picture.paste(ink_picture(drawing), (x, top + CELL))
    return picture.quantize(16)


def line_picture(drawing: Drawing) -> Image.Image:
    """Draw strokes thinly, each point marked, fitted to a cell."""
    everything = np.concatenate(drawing)
    low, high = everything.min(axis=0), everything.max(axis=0)
    scale = 4 * (CELL - 10) / max(float((high - low).max()), 1e-6)
    large = Image.new("L", (4 * CELL, 4 * CELL), 255)
    draw = ImageDraw.Draw(large)
    for stroke in drawing:
        points = (stroke - (low + high) / 2) * scale + 2 * CELL
        draw.line([tuple(point) for point in points.tolist()], fill=90, width=5)
        for x, y in points.tolist():
            draw.ellipse((x - 5, y - 5, x + 5, y + 5), fill=0)
    return large.resize((CELL, CELL), Image.Resampling.BOX)


def ink_picture(drawing: Drawing) -> Image.Image:
    """Show the ink image of a drawing, dark on light, in a cell."""
    pixels = 255 - np.round(255 * ink_from_strokes(drawing)).astype(np.uint8)
    return Image.fromarray(pixels).resize((CELL - 4, CELL - 4), Image.Resampling.NEAREST)


if __name__ == "__main__":
    main()
