"""A reader for each row of the table of data sets.

The modules that read are imported here when a reader is called: the table is read without them.
"""

from pathlib import Path

from model.data.labelled_images import LabelledImages
from model.data.published_data import FASHION_MNIST, MNIST, PEN_DIGITS, locate
from model.ink import Strokes
from model.progress import ReportProgress

BUILTIN_STROKES_TITLE = "Built-in strokes"


def mnist(
    folder: Path | None, _seed: int, progress: ReportProgress | None
) -> tuple[LabelledImages, LabelledImages]:
    """Read MNIST."""
    from model.data.idx_sets import read_idx_parts

    return read_idx_parts(locate(MNIST, folder, progress))


def fashion_mnist(
    folder: Path | None, _seed: int, progress: ReportProgress | None
) -> tuple[LabelledImages, LabelledImages]:
    """Read Fashion-MNIST."""
    from model.data.idx_sets import read_idx_parts

    return read_idx_parts(locate(FASHION_MNIST, folder, progress))


def pen_digits(
    folder: Path | None, _seed: int, progress: ReportProgress | None
) -> tuple[LabelledImages, LabelledImages]:
    """Read the pen digits."""
    from model.data.pen_digits import read_pen_digits

    return read_pen_digits(locate(PEN_DIGITS, folder, progress), progress)


def pen_test_strokes(folder: Path | None, _seed: int) -> list[Strokes]:
    """Read the test drawings of the pen digits."""
    from model.data.pen_digits import read_pen_test_drawings

    return [row.strokes for row in read_pen_test_drawings(locate(PEN_DIGITS, folder, None))]


def builtin_strokes(
    _folder: Path | None, seed: int, progress: ReportProgress | None
) -> tuple[LabelledImages, LabelledImages]:
    """Generate the built-in strokes of a seed."""
    from model.data.builtin_data import read_builtin_strokes

    return read_builtin_strokes(seed, BUILTIN_STROKES_TITLE, progress)


def builtin_test_strokes(_folder: Path | None, seed: int) -> list[Strokes]:
    """Generate the test drawings of a seed."""
    from model.data.builtin_data import read_test_strokes

    return read_test_strokes(seed)


def kept_drawings(
    _folder: Path | None, _seed: int, progress: ReportProgress | None
) -> tuple[LabelledImages, LabelledImages | None]:
    """Read the digits kept in all hands."""
    from model.data.kept_drawings import read_kept_drawings

    return read_kept_drawings(progress)


def drawings_among_others(
    _folder: Path | None, _seed: int, progress: ReportProgress | None
) -> tuple[LabelledImages, LabelledImages | None]:
    """Read the digits kept in all hands among those of other writers."""
    from model.data.drawings_among_others import read_drawings_among_others

    return read_drawings_among_others(progress)


def bundled_mix(
    folder: Path | None, seed: int, progress: ReportProgress | None
) -> tuple[LabelledImages, LabelledImages]:
    """Mix the training data of the bundled network; MNIST's test split is the test split."""
    from model.data.bundled_data import bundled_training_part
    from model.data.pen_digits import read_pen_drawings

    train, test = mnist(folder, seed, progress)
    pen_rows = read_pen_drawings(locate(PEN_DIGITS, folder, progress))
    return bundled_training_part(train, pen_rows, seed=seed, progress=progress), test
