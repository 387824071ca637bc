"""The model before, measured on the same images as the one that was just trained."""

import logging
from dataclasses import replace
from pathlib import Path

from model.data.datasets import Dataset
from model.errors import DigitpadError
from model.evaluation.measured_data import DatasetRows
from model.evaluation.measuring import ReportFraction, measure
from model.recognizer import Recognizer
from model.training.split import Split

_log = logging.getLogger(__name__)


def measured_split(data: Dataset, validation: Split) -> Dataset | None:
    """Return the images that a new model's accuracy counts on, as a test split.

    Those of the test split, or of the validation split where there is no other; None if there
    is neither.
    """
    if data.test_images is not None and len(data.test_images):
        return data
    has_class = validation.has_class if len(validation) else None
    if has_class is None or not has_class.any():
        return None
    return replace(
        data,
        title=f"{data.title}, validation split",
        test_images=validation.images[has_class],
        test_labels=validation.labels[has_class],
        test_groups=None,
    )


def images_in_words(data: Dataset) -> str:
    """Return what was measured on, such as "MNIST, 10,000 images"."""
    count = 0 if data.test_images is None else len(data.test_images)
    return f"{data.title}, {count:,} {'image' if count == 1 else 'images'}"


class SkippedError(Exception):
    """The measurement was asked to end."""


def accuracy_of(
    litert_file: Path, data: Dataset, progress: ReportFraction | None = None
) -> float | None:
    """Return the accuracy of a converted network on a data set's test split, in [0, 1].

    None where the network can't be read, or knows other classes: a comparison that fails or is
    skipped takes nothing from the run.

    Args:
        litert_file: The converted network.
        data: Whose test split is measured.
        progress: Gets the fraction that is done; raises `SkippedError` to end the measurement.
    """
    try:
        recognizer = Recognizer.from_files(litert_file)
        if set(recognizer.metadata.class_names) != set(data.class_names):
            return None
        rows = DatasetRows(data, recognizer.metadata.class_names)
        measurement = measure(recognizer, rows, model=litert_file.stem, progress=progress)
    except SkippedError:
        return None
    except DigitpadError as error:
        _log.warning("%s can't be measured: %s", litert_file, error)
        return None
    return measurement.report.accuracy
