"""Data sets in MNIST's form: a pair of IDX files per split, images and labels."""

from collections.abc import Sequence
from pathlib import Path

from model.data.idx_files import read_idx
from model.data.labelled_images import LabelledImages, checked_images, checked_labels
from model.errors import DatasetError

IMAGES_ENDINGS = ("-images-idx3-ubyte", "-images.idx3-ubyte")
LABELS_ENDINGS = ("-labels-idx1-ubyte", "-labels.idx1-ubyte")
"""As they are published, and as archives unpack them on some systems."""


def read_idx_pair(folder: Path, part: str) -> LabelledImages:
    """Read one part of a data set, gzipped or not.

    Args:
        folder: Holds the files.
        part: What their names begin with, such as "train" or "t10k".

    Raises:
        DatasetError: If a file is missing, damaged, or does not go with the other.
    """
    images_file = _existing(folder, part, IMAGES_ENDINGS)
    labels_file = _existing(folder, part, LABELS_ENDINGS)
    images = checked_images(read_idx(images_file), where=images_file.name)
    labels = checked_labels(read_idx(labels_file), len(images), where=labels_file.name)
    return LabelledImages(images, labels)


def read_idx_parts(folder: Path) -> tuple[LabelledImages, LabelledImages]:
    """Read the training and test splits of a data set whose files are named as MNIST's.

    Raises:
        DatasetError: If a file is missing, damaged, or does not fit its pair.
    """
    return read_idx_pair(folder, "train"), read_idx_pair(folder, "t10k")


def parts_in(folder: Path) -> list[str]:
    """Return what the names of a folder's image files begin with, sorted."""
    found = set()
    for ending in IMAGES_ENDINGS:
        found |= {path.name.split(ending)[0] for path in folder.glob(f"*{ending}*")}
    return sorted(found)


def _existing(folder: Path, part: str, endings: Sequence[str]) -> Path:
    for name in (part + ending for ending in endings):
        # Some programs unpack each file into a folder of its name.
        for candidate in (folder / f"{name}.gz", folder / name, folder / name / name):
            if candidate.is_file():
                return candidate
    raise DatasetError(f"{folder} lacks the file {part}{endings[0]}.gz.")
