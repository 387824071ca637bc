"""Built-in strokes as a data set: made up from a seed, drawn through ink once and then kept."""

from model.data.labelled_images import LabelledImages
from model.data.labelled_strokes import Progress
from model.data.raster_splits import Drawings, drawn_part
from model.data.synthesis_version import made_up_fingerprint

TITLE = "Built-in strokes"
TRAIN_DRAWINGS = 30_000
TEST_DRAWINGS = 3_000

TEST_SEED_OFFSET = 1 << 32
"""Seeds of runs are smaller, so that no drawing of a test part was ever trained with."""


def read_builtin_strokes(
    seed: int, progress: Progress | None
) -> tuple[LabelledImages, LabelledImages]:
    """Make the training and the test part of a seed.

    The test part comes from the same templates: it tells how well these drawings were learned,
    not how well those of people are recognised.
    """
    return (
        _made(TRAIN_DRAWINGS, seed, progress),
        _made(TEST_DRAWINGS, seed + TEST_SEED_OFFSET, progress),
    )


def _made(count: int, seed: int, progress: Progress | None) -> LabelledImages:
    # Imported here, because only this data set needs the templates.
    from model.synthesis.builtin_strokes import generate

    def read() -> Drawings:
        if progress is not None:
            progress(f"Making up {TITLE.lower()}", None)
        drawings, labels, _styles = generate(count, seed)
        return Drawings(drawings, labels)

    sources = [f"{count} built-in strokes of seed {seed}".encode(), made_up_fingerprint()]
    return drawn_part(sources, read, title=TITLE, progress=progress)
