"""Facts about model files, in words. No Qt."""

import math
from collections.abc import Sequence
from pathlib import Path

from app.recognition.current_model import BUNDLED_NAME
from app.style.dates import date_in_words
from model.data.datasets import DATASETS
from model.exporting.formats import EXPORT_FORMATS
from model.metadata import ModelMetadata, printable, shown_name
from model.model_files.summary import ModelSummary
from model.pixel_ranges import pixels_in_words
from model.recipes import RECIPES
from model.task_events import Exported, InputChoice

_FILE_FORMATS = {"keras": "Keras archive (.keras)", "hdf5": "HDF5 file of an older Keras (.h5)"}

_SHOWN_CLASSES = 12

_TEST_SPLITS = {
    "mnist": ("MNIST", 10_000),
    "fashion-mnist": ("Fashion-MNIST", 10_000),
    "pen-digits": ("Pen digits", 3_498),
    "bundled-mix": ("MNIST", 10_000),
}
"""Part of an accuracy: the data set and the number of its images."""


def facts_of(summary: ModelSummary) -> list[tuple[str, str]]:
    """Return what a file holds as rows of a name and a value; unknown facts are left out."""
    record = summary.metadata
    rows = [
        ("Format", f"{_FILE_FORMATS[summary.file_format]}, {size_in_words(summary.size_bytes)}"),
        ("Network", f"{summary.parameters:,} weights in {len(summary.layers)} layers"),
        ("Input", _input(summary)),
        ("Classes", _classes(record.class_names)),
        ("Accuracy", accuracy_in_words(record) if summary.has_metadata else ""),
        ("Recipe", recipe_of(record)),
        ("Data", dataset_in_words(record.dataset)),
        ("Saved", date_in_words(summary.created)),
        ("Made with", _versions(summary)),
        ("SHA-256", summary.sha256),
    ]
    return [(name, value) for name, value in rows if value]


def short_details(metadata: ModelMetadata | None) -> str:
    """Return accuracy with its data, recipe, training data and date; unknown ones are left out."""
    if metadata is None:
        return ""
    data = dataset_in_words(metadata.dataset)
    known = (
        accuracy_in_words(metadata),
        recipe_of(metadata),
        f"trained on {data}" if data else "",
        date_in_words(metadata.created),
    )
    return " · ".join(filter(None, known))


def accuracy_in_words(metadata: ModelMetadata) -> str:
    """Return an accuracy with its data; empty if none is known.

    Such as "Test accuracy 99.67 % (MNIST, 10,000 images)".
    """
    if metadata.test_accuracy is not None:
        name, images = _TEST_SPLITS.get(metadata.dataset, (dataset_in_words(metadata.dataset), 0))
        data = ", ".join(filter(None, (name, f"{images:,} images" if images else "")))
        words = f"Test accuracy {metadata.test_accuracy * 100:.2f} %"
        return f"{words} ({data})" if data else words
    if metadata.validation_accuracy is not None:
        data = dataset_in_words(metadata.dataset)
        words = f"Validation accuracy {metadata.validation_accuracy * 100:.2f} %"
        return f"{words} ({data})" if data else words
    return ""


def measured_accuracy(metadata: ModelMetadata) -> tuple[float | None, str]:
    """Return an accuracy in [0, 1] and its data in two or three words; None if none is known."""
    data = dataset_in_words(metadata.dataset)
    if metadata.test_accuracy is not None:
        name, _ = _TEST_SPLITS.get(metadata.dataset, (data, 0))
        return metadata.test_accuracy, name or "unknown data"
    if metadata.validation_accuracy is not None:
        return metadata.validation_accuracy, f"validation, {data or 'unknown data'}"
    return None, ""


def choice_in_words(choice: InputChoice) -> str:
    """Return one pixel range, and the network's accuracy with it."""
    well = (
        f"{choice.confidence * 100:.0f} % sure on average"
        if choice.digits_right is None
        else f"{choice.digits_right * 100:.0f} % of the sample digits right"
    )
    return f"{pixels_in_words(choice.input_format)}: {well}"


def exported_in_words(exported: Exported) -> str:
    """Return where an export lies, which files it is, and the difference that was measured."""
    sentence = (
        f"Written to {shown_name(str(Path(exported.file).parent))}: {_files_in_words(exported)}."
        f" Loaded again and compared on {exported.digits:,} images ({exported.digits_from}): no"
        f" probability differs by more than {_rounded_up(exported.largest_difference)}."
    )
    if exported.accuracy is None or exported.exported_accuracy is None:
        return sentence
    return (
        f"{sentence} {exported.exported_accuracy * 100:.2f} % right, before the export"
        f" {exported.accuracy * 100:.2f} %."
    )


def _files_in_words(exported: Exported) -> str:
    """Return the names of all files of an export, such as "a.tflite, a.json and a.README.md"."""
    file, companion = Path(exported.file), EXPORT_FORMATS[exported.target].companion_suffix
    others = [file.with_suffix(companion).name] if companion else []
    others += [Path(exported.readme).name] if exported.readme else []
    first, last = [file.name, *others[:-1]], others[-1:]
    return shown_name(" and ".join([", ".join(first), *last]))


def _rounded_up(number: float) -> str:
    """Return a small number as people write it, rounded up, such as "0.0000008" for 7.2e-07."""
    if not 0 < number < 1:
        return f"{number:g}"
    places = -math.floor(math.log10(number))
    return f"{math.ceil(number * 10**places) / 10**places:.{places}f}"


def recipe_of(metadata: ModelMetadata) -> str:
    """Return the title of the recipe, or its name if it has none; empty if there is no record."""
    name = printable(metadata.recipe.get("name"), 40)
    recipe = RECIPES.get(name)
    return recipe.title if recipe is not None and recipe.title else name


def dataset_in_words(name: str) -> str:
    """Return a data set's title."""
    source = DATASETS.get(name)
    return printable(name, 40) if source is None else source.title


def name_of_file(file: Path) -> str:
    """Return what the window calls the model in a file, as far as its name says."""
    from model.recognizer import BUNDLED_MODEL  # 0.2 s, so not before the window is shown

    return BUNDLED_NAME if file == BUNDLED_MODEL else shown_name(file.stem)


def size_in_words(size_bytes: int) -> str:
    """Return a size such as `1.2 MB`."""
    if size_bytes < 1000:
        return f"{size_bytes} bytes"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1000:.0f} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def _input(summary: ModelSummary) -> str:
    form = summary.input_format
    pixels = "pixel range unknown" if form is None else pixels_in_words(form)
    return f"{_shape_in_words(summary.input_shape)}, {pixels}"


def _shape_in_words(shape: Sequence[int]) -> str:
    """Return a shape such as "28 × 28, 1 channel"."""
    sides = " × ".join(map(str, shape[:2]))
    if len(shape) < 3:
        return sides if len(shape) == 2 else f"{sides} pixels in a row"
    return f"{sides}, {shape[2]} {'channel' if shape[2] == 1 else 'channels'}"


def _classes(names: tuple[str, ...]) -> str:
    if names == tuple("0123456789"):
        return "digits 0–9"
    shown = ", ".join(names[:_SHOWN_CLASSES])
    return f"{len(names)} classes: {shown}{', …' if len(names) > _SHOWN_CLASSES else ''}"


def _versions(summary: ModelSummary) -> str:
    versions = {"keras": summary.keras_version, **summary.metadata.versions}
    return ", ".join(f"{name} {version}" for name, version in versions.items() if version)[:120]
