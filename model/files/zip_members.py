"""Members of zip archives, read with a bound on what they unpack to."""

import io
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from model.errors import DatasetError, DigitpadError
from model.files.damage import DAMAGE
from model.files.regular_files import open_regular_raw

PIECE_BYTES = 1 << 20

MAX_DIRECTORY_BYTES = 1 << 20
"""A longer list of members is not read: millions of them would take minutes and gigabytes."""


def read_members(
    path: Path,
    names: Collection[str],
    *,
    max_bytes: int,
    error_type: type[DigitpadError] = DatasetError,
) -> dict[str, bytes]:
    """Read those of the named members that a zip archive has.

    Args:
        path: The archive.
        names: Members to read; others are left alone, whatever their size.
        max_bytes: Largest size of the members together, unpacked.
        error_type: What is raised.

    Raises:
        DigitpadError: An `error_type`, if the archive can't be read, is damaged, or a member is too
            large.
    """
    with _opened(path, error_type) as (file, archive):
        file.limit = 2 * max_bytes  # what can't be compressed becomes a little larger
        members = [member for member in archive.infolist() if member.filename in names]
        # The reader stops at these sizes, so a member that unpacks to more can't fill the memory.
        unpacked = sum(member.file_size for member in members)
        if unpacked > max_bytes:
            raise error_type(
                f"What is read of {path.name} would unpack to {unpacked / 1e6:,.0f} MB; at most"
                f" {max_bytes / 1e6:,.0f} MB are read."
            )
        return {member.filename: _unpacked(archive, member) for member in members}


def member_starts(
    path: Path,
    names: Collection[str],
    *,
    length: int,
    error_type: type[DigitpadError] = DatasetError,
) -> dict[str, tuple[bytes, int]]:
    """Read the beginnings of those of the named members that a zip archive has.

    Returns:
        At most `length` bytes of each, and its whole size as the archive says it.

    Raises:
        DigitpadError: An `error_type`, if the archive can't be read or is damaged.
    """
    with _opened(path, error_type) as (_, archive):
        members = [member for member in archive.infolist() if member.filename in names]
        return {
            member.filename: (_unpacked(archive, member, length), member.file_size)
            for member in members
        }


def member_names(path: Path, *, error_type: type[DigitpadError] = DatasetError) -> list[str]:
    """Return the names of a zip archive's members.

    Raises:
        DigitpadError: An `error_type`, if the archive can't be read or is damaged.
    """
    with _opened(path, error_type) as (_, archive):
        return archive.namelist()


@contextmanager
def _opened(
    path: Path, error_type: type[DigitpadError]
) -> Iterator[tuple["_BoundedReader", zipfile.ZipFile]]:
    try:
        with (
            open_regular_raw(path) as raw,
            _BoundedReader(raw) as file,
            zipfile.ZipFile(file) as archive,
        ):
            yield file, archive
    except DAMAGE as error:
        raise error_type(
            f"{path.name} is cut short, damaged or locked; save or fetch it again.",
            detail=str(error),
        ) from error
    except OSError as error:
        raise error_type(
            f"{path.name} can't be read: {error.strerror or error}.", detail=str(error)
        ) from error


class _BoundedReader(io.BufferedReader):
    """A file that refuses to read more than a limit at once; a damaged archive may ask for all."""

    limit = MAX_DIRECTORY_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        is_bounded = size is not None and 0 <= size <= self.limit
        data = super().read(size if is_bounded else self.limit + 1)
        if len(data) > self.limit:
            raise zipfile.BadZipFile(f"more than {self.limit:,} bytes in one piece")
        return data


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, longest: int = -1) -> bytes:
    """Unpack a member, but no more bytes than its header names, unlike `ZipFile.read`."""
    left = member.file_size if longest < 0 else min(longest, member.file_size)
    whole = io.BytesIO()
    with archive.open(member) as file:
        # `ZipExtFile.read` of all at once copies what it has for each piece.
        while piece := file.read(min(left, PIECE_BYTES)):
            whole.write(piece)
            left -= len(piece)
    return whole.getvalue()
