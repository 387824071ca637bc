"""Splits of data sets that consist of drawings: rasterized once and then cached."""

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
from model.data.labelled_strokes import LabelledDrawing, rasterize_drawings
from model.data.raster_cache import Arrays, cached_arrays
from model.errors import DatasetError
from model.ink import Strokes
from model.progress import ReportProgress


@dataclass(frozen=True, eq=False)
class Drawings:
    """Drawings with their labels, not yet rasterized.

    Attributes:
        strokes: The strokes of each drawing, y down.
        labels: int64 (drawings,).
        groups: int64 (drawings,), the writer's index; None if writers are unknown.
    """

    strokes: Sequence[Strokes]
    labels: Labels
    groups: npt.NDArray[np.int64] | None = None


def drawings_of(rows: Sequence[LabelledDrawing]) -> Drawings:
    """Return the drawings of rows whose labels are numbers.

    Raises:
        DatasetError: If a label is missing or out of range.
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
        int64 (writers,); None if there are fewer than two writers.
    """
    # A dictionary, because an array of texts gives each the room of the longest.
    numbers = {name: number for number, name in enumerate(sorted(set(writers)))}
    if len(numbers) < 2:
        return None
    return np.array([numbers[name] for name in writers], np.int64)


def cached_split(
    sources: Iterable[bytes],
    read: Callable[[], Drawings],
    *,
    title: str,
    progress: ReportProgress | None = None,
) -> LabelledImages:
    """Return drawings as images, out of the cache if they are there.

    Args:
        sources: Everything that the drawings depend on.
        read: Returns the drawings; it is called only if they are not cached.
        title: Names the data in messages and to `progress`.
        progress: Gets the activity and the fraction that is done.

    Raises:
        DatasetError: If the drawings can't be read or drawn.
    """

    def make() -> Arrays:
        drawings = read()
        images = rasterize_drawings(drawings.strokes, title=title, progress=progress)
        # The cache holds arrays alone: an empty one stands for no groups.
        groups = np.empty(0, np.int64) if drawings.groups is None else drawings.groups
        return {"images": images, "labels": drawings.labels, "groups": groups}

    kept = cached_arrays(sources, ["images", "labels", "groups"], make)
    images = checked_images(kept["images"], where=title)
    groups = kept["groups"].astype(np.int64)
    return LabelledImages(
        images,
        checked_labels(kept["labels"], len(images), where=title),
        groups if len(groups) else None,
    )


def cached_images(
    sources: Iterable[bytes],
    strokes: Sequence[Strokes],
    *,
    title: str,
    progress: ReportProgress | None = None,
) -> Images:
    """Return drawings as images; uint8 (drawings, 28, 28), 255 is ink.

    Args:
        sources: Everything that the strokes depend on.
        strokes: The strokes of each drawing.
        title: Names the data in messages and to `progress`.
        progress: Gets the activity and the fraction that is done.

    Raises:
        DatasetError: If a drawing can't be drawn.
    """

    def make() -> Arrays:
        return {"images": rasterize_drawings(strokes, title=title, progress=progress)}

    return checked_images(cached_arrays(sources, ["images"], make)["images"], where=title)
