"""The version of the synthetic strokes, by which the raster cache notices that they changed."""

import functools
import hashlib
from collections.abc import Iterable

import numpy as np

from model.ink import Strokes

SAMPLE_DRAWINGS = 100
"""Number of drawings of each kind that go into the fingerprint."""


@functools.cache
def synthesis_fingerprint() -> bytes:
    """Return a hash that differs when a template or the way of writing it changes."""
    # Imported here, because published data need no templates.
    from model.synthesis.builtin_strokes import generate
    from model.synthesis.handwriting import rewritten
    from model.synthesis.letter_templates import HANDWRITTEN, hershey_letters
    from model.synthesis.mark_templates import MARKS
    from model.synthesis.non_digits import KINDS, generate_non_digits
    from model.synthesis.stroke_templates import STYLES

    weights = {kind: KINDS[kind].weight for kind in KINDS}
    templates = repr((STYLES, HANDWRITTEN, hershey_letters(), MARKS, weights))
    digits, _labels, _styles = generate(SAMPLE_DRAWINGS, 0)
    others, _kinds = generate_non_digits(SAMPLE_DRAWINGS, 0, part="train")
    random = np.random.default_rng(0)
    again = [rewritten(drawing, random) for drawing in digits]
    return hashlib.sha256(templates.encode() + _as_bytes([*digits, *others, *again])).digest()


def _as_bytes(drawings: Iterable[Strokes]) -> bytes:
    return b"end of drawing".join(
        b"".join(np.asarray(stroke, np.float64).tobytes() for stroke in drawing)
        for drawing in drawings
    )
