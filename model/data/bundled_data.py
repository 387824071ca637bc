"""The data of the bundled network: scans, pen strokes, built-in strokes, pictures, non-digits.

MNIST alone knows the handwriting of one country and decade. Real pen strokes and built-in ones add
the styles it lacks, drawn with pens of different widths; pictures of built-in strokes are opened
as users' pictures are; letters, scribbles and shapes, which belong to no
class, teach the network to say that it does not know.
"""

import hashlib
from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from model.data.labelled_images import NO_CLASS, Images, LabelledImages
from model.data.labelled_strokes import LabelledDrawing
from model.data.raster_cache import Arrays, cached_arrays
from model.data.raster_splits import writer_groups
from model.data.synthesis_version import synthesis_fingerprint
from model.errors import PictureError
from model.ink import Strokes, ink_from_strokes
from model.progress import ReportProgress

SCAN_COPIES = 2
"""Copies of each scan, each augmented differently: an odd scan looks like another digit's
pen strokes, and would be outvoted by them."""

PEN_COPIES = 8
"""Copies of each real drawing: one as written, the others with another slant and proportions."""

BUILT_IN_DIGITS = 70_000
NON_DIGITS = 30_000
PICTURES = 6_000
SAMPLE_PICTURES = 24
"""Pictures opened at each start, to notice that the way of opening has changed."""

PICTURE_SEED_OFFSET = 1 << 33
"""Pictures are of drawings that are nowhere else in the mix, nor in a test split."""

PEN_WIDTHS = (1.6, 3.4)
"""Narrowest and widest pen, in pixels of the ink image; MNIST's digits lie within."""

SCANNED_TOGETHER = 240
"""Size of a group of MNIST's images, which follow each other by writer; for validation."""


def bundled_training_part(
    mnist: LabelledImages,
    pen_rows: Sequence[LabelledDrawing],
    *,
    seed: int,
    progress: ReportProgress | None = None,
) -> LabelledImages:
    """Put the training split of the bundled network together.

    Args:
        mnist: MNIST's training split.
        pen_rows: The pen digits' training split without doubtful rows.
        seed: Of pens, built-in strokes and non-digits.
        progress: Gets the activity and the fraction that is done.

    Returns:
        Images in the order of their origin; non-digits have the label `NO_CLASS`. Groups are
        writers; a built-in drawing, a non-digit and a picture are a group each. Origins are MNIST,
        pen digits, built-in digits, non-digits and pictures, in this order.
    """
    sources = [
        f"mix of {PEN_COPIES}, {BUILT_IN_DIGITS}, {NON_DIGITS}, {PEN_WIDTHS}, {seed}".encode(),
        f"{PICTURES} pictures".encode(),
        _pictured(SAMPLE_PICTURES, 0)[0].tobytes(),
        hashlib.sha256(msgspec.json.encode(pen_rows)).digest(),
        synthesis_fingerprint(),
    ]
    drawn = cached_arrays(
        sources, ["images", "labels", "groups"], lambda: _drawn(pen_rows, seed, progress)
    )
    scans = np.tile(np.arange(len(mnist)), SCAN_COPIES)
    scanned_groups = scans // SCANNED_TOGETHER
    sizes = (len(scans), PEN_COPIES * len(pen_rows), BUILT_IN_DIGITS, NON_DIGITS, PICTURES)
    return LabelledImages(
        np.concatenate([mnist.images[scans], drawn["images"].astype(np.uint8)]),
        np.concatenate([mnist.labels[scans], drawn["labels"]]).astype(np.int64),
        np.concatenate(
            [scanned_groups, drawn["groups"].astype(np.int64) + scanned_groups.max(initial=-1) + 1]
        ),
        np.repeat(np.arange(len(sizes)), sizes),
    )


def _drawn(
    pen_rows: Sequence[LabelledDrawing], seed: int, progress: ReportProgress | None
) -> Arrays:
    """Draw everything that is strokes; see `bundled_training_part`."""
    # Imported here, because published data need no templates.
    from model.synthesis.builtin_strokes import generate
    from model.synthesis.handwriting import rewritten
    from model.synthesis.non_digits import generate_non_digits

    built_in, built_in_labels, _styles = generate(BUILT_IN_DIGITS, seed)
    non_digits, _kinds = generate_non_digits(NON_DIGITS, seed, part="train")
    writers = writer_groups([row.writer for row in pen_rows])
    pens = np.zeros(len(pen_rows), np.int64) if writers is None else writers
    pictured, pictured_labels = _pictured(PICTURES, seed + PICTURE_SEED_OFFSET, progress)
    singles = np.arange(len(built_in) + len(non_digits) + PICTURES) + pens.max(initial=-1) + 1
    random = np.random.default_rng(seed)
    drawings: list[Strokes] = [row.strokes for row in pen_rows]
    for _copy in range(1, PEN_COPIES):
        drawings += [rewritten(row.strokes, random) for row in pen_rows]
    drawings += [*built_in, *non_digits]
    pen_labels = np.array([int(row.label) for row in pen_rows], np.int64)
    return {
        "images": np.concatenate([drawn_with_any_pen(drawings, random, progress), pictured]),
        "labels": np.concatenate(
            [
                np.tile(pen_labels, PEN_COPIES),
                built_in_labels,
                np.full(len(non_digits), NO_CLASS),
                pictured_labels,
            ]
        ),
        "groups": np.concatenate([np.tile(pens, PEN_COPIES), singles]),
    }


def drawn_with_any_pen(
    drawings: Sequence[Strokes], random: np.random.Generator, progress: ReportProgress | None
) -> Images:
    """Draw each drawing with a pen of its own width: uint8 (drawings, 28, 28)."""
    images = np.empty((len(drawings), 28, 28), np.uint8)
    widths: npt.NDArray[np.float64] = random.uniform(*PEN_WIDTHS, len(drawings))
    for index, (drawing, width) in enumerate(zip(drawings, widths, strict=True)):
        images[index] = np.rint(ink_from_strokes(drawing, pen_width=float(width)) * 255)
        if progress is not None and index % 500 == 0:
            progress("Drawing strokes", index / len(drawings))
    return images


def _pictured(
    count: int, seed: int, progress: ReportProgress | None = None
) -> tuple[Images, npt.NDArray[np.int64]]:
    """Make pictures of built-in strokes and open them: uint8 (count, 28, 28) and their labels."""
    from model.raster.pictures import ink_from_picture
    from model.synthesis.builtin_strokes import generate
    from model.synthesis.pictures import picture

    drawings, labels, _styles = generate(count, seed)
    random = np.random.default_rng(seed)
    images = np.empty((count, 28, 28), np.uint8)
    for index, drawing in enumerate(drawings):
        try:
            ink = ink_from_picture(picture(drawing, random))
        except PictureError:  # spoilt beyond recognition
            ink = ink_from_strokes(drawing)
        images[index] = np.rint(ink * 255)
        if progress is not None and index % 100 == 0:
            progress("Opening pictures", index / count)
    return images, labels
