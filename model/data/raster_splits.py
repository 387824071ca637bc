"""Parts of data sets that are made of drawings, drawn through ink once and then kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.data.labelled_images import (
    MAX_CLASSES,
    Images,
    LabelledImages,
    Labels,
    checked_images,
    checked_labels,
)
from model.data.labelled_strokes import LabelledDrawing, draw_images
from model.data.raster_cache import Arrays, kept_arrays
from model.errors import DatasetError
from model.ink import Strokes
from model.progress import ReportProgress


@dataclass(frozen=True, eq=False)
class Drawings:
    """Drawings of known classes, not yet drawn.

    Attributes:
        strokes: The strokes of each drawing, y down.
        labels: int64 (drawings,).
        groups: int64 (drawings,), the writer's index; None where writers are unknown.
    """

    strokes: Sequence[Strokes]
    labels: Labels
    groups: npt.NDArray[np.int64] | None = None


def drawings_of(rows: Sequence[LabelledDrawing]) -> Drawings:
    """Return the drawings of rows whose labels are numbers.

    Raises:
        DatasetError: If a label is none, or out of range.
    """
    for row in rows:
        if not isinstance(row.label, int) or not 0 <= row.label < MAX_CLASSES:
            raise DatasetError(
                f"A label must be a whole number from 0 to {MAX_CLASSES - 1}, not {row.label!r}."
            )
    return Drawings(
        strokes=[row.strokes for row in rows],
        labels=np.array([int(row.label) for row in rows], np.int64),
        groups=writer_groups([row.writer for row in rows]),
    )


def writer_groups(writers: Sequence[str]) -> npt.NDArray[np.int64] | None:
    """Number writers in the order of their names.

    Returns:
        int64 (writers,); None where there are fewer than two writers.
    """
    # By a table, because an array of texts gives each the room of the longest.
    numbers = {name: number for number, name in enumerate(sorted(set(writers)))}
    if len(numbers) < 2:
        return None
    return np.array([numbers[name] for name in writers], np.int64)


def drawn_part(
    sources: Iterable[bytes],
    read: Callable[[], Drawings],
    *,
    title: str,
    progress: ReportProgress | None = None,
) -> LabelledImages:
    """Return drawings as images.

    Args:
        sources: Everything that decides what `read` returns: it is only called where nothing was
            kept from the same sources.
        read: Returns the drawings.
        title: Names the data in messages and to `progress`.
        progress: Told how far the drawing is.

    Raises:
        DatasetError: If the drawings can't be read or drawn.
    """

    def make() -> Arrays:
        drawings = read()
        images = draw_images(drawings.strokes, title=title, progress=progress)
        # No groups are kept as an empty array.
        groups = np.empty(0, np.int64) if drawings.groups is None else drawings.groups
        return {"images": images, "labels": drawings.labels, "groups": groups}

    kept = kept_arrays(sources, ["images", "labels", "groups"], make)
    images = checked_images(kept["images"], where=title)
    groups = kept["groups"].astype(np.int64)
    return LabelledImages(
        images,
        checked_labels(kept["labels"], len(images), where=title),
        groups if len(groups) else None,
    )


def drawn_images(
    sources: Iterable[bytes],
    strokes: Sequence[Strokes],
    *,
    title: str,
    progress: ReportProgress | None = None,
) -> Images:
    """Return drawings as images; uint8 (drawings, 28, 28), 255 is ink.

    Args:
        sources: Everything that decides the strokes.
        strokes: The strokes of each drawing.
        title: Names the data in messages and to `progress`.
        progress: Told how far the drawing is.

    Raises:
        DatasetError: If a drawing can't be drawn.
    """

    def make() -> Arrays:
        return {"images": draw_images(strokes, title=title, progress=progress)}

    return checked_images(kept_arrays(sources, ["images"], make)["images"], where=title)
