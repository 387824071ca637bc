"""Members of zip archives, read with a bound on what they unpack to."""

import lzma
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path

from model.errors import DatasetError

# What the zip reader raises on damaged archives, apart from OSError: the struct, text and number
# errors come from headers that lie, RuntimeError from members under a password.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    ValueError,
    OverflowError,
    RuntimeError,
)


def read_members(path: Path, names: Collection[str], *, max_bytes: int) -> dict[str, bytes]:
    """Read those of the named members that a zip archive has.

    Args:
        path: The archive.
        names: Members to read; others are left alone, whatever their size.
        max_bytes: The most that any of them may unpack to.

    Raises:
        DatasetError: If the archive can't be read, is damaged, or a member is too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return {
                member.filename: _read_member(archive, member, max_bytes)
                for member in archive.infolist()
                if member.filename in names
            }
    except _DAMAGE as error:
        raise DatasetError(
            f"{path.name} is cut short, damaged or locked; save or fetch it again.",
            detail=str(error),
        ) from error
    except OSError as error:
        raise DatasetError(
            f"{path.name} can't be read: {error.strerror or error}.", detail=str(error)
        ) from error


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, max_bytes: int) -> bytes:
    # The reader stops at this size, so a member that unpacks to more can't fill the memory.
    if member.file_size > max_bytes:
        raise DatasetError(
            f"{member.filename} would unpack to {member.file_size / 1e9:.1f} GB; at most"
            f" {max_bytes / 1e9:.1f} GB are read."
        )
    return archive.read(member)
