"""Finding the data that a model is measured on, by a data set's name or a path."""

from pathlib import Path

from model.data.datasets import find_source, load_dataset, load_test_strokes
from model.data.kept_drawings import NAME as MY_DRAWINGS
from model.data.kept_drawings import TITLE, kept_rows
from model.evaluation.measured_data import DatasetRows, DrawingRows, MeasuredData
from model.metadata import ModelMetadata
from model.progress import ReportProgress


def chosen_data(
    name: str,
    metadata: ModelMetadata,
    *,
    folder: Path | None = None,
    invert: bool | None = None,
    progress: ReportProgress | None = None,
) -> MeasuredData:
    """Find data by a name, and match their classes with the model's.

    Args:
        name: One of `model.data.datasets.DATASETS`, or the path of the user's own data.
        metadata: The model's.
        folder: Searched first for published data sets.
        invert: Whether to turn dark ink to light; None to refuse images that seem to need it.
        progress: Gets the activity.

    Raises:
        DatasetError: If there are no such data, they are damaged, or none is of a class of the
            model.
        DownloadError: If they are not on this machine and can't be downloaded.
    """
    source = find_source(name)
    if source is not None and source.name == MY_DRAWINGS:
        return my_drawings(metadata)
    path = Path(name).expanduser()
    if source is None and path.is_file() and path.name.lower().endswith((".jsonl", ".jsonl.gz")):
        return DrawingRows.of_file(path, metadata.class_names)
    data = load_dataset(
        name, folder=folder, progress=progress, is_for_training=False, invert=invert
    )
    strokes = load_test_strokes(name, folder=folder)
    return DatasetRows(data, metadata.class_names, strokes=strokes)


def my_drawings_sha256(name: str) -> str:
    """Return a hash of the kept drawings if the name is their data set's, else nothing.

    Raises:
        DatasetError: If none is kept.
        UserDatabaseError: If the database can't be read.
    """
    source = find_source(name)
    if source is None or source.name != MY_DRAWINGS:
        return ""
    return my_drawings(ModelMetadata()).sha256


def my_drawings(metadata: ModelMetadata) -> DrawingRows:
    """Return the drawings that the user keeps; for a model trained with them, its test split.

    Raises:
        DatasetError: If none is kept.
        UserDatabaseError: If the database can't be read.
    """
    rows = kept_rows(only_test=metadata.dataset == MY_DRAWINGS)
    return DrawingRows.of_list(rows, metadata.class_names, name=MY_DRAWINGS, title=TITLE)
