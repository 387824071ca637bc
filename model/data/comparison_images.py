"""Real images on which a network and its exported copy are compared."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.data.datasets import DATASETS, load_dataset
from model.data.published_data import MNIST, find_at_hand
from model.data.sample_digits import sample_digits
from model.metadata import DIGIT_NAMES

MOST_BUILT_IN = 1_000
"""Drawing more of the built-in strokes would take half a minute."""

_FULL_INK = np.float32(255)


@dataclass(frozen=True, eq=False)
class ComparisonImages:
    """Images to compare two runtimes on, and others to measure the range of values with.

    Attributes:
        title: Where they come from, for people.
        inks: float32 (count, 28, 28) in [0, 1].
        labels: int64 (count,), an index into `class_names`.
        class_names: What the labels mean.
        typical: float32 (some hundred, 28, 28) in [0, 1], none of them among `inks`.
    """

    title: str
    inks: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]
    class_names: tuple[str, ...]
    typical: npt.NDArray[np.float32]


def comparison_images(
    dataset: str, count: int, *, typical: int = 0, folder: Path | None = None
) -> ComparisonImages:
    """Return images that are on this machine; nothing is downloaded.

    Args:
        dataset: The network's training data. If they are not on this machine, MNIST is taken, and
            if that is missing, too, the built-in strokes.
        count: At most how many to compare on.
        typical: How many others to measure the range of values with.
        folder: Searched first for the data set.
    """
    for name in (dataset, MNIST.name):
        if _is_at_hand(name, folder):
            return _from_test_part(name, count, typical, folder)
    count = min(count, MOST_BUILT_IN)
    digits = sample_digits(count + typical)
    return ComparisonImages(
        title=DATASETS["built-in-strokes"].title.lower(),
        inks=digits.inks[:count],
        labels=digits.labels[:count],
        class_names=DIGIT_NAMES,
        typical=digits.inks[count:],
    )


def _is_at_hand(name: str, folder: Path | None) -> bool:
    """Return whether a published data set is on this machine; drawing a mix takes minutes."""
    published = DATASETS[name].published if name in DATASETS else ()
    return len(published) == 1 and find_at_hand(published[0], folder) is not None


def _from_test_part(name: str, count: int, typical: int, folder: Path | None) -> ComparisonImages:
    data = load_dataset(name, folder=folder)
    images, labels = data.train_images[:0], data.train_labels[:0]
    if data.test_images is not None and data.test_labels is not None:
        images, labels = data.test_images[:count], data.test_labels[:count]
    return ComparisonImages(
        title=f"{data.title}'s test split",
        inks=images.astype(np.float32) / _FULL_INK,
        labels=labels,
        class_names=data.class_names,
        typical=data.train_images[:typical].astype(np.float32) / _FULL_INK,
    )
