"""Looking into a model file without running any of it.

Keras, TensorFlow and the file's own code take no part: the archive is read within bounds, the
configuration becomes a plan of known layers, and the weights must fit the plan. What comes out
is all that the child process builds the network from; it never opens the file with Keras.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from model.errors import ModelFileError, system_reason
from model.files.regular_files import read_regular
from model.metadata import MEMBER_NAME, decode_metadata, printable, printable_metadata
from model.model_files.archive import MAGIC as ARCHIVE_MAGIC
from model.model_files.archive import Archive
from model.model_files.config_json import MAX_CONFIG_BYTES, Json, decode_config
from model.model_files.foreign_files import what_archive_it_is, what_it_is
from model.model_files.hdf5_reading import MAGIC as HDF5_MAGIC
from model.model_files.hdf5_reading import longest_text, open_hdf5, read_text
from model.model_files.network_plan import NetworkPlan, plan_from_config
from model.model_files.stored_weights import (
    LayerWeights,
    weights_from_archive,
    weights_from_old_file,
)
from model.model_files.summary import (
    FileContents,
    ModelSummary,
    summarize,
)

MAX_FILE_BYTES = 512 << 20


@dataclass(frozen=True, eq=False)
class InspectedModel:
    """A model file's contents: all that is needed to build its network.

    Attributes:
        summary: For people.
        plan: The network.
        weights: Each layer's, float32, in the plan's order.
    """

    summary: ModelSummary
    plan: NetworkPlan
    weights: tuple[LayerWeights, ...]


def inspect_model_file(path: Path) -> ModelSummary:
    """Say what a model file holds.

    Args:
        path: A `.keras` archive, or an `.h5` file of an older Keras.

    Raises:
        ModelFileError: If it is no model file, is damaged, or names anything that is not a known
            layer.
    """
    return read_model(read_model_bytes(path), path.name).summary


def read_model_bytes(path: Path) -> bytes:
    """Read a whole file once, so that what was inspected is what gets loaded.

    Raises:
        ModelFileError: If it is no ordinary file, empty, too large, or can't be read.
    """
    try:
        data = read_regular(path, max_bytes=MAX_FILE_BYTES)
    except IsADirectoryError as error:
        raise ModelFileError(
            f"{path.name} is a folder; choose a .keras file. A SavedModel can't be opened."
        ) from error
    except (OSError, ValueError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else "its name is not valid"
        raise ModelFileError(f"{path.name} can't be read: {reason}.", detail=str(error)) from error
    if not data:
        raise ModelFileError(f"{path.name} is empty; get it again from where it came from.")
    return data


def read_model(data: bytes, file_name: str) -> InspectedModel:
    """Read the contents of a model file.

    Args:
        data: The whole file.
        file_name: For the summary.

    Raises:
        ModelFileError: If it is no model file, is damaged, or names anything that is not a known
            layer.
    """
    try:
        if other := what_archive_it_is(data):
            raise ModelFileError(other)
        if data.startswith(ARCHIVE_MAGIC):
            contents = _from_archive(data)
        elif data.startswith(HDF5_MAGIC):
            contents = _from_hdf5(data)
        else:
            raise ModelFileError(what_it_is(data))
    except (MemoryError, RecursionError) as error:
        raise ModelFileError(
            "The file is refused: reading it would take too much memory."
        ) from error
    return InspectedModel(summarize(contents, data, file_name), contents.plan, contents.weights)


def _from_archive(data: bytes) -> FileContents:
    with Archive(data) as archive:
        config = decode_config(archive.read("config.json", MAX_CONFIG_BYTES), "configuration")
        about: dict[str, Json] = {}
        if "metadata.json" in archive:
            about = decode_config(archive.read("metadata.json", 1 << 16), "metadata.json")
        plan = plan_from_config(config)
        metadata = None
        if MEMBER_NAME in archive:
            record = archive.read(MEMBER_NAME, 4 << 20)
            decode_config(record, MEMBER_NAME)
            metadata = printable_metadata(decode_metadata(record))
        weights = weights_from_archive(archive.read("model.weights.h5", MAX_FILE_BYTES), plan)
    return FileContents(
        file_format="keras",
        plan=plan,
        weights=weights,
        metadata=metadata,
        created=_date_saved(about.get("date_saved")),
        keras_version=printable(about.get("keras_version"), 20),
    )


def _date_saved(text: Json) -> str:
    """Return the date that Keras writes, such as 2026-01-31@12:00:00; empty for another text."""
    is_date = isinstance(text, str) and re.fullmatch(r"\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d", text)
    return str(text) if is_date else ""


def _from_hdf5(data: bytes) -> FileContents:
    with open_hdf5(data) as file:
        if "model_config" not in file.attrs:
            raise ModelFileError(
                "The file holds weights at most, not the network they belong to; save the whole"
                " model with model.save('NAME.keras')."
            )
        plan = plan_from_config(decode_config(read_text(file, "model_config"), "configuration"))
        weights = weights_from_old_file(file, plan, longest_text(data))
        version = read_text(file, "keras_version") if "keras_version" in file.attrs else ""
    return FileContents(
        file_format="hdf5",
        plan=plan,
        weights=weights,
        metadata=None,
        created="",
        keras_version=printable(version, 20),
    )
