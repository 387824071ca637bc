"""The data of the bundled network: scanned digits, pen strokes, built-in strokes, and non-digits.

MNIST alone knows the handwriting of one country and decade. Real pen strokes and built-in ones add
the styles it lacks, each drawn with a pen of another width; letters, scribbles and shapes, which
belong to no class, teach the network to say that it does not know.
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
from model.ink import Strokes, ink_from_strokes
from model.progress import ReportProgress

SCAN_COPIES = 2
"""Of each scan, each varied in its own way as it is shown: an odd scan looks like another digit's
pen strokes, and would be outvoted by them."""

PEN_COPIES = 8
"""Of each real drawing: once as it was written, else with another slant and other proportions."""

BUILT_IN_DIGITS = 48_000
NON_DIGITS = 10_000
PEN_WIDTHS = (1.6, 3.4)
"""Narrowest and widest pen, in pixels of the ink image; MNIST's digits lie within."""

SCANNED_TOGETHER = 240
"""MNIST's images follow each other by writer, so that many are put into validation together."""


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
        writers; a built-in drawing and a non-digit are a group each. Origins are MNIST, pen digits,
        built-in digits and non-digits, in this order.
    """
    sources = [
        f"mix of {PEN_COPIES}, {BUILT_IN_DIGITS}, {NON_DIGITS}, {PEN_WIDTHS}, {seed}".encode(),
        hashlib.sha256(msgspec.json.encode(pen_rows)).digest(),
        synthesis_fingerprint(),
    ]
    drawn = cached_arrays(
        sources, ["images", "labels", "groups"], lambda: _drawn(pen_rows, seed, progress)
    )
    scans = np.tile(np.arange(len(mnist)), SCAN_COPIES)
    scanned_groups = scans // SCANNED_TOGETHER
    sizes = (len(scans), PEN_COPIES * len(pen_rows), BUILT_IN_DIGITS, NON_DIGITS)
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
    singles = np.arange(len(built_in) + len(non_digits)) + pens.max(initial=-1) + 1
    random = np.random.default_rng(seed)
    drawings: list[Strokes] = [row.strokes for row in pen_rows]
    for _copy in range(1, PEN_COPIES):
        drawings += [rewritten(row.strokes, random) for row in pen_rows]
    drawings += [*built_in, *non_digits]
    pen_labels = np.array([int(row.label) for row in pen_rows], np.int64)
    return {
        "images": drawn_with_any_pen(drawings, random, progress),
        "labels": np.concatenate(
            [np.tile(pen_labels, PEN_COPIES), built_in_labels, np.full(len(non_digits), NO_CLASS)]
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
