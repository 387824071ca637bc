"""Model files on disk: their hash, their own record, and the converted model in the cache.

Nothing here imports Keras, and nothing in a file is executed.
"""

import hashlib
import zipfile
from pathlib import Path

import msgspec

from model.converted_model import ConvertedModel
from model.errors import ModelFileError, system_reason
from model.files.atomic_file import atomic_path, write_atomically
from model.files.paths import cache_folder
from model.files.regular_files import open_regular, read_regular
from model.files.zip_members import read_members
from model.metadata import MEMBER_NAME, ModelMetadata, decode_metadata, encode_metadata

MAX_FILE_BYTES = 512 << 20
"""A larger file is no model that Digitpad opens."""

MAX_METADATA_BYTES = 4 << 20
_CHUNK_BYTES = 1 << 20


def file_sha256(path: Path) -> str:
    """Return the hash of a file's bytes as 64 hexadecimal digits.

    Raises:
        ModelFileError: If it can't be read or is larger than `MAX_FILE_BYTES`.
    """
    digest = hashlib.sha256()
    try:
        with open_regular(path, max_bytes=MAX_FILE_BYTES) as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        raise ModelFileError(
            f"{path.name} can't be read: {system_reason(error)}.", detail=str(error)
        ) from error
    return digest.hexdigest()


def read_metadata(path: Path) -> ModelMetadata:
    """Read the record in a `.keras` file.

    Returns:
        Its record; the defaults if it has none, as files of plain Keras have.

    Raises:
        ModelFileError: If the file is no archive, or the record is damaged or too large.
    """
    members = read_members(
        path, [MEMBER_NAME], max_bytes=MAX_METADATA_BYTES, error_type=ModelFileError
    )
    return decode_metadata(members[MEMBER_NAME]) if members else ModelMetadata()


def add_metadata(path: Path, metadata: ModelMetadata) -> None:
    """Put a record into a `.keras` file, in place of the one it has, whole or not at all.

    Args:
        path: An archive that Keras has written.
        metadata: The record to write into it.

    Raises:
        OSError: If the folder can't be written, or the disk is full.
    """
    with (
        atomic_path(path) as temporary,
        zipfile.ZipFile(path) as old,
        zipfile.ZipFile(temporary, "w") as new,
    ):
        for member in old.infolist():
            if member.filename != MEMBER_NAME:
                new.writestr(member, old.read(member))
        new.writestr(MEMBER_NAME, encode_metadata(metadata))


def converted_model_path(sha256: str) -> Path:
    """Where the LiteRT copy of the model file with that hash is kept."""
    return cache_folder() / "converted" / f"{sha256}.tflite"


def store_converted_model(model_file: Path, litert: bytes, metadata: ModelMetadata) -> Path:
    """Keep the LiteRT copy of a model file in the cache, with the record beside it.

    Returns:
        The LiteRT file.

    Raises:
        ModelFileError: If the model file can't be read.
        OSError: If the cache can't be written.
    """
    sha256 = file_sha256(model_file)
    target = converted_model_path(sha256)
    write_converted_model(target, litert, metadata, source_sha256=sha256)
    return target


def write_converted_model(
    litert_file: Path, litert: bytes, metadata: ModelMetadata, *, source_sha256: str
) -> None:
    """Write a LiteRT file and the record `NAME.json` beside it.

    Raises:
        OSError: If the folder can't be written.
    """
    record = ConvertedModel.of(litert, metadata, source_sha256=source_sha256)
    write_atomically(litert_file, litert)
    # The record comes last: if it is missing or of another hash, the copy is not used.
    write_atomically(
        litert_file.with_suffix(".json"), msgspec.json.format(msgspec.json.encode(record), indent=1)
    )


def converted_model_of(sha256: str) -> Path | None:
    """Return the LiteRT copy kept for the model file with that hash; None if there is none."""
    litert_file = converted_model_path(sha256)
    try:
        record = msgspec.json.decode(
            read_regular(litert_file.with_suffix(".json"), max_bytes=MAX_METADATA_BYTES),
            type=ConvertedModel,
        )
        is_whole = file_sha256(litert_file) == record.litert_sha256
    except (OSError, ModelFileError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return litert_file if is_whole else None
