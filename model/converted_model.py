"""The converted copy of a network: a LiteRT file, and the record beside it."""

import hashlib
from pathlib import Path

import msgspec

from model.errors import ModelFileError
from model.files.regular_files import read_regular
from model.metadata import ModelMetadata, check_metadata, printable_metadata

MAX_LITERT_BYTES = 640 << 20
MAX_RECORD_BYTES = 8 << 20


class ConvertedModel(msgspec.Struct, frozen=True, kw_only=True):
    """The record beside a LiteRT file, as JSON: its origin and metadata.

    Attributes:
        source_sha256: Hash of the `.keras` or `.h5` file it was made from.
        litert_sha256: Hash of the LiteRT file, checked before the runtime reads it: a damaged
            file can crash the runtime.
        metadata: The model's own record.
    """

    source_sha256: str
    litert_sha256: str
    metadata: ModelMetadata

    @classmethod
    def of(
        cls, litert: bytes, metadata: ModelMetadata, *, source_sha256: str = ""
    ) -> "ConvertedModel":
        """Return the record of a LiteRT file's bytes."""
        return cls(
            source_sha256=source_sha256,
            litert_sha256=hashlib.sha256(litert).hexdigest(),
            metadata=metadata,
        )


def read_converted_model(litert_file: Path) -> tuple[bytes, ConvertedModel]:
    """Read a LiteRT file and the record `NAME.json` beside it, from any source.

    Raises:
        ModelFileError: If either is missing or damaged, or the record's values are impossible.
    """
    record_file = litert_file.with_suffix(".json")
    try:
        litert = read_regular(litert_file, max_bytes=MAX_LITERT_BYTES)
        record = msgspec.json.decode(
            read_regular(record_file, max_bytes=MAX_RECORD_BYTES), type=ConvertedModel
        )
    except OSError as error:
        if isinstance(error, FileNotFoundError) and litert_file.is_file():
            raise ModelFileError(
                f"The LiteRT file {litert_file.name} has no record {record_file.name} beside it,"
                " which says what its answers mean; open the .keras file that it was made from, or"
                " install Digitpad again.",
                detail=str(error),
            ) from error
        raise ModelFileError(
            f"The network {litert_file.name} can't be read: {error.strerror}."
            " Install Digitpad again, or open another model.",
            detail=str(error),
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelFileError(
            f"The record {record_file.name} is damaged."
            " Install Digitpad again, or open another model.",
            detail=str(error),
        ) from error
    check_metadata(record.metadata)
    metadata = printable_metadata(record.metadata)
    return litert, msgspec.structs.replace(record, metadata=metadata)


def check_converted_model(litert: bytes, copy: ConvertedModel) -> None:
    """Check that a LiteRT file's bytes have the hash in its record.

    Raises:
        ModelFileError: If they are not.
    """
    if hashlib.sha256(litert).hexdigest() != copy.litert_sha256:
        raise ModelFileError("The converted network is damaged; open the model file again.")
