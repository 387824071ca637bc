"""Members of zip archives, read with a bound on what they unpack to."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path

from model.errors import DatasetError, DigitpadError

MAX_DIRECTORY_BYTES = 1 << 20
"""A longer list of members is not read: millions of them would take minutes and gigabytes."""

DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What Python's zip reader raises on damaged archives, apart from OSError.

The struct, text and number errors come from headers that lie, RuntimeError from encrypted members.
"""


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
        max_bytes: Largest size of a member, unpacked.
        error_type: What is raised.

    Raises:
        DigitpadError: An `error_type`, if the archive can't be read, is damaged, or a member is too
            large.
    """
    try:
        with (
            path.open("rb", buffering=0) as raw,
            _BoundedReader(raw) as file,
            zipfile.ZipFile(file) as archive,
        ):
            file.limit = 2 * max_bytes  # compressed, what can't be is a little larger
            members = [member for member in archive.infolist() if member.filename in names]
            for member in members:
                # The reader stops at this size, so a member that unpacks to more can't fill the
                # memory.
                if member.file_size > max_bytes:
                    raise error_type(
                        f"{member.filename} in {path.name} would unpack to"
                        f" {member.file_size / 1e6:,.0f} MB; at most {max_bytes / 1e6:,.0f} MB are"
                        " read."
                    )
            return {member.filename: _unpacked(archive, member) for member in members}
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
    """A file that refuses to read more than a limit at once; the reader of zips asks for all."""

    limit = MAX_DIRECTORY_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        is_bounded = size is not None and 0 <= size <= self.limit
        data = super().read(size if is_bounded else self.limit + 1)
        if len(data) > self.limit:
            raise zipfile.BadZipFile(f"more than {self.limit:,} bytes in one piece")
        return data


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Unpack a member; unlike `ZipFile.read`, no more of it than its header says."""
    with archive.open(member) as file:
        return file.read(member.file_size)
