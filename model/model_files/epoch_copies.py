"""The network after each epoch of its run, as LiteRT files in one archive in the cache.

The archive is named after the run's model file. It is optional: without it, the
model answers all the same.
"""

import contextlib
import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from model.errors import ModelFileError
from model.files.atomic_file import atomic_path
from model.files.paths import cache_folder
from model.files.zip_members import read_members

MOST_EPOCHS = 12
"""Most epochs that are kept of a run: the first, the last, and some between."""

MOST_BYTES = 64 << 20
"""All epochs of one run together."""

MOST_BYTES_OF_ALL = 512 << 20
"""All runs together; the oldest go first."""

_LIST = "epochs.json"
_MAX_LIST_BYTES = 1 << 16


class EpochCopy(msgspec.Struct, frozen=True, kw_only=True):
    """The archive's record of one epoch.

    Attributes:
        epoch: Counted from 1.
        sha256: Hash of the LiteRT file.
        accuracy: On the validation split, or on the training images without one, in [0, 1].
    """

    epoch: int
    sha256: str
    accuracy: float

    @classmethod
    def of(cls, litert: bytes, *, epoch: int, accuracy: float) -> "EpochCopy":
        """Return the record of a LiteRT file's bytes."""
        digest = hashlib.sha256(litert).hexdigest()
        return cls(epoch=epoch, sha256=digest, accuracy=accuracy)


def epoch_copies_path(model_sha256: str) -> Path:
    """Where the epochs of the run are kept that left a model file with that hash."""
    return cache_folder() / "epochs" / f"{model_sha256}.zip"


def write_epoch_copies(path: Path, copies: Sequence[tuple[EpochCopy, bytes]]) -> None:
    """Write an archive, and remove the oldest beside it if all take too much room.

    Raises:
        OSError: If the folder can't be written.
    """
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        archive.writestr(_LIST, msgspec.json.encode([copy for copy, _ in copies]))
        for copy, litert in copies:
            archive.writestr(_member(copy), litert)
    _remove_oldest(path.parent)


def read_epoch_copies(path: Path) -> tuple[EpochCopy, ...]:
    """Return which epochs an archive holds; none if there is no archive, or a damaged one."""
    try:
        members = read_members(path, [_LIST], max_bytes=_MAX_LIST_BYTES, error_type=ModelFileError)
        copies = msgspec.json.decode(members[_LIST], type=tuple[EpochCopy, ...])
    except (ModelFileError, KeyError, msgspec.DecodeError, UnicodeDecodeError):
        return ()
    return copies[:MOST_EPOCHS]


def read_epoch_litert(path: Path, copy: EpochCopy) -> bytes:
    """Return the LiteRT file of an epoch.

    Raises:
        ModelFileError: If it is gone or damaged.
    """
    name = _member(copy)
    litert = read_members(path, [name], max_bytes=MOST_BYTES, error_type=ModelFileError).get(name)
    if litert is None or hashlib.sha256(litert).hexdigest() != copy.sha256:
        raise ModelFileError(f"The network after epoch {copy.epoch} is damaged.")
    return litert


def _member(copy: EpochCopy) -> str:
    return f"{copy.epoch}.tflite"


def _remove_oldest(folder: Path) -> None:
    # Another program may remove the same ones.
    with contextlib.suppress(OSError):
        files = sorted(folder.glob("*.zip"), key=lambda file: -file.stat().st_mtime)
        total = 0
        for file in files:
            total += file.stat().st_size
            if total > MOST_BYTES_OF_ALL:
                file.unlink(missing_ok=True)
