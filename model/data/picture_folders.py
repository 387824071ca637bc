"""Folders of pictures by class, turned into ink images once and then cached."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from model.data.labelled_images import (
    MAX_CLASSES,
    MAX_IMAGES,
    MIN_CLASSES,
    Images,
    LabelledImages,
    checked_images,
)
from model.data.raster_cache import Arrays, cached_arrays
from model.errors import DatasetError, DigitpadError, PictureError
from model.files.whole_files import read_whole
from model.ink import INK_SIZE
from model.metadata import shown_name
from model.progress import ReportProgress
from model.raster.pictures import ink_from_picture, open_picture

PICTURE_ENDINGS = frozenset(
    f".{ending}"
    for ending in (
        *("png", "apng", "jpg", "jpeg", "jpe", "jfif", "bmp", "gif", "tif", "tiff", "webp"),
        *("heic", "heif", "avif", "ppm", "pgm", "pbm", "pnm", "pfm"),
    )
)
MAX_PICTURE_BYTES = 100_000_000


DROPPINGS = frozenset(
    {"__macosx", "__pycache__", "$recycle.bin", "system volume information", "lost+found", "@eadir"}
)
"""Folders that systems and programs leave in others, in small letters."""


def class_folders(folder: Path) -> list[Path]:
    """Return the folders inside a folder, in the order of their names.

    Hidden ones, and those that a system leaves behind, are not among them.
    """
    try:
        return sorted(
            path
            for path in folder.iterdir()
            if path.is_dir()
            and not path.name.startswith(".")
            and path.name.casefold() not in DROPPINGS
        )
    except OSError as error:
        raise DatasetError(
            f"The folder {folder.name} can't be read: {error.strerror}.", detail=str(error)
        ) from error


def read_pictures(
    folder: Path, class_names: Sequence[str], progress: ReportProgress | None = None
) -> LabelledImages:
    """Read the pictures of each class's folder; other files are left alone.

    Args:
        folder: Holds one folder per class; the test split may lack some.
        class_names: Names of the folders, in the order of the labels.
        progress: Gets the activity and the fraction that is done.

    Raises:
        DatasetError: If a folder is of another class, there are no pictures or too many, or one
            can't be read.
    """
    _check_folders(folder, class_names)
    paths, labels = [], []
    for label, name in enumerate(class_names):
        found = _pictures_in(folder / name) if (folder / name).is_dir() else []
        paths += found
        labels += [label] * len(found)
    if not 0 < len(paths) <= MAX_IMAGES:
        raise DatasetError(
            f"The folder {folder.name} must hold from 1 to {MAX_IMAGES:,} pictures; it holds"
            f" {len(paths):,}."
        )

    def make() -> Arrays:
        return {"images": _inks(paths, folder, progress)}

    kept = cached_arrays(_sources(paths, folder), ["images"], make)
    return LabelledImages(
        checked_images(kept["images"], where=folder.name), np.array(labels, np.int64)
    )


def _check_folders(folder: Path, class_names: Sequence[str]) -> None:
    if not any(map(_pictures_in, class_folders(folder))):
        raise DatasetError(
            f"The folders in {folder.name} hold no pictures; put PNG or JPEG files into one folder"
            " for each class."
        )
    if not MIN_CLASSES <= len(class_names) <= MAX_CLASSES:
        folders = "1 folder" if len(class_names) == 1 else f"{len(class_names)} folders"
        raise DatasetError(
            f"There must be from {MIN_CLASSES} to {MAX_CLASSES} classes, a folder each; the folder"
            f" {folder.name} has {folders}."
        )
    unknown = {path.name for path in class_folders(folder)} - set(class_names)
    if unknown:
        raise DatasetError(
            f"{folder.name} has a folder {min(unknown)!r}, which the training split lacks."
        )


def _pictures_in(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in PICTURE_ENDINGS and not path.name.startswith(".")
    )


def _sources(paths: Sequence[Path], folder: Path) -> Iterator[bytes]:
    yield _picture_fingerprint()
    for path in paths:
        yield _file_of(path, folder)


def _file_of(path: Path, folder: Path) -> bytes:
    try:
        return read_whole(path, max_bytes=MAX_PICTURE_BYTES)
    except DatasetError as error:
        raise _unusable(path, folder, error) from error


def _unusable(path: Path, folder: Path, error: DigitpadError) -> DatasetError:
    """Say which of a folder's many pictures is meant: names such as 1.png are in each class."""
    name = shown_name(path.relative_to(folder).as_posix())
    return DatasetError(f"The picture {name} can't be used: {error.sentence}", detail=error.detail)


def _picture_fingerprint() -> bytes:
    """Return the ink image of a sample picture, which changes with the way of reading pictures."""
    picture = Image.new("L", (120, 90), 230)
    draw = ImageDraw.Draw(picture)
    draw.line([(30, 20), (80, 25), (50, 70)], fill=40, width=6)
    draw.ellipse((60, 45, 85, 75), outline=90, width=4)
    return ink_from_picture(picture).tobytes()


def _inks(paths: Sequence[Path], folder: Path, progress: ReportProgress | None) -> Images:
    images = np.empty((len(paths), INK_SIZE, INK_SIZE), np.uint8)
    for index, path in enumerate(paths):
        try:
            images[index] = np.rint(ink_from_picture(open_picture(path)) * 255)
        except PictureError as error:
            raise _unusable(path, folder, error) from error
        if progress is not None and index % 20 == 0:
            progress(f"Reading pictures of {folder.name}", index / len(paths))
    return images
