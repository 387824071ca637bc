"""Checking data before a run: what there is of each class, and how it looks. Without Keras."""

from pathlib import Path

import numpy as np

from model.data.datasets import DATASETS, Dataset, DatasetSource, load_dataset
from model.data.labelled_images import Labels
from model.data.published_data import find_at_hand
from model.progress import ReportProgress
from model.task_events import DataChecked, DataSample

MOST_SAMPLES = 10

COMPOSED = "bundled-mix"
"""Drawn from strokes when a run begins, which takes minutes the first time."""


def check_data(
    name: str, *, folder: Path | None = None, progress: ReportProgress | None = None
) -> DataChecked:
    """Read a data set as a run would, but download nothing.

    Args:
        name: One of `DATASETS`, or the path of the user's own data.
        folder: Searched first.
        progress: Gets the activity and the fraction that is done.

    Raises:
        DatasetError: If a run could not use it.
    """
    source = DATASETS.get(name)
    if source is not None and any(find_at_hand(data, folder) is None for data in source.published):
        size = source.download_bytes / 1e6
        return _unread(source, f"Downloaded once, when you train ({size:.0f} MB)")
    if source is not None and name == COMPOSED:
        part = load_dataset("mnist", folder=folder)
        note = "Put together when you train, the first time in some minutes"
        return _unread(source, note, _samples(part))
    data = load_dataset(name, folder=folder, progress=progress)
    return DataChecked(
        title=data.title,
        training_images=len(data.train_images),
        test_images=0 if data.test_images is None else len(data.test_images),
        class_names=data.class_names,
        class_counts=_counts(data.train_labels, len(data.class_names)),
        samples=_samples(data),
    )


def _unread(source: DatasetSource, note: str, samples: tuple[DataSample, ...] = ()) -> DataChecked:
    return DataChecked(
        title=source.title,
        training_images=0,
        test_images=0,
        class_names=source.class_names,
        class_counts=(),
        samples=samples,
        note=note,
    )


def _counts(labels: Labels, classes: int) -> tuple[int, ...]:
    return tuple(np.bincount(labels[labels >= 0], minlength=classes).tolist())


def _samples(data: Dataset) -> tuple[DataSample, ...]:
    """Return images of each class in turn: with few classes, several of each."""
    found = [np.flatnonzero(data.train_labels == label) for label in range(len(data.class_names))]
    each = -(-MOST_SAMPLES // len(found))
    chosen = [
        (label, int(rows[k]))
        for k in range(each)
        for label, rows in enumerate(found)
        if k < len(rows)
    ]
    return tuple(
        DataSample(label=data.class_names[label], pixels=data.train_images[row].tobytes())
        for label, row in sorted(chosen[:MOST_SAMPLES])
    )
