"""Keeping model files: a copy elsewhere, another name. No Qt."""

import hashlib
import os
from pathlib import Path

from model.errors import ModelFileError
from model.files.atomic_file import atomic_path
from model.metadata import MEMBER_NAME, ModelMetadata
from model.model_files.inspection import read_model_bytes
from model.model_files.model_file import add_metadata, read_metadata

MAX_NAME_LENGTH = 100

_FORBIDDEN = set('/\\<>:"|?*')
"""What some system does not allow in a name; a file should survive a move to another one."""


def save_copy(source: Path, target: Path, *, sha256: str, metadata: ModelMetadata) -> None:
    """Copy a model file, whole or not at all; an archive without a record gets one.

    Args:
        source: The file.
        target: The copy; a file that is there is replaced.
        sha256: What the file must be: its name may have been taken by another one since.
        metadata: The record, which Keras ignores.

    Raises:
        ModelFileError: If the file is gone or is another one now, or the suffix is not its own.
        OSError: If the copy can't be written.
    """
    if target.suffix.lower() != source.suffix.lower():
        raise ModelFileError(f"This model is kept as {source.suffix}; give the copy that ending.")
    data = read_model_bytes(source)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ModelFileError(f"{source.name} has changed since it was opened; open it again.")
    with atomic_path(target) as temporary:
        temporary.write_bytes(data)
        if source.suffix.lower() == ".keras" and MEMBER_NAME.encode() not in data:
            add_metadata(temporary, metadata)
            read_metadata(temporary)  # What can't be read again is not kept.


def renamed(path: Path, name: str) -> Path:
    """Give a model file another name, without touching a file that has it already.

    Args:
        path: The file.
        name: The new name, without its suffix.

    Returns:
        The new path.

    Raises:
        ModelFileError: If the name is impossible or taken, or the file is gone.
    """
    name = name.strip()
    if not name or name.startswith(".") or len(name) > MAX_NAME_LENGTH or not name.isprintable():
        raise ModelFileError("A model's name needs 1 to 100 letters, and no dot as its first.")
    if _FORBIDDEN & set(name):
        raise ModelFileError(f"A model's name can't hold any of {' '.join(sorted(_FORBIDDEN))}.")
    target = path.with_name(f"{name}{path.suffix}")
    if target == path:
        return path
    try:
        _move(path, target)
    except FileExistsError as error:
        raise ModelFileError(f"There is a model {name} already; choose another name.") from error
    except FileNotFoundError as error:
        raise ModelFileError(f"{path.name} is gone; another program has moved it.") from error
    except OSError as error:
        raise ModelFileError(
            f"{path.name} can't be renamed: {error.strerror}.", detail=str(error)
        ) from error
    return target


def _move(path: Path, target: Path) -> None:
    """Rename, but never over another file, not even over one that comes at this very moment."""
    if os.name == "nt":
        path.rename(target)  # refuses by itself
        return
    try:
        target.hardlink_to(path)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:  # A file system without hard links.
        if target.exists():
            raise FileExistsError(str(target)) from None
        path.rename(target)
    else:
        path.unlink()
