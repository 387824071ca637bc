"""Built-in strokes as a data set: generated from a seed, drawn once and then cached."""

from model.data.labelled_images import LabelledImages
from model.data.raster_splits import Drawings, cached_split
from model.data.synthesis_version import synthesis_fingerprint
from model.ink import Strokes
from model.progress import ReportProgress

TRAIN_DRAWINGS = 30_000
TEST_DRAWINGS = 3_000

TEST_SEED_OFFSET = 1 << 32
"""Seeds of runs are smaller, so that no drawing of a test split was ever trained with."""


def read_builtin_strokes(
    seed: int, title: str, progress: ReportProgress | None
) -> tuple[LabelledImages, LabelledImages]:
    """Draw the training and test splits of a seed.

    The test split comes from the same templates: its accuracy says how well these drawings were
    learned, not how well people's are recognised.

    Args:
        seed: Chooses the drawings.
        title: Names the data set in messages and to `progress`.
        progress: Gets the activity and the fraction that is done.
    """
    return (
        _part(TRAIN_DRAWINGS, seed, title, progress),
        _part(TEST_DRAWINGS, seed + TEST_SEED_OFFSET, title, progress),
    )


def read_test_strokes(seed: int) -> list[Strokes]:
    """Return the strokes of the test split of a seed, in the order of its images."""
    from model.synthesis.builtin_strokes import generate

    drawings, _, _ = generate(TEST_DRAWINGS, seed + TEST_SEED_OFFSET)
    return list(drawings)


def _part(count: int, seed: int, title: str, progress: ReportProgress | None) -> LabelledImages:
    # Imported here, because only this data set needs the templates.
    from model.synthesis.builtin_strokes import generate

    def read() -> Drawings:
        if progress is not None:
            progress(f"Generating {title.lower()}", None)
        drawings, labels, _styles = generate(count, seed)
        return Drawings(drawings, labels)

    sources = [f"{count} built-in strokes of seed {seed}".encode(), synthesis_fingerprint()]
    return cached_split(sources, read, title=title, progress=progress)
