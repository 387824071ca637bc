"""Data sets in MNIST's form: a pair of IDX files a part, images and labels."""

from pathlib import Path

from model.data.idx_files import read_idx
from model.data.labelled_images import LabelledImages, checked_images, checked_labels
from model.errors import DatasetError

IMAGES_ENDING = "-images-idx3-ubyte"
LABELS_ENDING = "-labels-idx1-ubyte"


def read_idx_pair(folder: Path, part: str) -> LabelledImages:
    """Read one part of a data set, gzipped or not.

    Args:
        folder: Holds the files.
        part: What their names begin with, such as "train" or "t10k".

    Raises:
        DatasetError: If a file is missing, damaged, or does not go with the other.
    """
    images_file = _existing(folder, part + IMAGES_ENDING)
    labels_file = _existing(folder, part + LABELS_ENDING)
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
    return sorted({path.name.split(IMAGES_ENDING)[0] for path in folder.glob(f"*{IMAGES_ENDING}*")})


def _existing(folder: Path, name: str) -> Path:
    for candidate in (folder / f"{name}.gz", folder / name):
        if candidate.is_file():
            return candidate
    raise DatasetError(f"{folder} lacks the file {name}.gz.")
