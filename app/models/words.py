"""Facts about model files, in words. No Qt."""

from datetime import datetime, timezone

from model.data.datasets import DATASETS
from model.metadata import ModelMetadata, printable
from model.model_files.summary import ModelSummary
from model.pixel_ranges import pixels_in_words
from model.protocol import Exported, InputChoice

_FILE_FORMATS = {"keras": "Keras archive (.keras)", "hdf5": "HDF5 file of an older Keras (.h5)"}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHOWN_CLASSES = 12


def facts_of(summary: ModelSummary) -> list[tuple[str, str]]:
    """Return what a file holds as rows of a name and a value; unknown facts are left out."""
    record = summary.metadata
    rows = [
        ("Format", f"{_FILE_FORMATS[summary.file_format]}, {size_in_words(summary.size_bytes)}"),
        ("Network", f"{summary.parameters:,} weights in {len(summary.layers)} layers"),
        ("Takes in", _input(summary)),
        ("Tells apart", _classes(record.class_names)),
        ("Accuracy", _accuracies(record) if summary.has_metadata else ""),
        ("Recipe", recipe_of(record)),
        ("Data", dataset_in_words(record.dataset)),
        ("Saved", date_in_words(summary.created)),
        ("Made with", _versions(summary)),
        ("SHA-256", summary.sha256),
    ]
    return [(name, value) for name, value in rows if value]


def short_details(metadata: ModelMetadata | None) -> str:
    """Return accuracy, recipe, data and date on one line; unknown ones are left out."""
    if metadata is None:
        return ""
    share = metadata.test_accuracy
    known = (
        f"{share * 100:.2f} %" if share is not None else "",
        recipe_of(metadata),
        dataset_in_words(metadata.dataset),
        date_in_words(metadata.created),
    )
    return " · ".join(filter(None, known))


def choice_in_words(choice: InputChoice) -> str:
    """Return one way to feed a network, and how well it does with it."""
    well = (
        f"{choice.confidence * 100:.0f} % sure on average"
        if choice.digits_right is None
        else f"{choice.digits_right * 100:.0f} % of the sample digits right"
    )
    return f"{pixels_in_words(choice.input_format)}: {well}"


def exported_in_words(exported: Exported) -> str:
    """Return what came of an export, with the difference that was measured."""
    sentence = (
        f"Written, loaded again and compared on {exported.digits:,} images"
        f" ({exported.digits_from}): the largest difference is"
        f" {exported.largest_difference:.1e}."
    )
    if exported.accuracy is None or exported.exported_accuracy is None:
        return sentence
    return (
        f"{sentence} {exported.exported_accuracy * 100:.2f} % right, before the export"
        f" {exported.accuracy * 100:.2f} %."
    )


def recipe_of(metadata: ModelMetadata) -> str:
    """Return the name of the recipe; empty where the record has none."""
    return printable(metadata.recipe.get("name"), 40)


def dataset_in_words(name: str) -> str:
    """Return what people call a data set."""
    source = DATASETS.get(name)
    return printable(name, 40) if source is None else source.title


def date_in_words(moment: str) -> str:
    """Return the local day of an ISO time, such as `4 May 2026`; empty where it is none."""
    try:
        # Python 3.10 does not read a Z; Keras puts an @ between day and time.
        day = datetime.fromisoformat(moment.replace("Z", "+00:00").replace("@", "T"))
    except ValueError:
        return ""
    try:
        day = day.astimezone() if day.tzinfo else day.replace(tzinfo=timezone.utc)
    except (OverflowError, OSError, ValueError):
        return ""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def size_in_words(size_bytes: int) -> str:
    """Return a size such as `1.2 MB`."""
    if size_bytes < 1000:
        return f"{size_bytes} bytes"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1000:.0f} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def _input(summary: ModelSummary) -> str:
    shape = " × ".join(map(str, summary.input_shape))
    form = summary.input_format
    return f"{shape}, {'unknown pixels' if form is None else pixels_in_words(form)}"


def _classes(names: tuple[str, ...]) -> str:
    if names == tuple("0123456789"):
        return "the digits 0 to 9"
    shown = ", ".join(names[:_SHOWN_CLASSES])
    return f"{len(names)} classes: {shown}{', …' if len(names) > _SHOWN_CLASSES else ''}"


def _accuracies(record: ModelMetadata) -> str:
    shares = ((record.test_accuracy, "test"), (record.validation_accuracy, "held-out"))
    return ", ".join(f"{share * 100:.2f} % {part}" for share, part in shares if share is not None)


def _versions(summary: ModelSummary) -> str:
    versions = {"keras": summary.keras_version, **summary.metadata.versions}
    return ", ".join(f"{name} {version}" for name, version in versions.items() if version)[:120]
