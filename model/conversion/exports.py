"""A network in other formats: LiteRT, ONNX, SavedModel, each checked by its own runtime.

An export is written to a temporary path, loaded by the runtime that is meant to use it, and
compared with Keras on real images. Only then does it replace the target; a wrong one is removed.
"""

import shutil
from pathlib import Path

import keras
import numpy as np

from model.conversion.converters import CONVERTERS, Probabilities
from model.conversion.importing import batches, keras_probabilities
from model.conversion.litert import TOLERANCE, quiet_exporter
from model.conversion.rebuild import built_network
from model.conversion.tensorflow_errors import tensorflow_errors_told
from model.data.comparison_images import ComparisonImages, comparison_images
from model.errors import ModelFileError
from model.exporting.order import (
    TEMPORARY_PREFIX,
    ExportOrder,
    checked_metadata,
    neighbours,
    readme_path,
)
from model.exporting.readme import export_readme
from model.files.temporary_folders import naming_folder, temporary_folder
from model.metadata import ModelMetadata
from model.model_files.inspection import InspectedModel
from model.progress import ReportProgress
from model.task_events import Exported

COMPARED = 1_000
"""Images for comparing exact formats."""
COMPARED_QUANTIZED = 10_000
"""Images for measuring a quantized network; fewer would hide a loss of 0.1 points."""
TYPICAL = 500
MOST_LOST = 0.005
"""A quantized network that loses more accuracy than this is wrong."""


def export_model(inspected: InspectedModel, order: ExportOrder, report: ReportProgress) -> Exported:
    """Write a network in another format, and verify that it gives the same answers.

    Args:
        inspected: The model file's contents.
        order: What to write.
        report: Gets the activity and the fraction that is done.

    Raises:
        ModelFileError: If the order can't be carried out, or the export answers differently;
            then it is removed, and the target is as it was.
        FolderError: If the place can't be written.
    """
    with tensorflow_errors_told():
        return _exported(inspected, order, report)


def _exported(inspected: InspectedModel, order: ExportOrder, report: ReportProgress) -> Exported:
    metadata = checked_metadata(inspected.summary, order)
    is_quantized = order.quantization == "int8"
    report("Reading images to compare on", 0.1)
    images = comparison_images(
        metadata.dataset,
        COMPARED_QUANTIZED if is_quantized else COMPARED,
        typical=TYPICAL if is_quantized else 0,
        folder=order.data_folder,
    )
    report("Building the network", 0.2)
    model = built_network(inspected).model
    order.out.parent.mkdir(parents=True, exist_ok=True)
    with (
        naming_folder(order.out.parent),
        temporary_folder(order.out.parent, TEMPORARY_PREFIX) as folder,
    ):
        written = folder / order.out.name
        report("Exporting", 0.3)
        _write(model, written, metadata, images, order, inspected.summary.sha256)
        report("Comparing on real images", 0.6)
        result = _compared(model, written, metadata, images, order)
        if order.has_readme:
            written.with_name(Path(result.readme).name).write_text(
                export_readme(result, metadata, inspected.summary), encoding="utf-8"
            )
        _move(written, order)
    return result


def _write(
    model: keras.Model,
    path: Path,
    metadata: ModelMetadata,
    images: ComparisonImages,
    order: ExportOrder,
    source_sha256: str,
) -> None:
    try:
        with quiet_exporter():
            CONVERTERS[order.target].write(
                model,
                path,
                metadata,
                images,
                is_quantized=order.quantization == "int8",
                source_sha256=source_sha256,
            )
    except (RuntimeError, ValueError, TypeError, AttributeError) as error:
        raise ModelFileError(
            "The network can't be exported to this format.",
            detail=f"{type(error).__name__}: {error}",
        ) from error


def _compared(
    model: keras.Model,
    written: Path,
    metadata: ModelMetadata,
    images: ComparisonImages,
    order: ExportOrder,
) -> Exported:
    """Load the export by its own runtime and compare it with Keras.

    Raises:
        ModelFileError: If its answers differ.
    """
    answers = CONVERTERS[order.target].load(written, metadata)
    ours, theirs = [], []
    for inks in batches(images.inks):
        ours.append(keras_probabilities(model, inks, metadata))
        # Without ink the answer does not come from the network.
        has_ink = np.asarray(inks.any(axis=(1, 2)))
        theirs.append(np.where(has_ink[:, np.newaxis], answers(inks), ours[-1]))
    exact, exported = np.concatenate(ours), np.concatenate(theirs)
    result = Exported(
        file=str(order.out),
        readme=str(readme_path(order)) if order.has_readme else "",
        target=order.target,
        quantization=order.quantization,
        size_bytes=_size(written),
        digits=len(exact),
        digits_from=images.title,
        largest_difference=float(np.abs(exact - exported).max()),
        accuracy=_accuracy(exact, images, metadata),
        exported_accuracy=_accuracy(exported, images, metadata),
    )
    _check_result(result, float((exact.argmax(axis=1) == exported.argmax(axis=1)).mean()))
    return result


def _check_result(result: Exported, agreement: float) -> None:
    if result.quantization == "none":
        # Written so that NaN, which compares as false, is refused.
        if not result.largest_difference <= TOLERANCE:
            raise ModelFileError(
                f"The export differs from the network by {result.largest_difference:.1e}; it was"
                " deleted."
            )
        return
    lost = (result.accuracy or 0.0) - (result.exported_accuracy or 0.0)
    if not (lost <= MOST_LOST and agreement >= 1 - 4 * MOST_LOST):
        raise ModelFileError(
            f"The quantised network agrees with the exact one on only {agreement:.1%} of the"
            " images; it was deleted."
        )


def _accuracy(
    probabilities: Probabilities, images: ComparisonImages, metadata: ModelMetadata
) -> float | None:
    if metadata.class_names != images.class_names:
        return None
    return float((probabilities.argmax(axis=1) == images.labels).mean())


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def _move(written: Path, order: ExportOrder) -> None:
    """Move everything that was written to the target, or nothing."""
    before = written.with_name("replaced.before")  # an export's own name has no such suffix
    before.mkdir()
    moved: list[Path] = []
    try:
        for target in (*neighbours(order), order.out):
            source = written.with_name(target.name)
            if source.exists() or target == order.out:
                _set_aside(target, before / target.name)
                moved.append(target)
                source.replace(target)
    except OSError:
        for target in moved:
            _put_back(before / target.name, target)
        raise
    shutil.rmtree(before)


def _set_aside(target: Path, kept: Path) -> None:
    if target.is_dir():
        target.replace(kept)
    elif target.exists():
        shutil.copy2(target, kept)  # the old one stays until the new one replaces it


def _put_back(kept: Path, target: Path) -> None:
    if kept.exists():
        kept.replace(target)
    else:
        target.unlink(missing_ok=True)
