"""Opening ordinary files and nothing else.

Reading a pipe may wait for ever, and a device such as `/dev/zero` never ends. So every file that a
user names, or that lies in a folder, is opened here.
"""

import errno
import io
import os
import stat
import sys
from pathlib import Path


class OddFileError(OSError):
    """The path is no ordinary file, or the file is too large; `strerror` says which."""


def open_regular(path: Path, *, max_bytes: int = sys.maxsize) -> io.BufferedReader:
    """Open an ordinary file for reading bytes.

    Args:
        path: The file; a link is followed.
        max_bytes: Its largest size.

    Raises:
        OddFileError: If it is a pipe, a socket, a device or too large.
        OSError: If it can't be opened; a folder raises `IsADirectoryError`.
    """
    return io.BufferedReader(open_regular_raw(path, max_bytes=max_bytes))


def open_regular_raw(path: Path, *, max_bytes: int = sys.maxsize) -> io.FileIO:
    """Open an ordinary file without a buffer; see `open_regular`."""
    # Looked at first, because opening a pipe waits for a writer that may never come.
    _check(path.stat(), path, max_bytes)
    # If it has become a pipe since, this does not wait either.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = io.FileIO(os.open(path, flags), "rb")
    try:
        _check(os.fstat(file.fileno()), path, max_bytes)
    except OSError:
        file.close()
        raise
    return file


def read_regular(path: Path, *, max_bytes: int) -> bytes:
    """Return an ordinary file's bytes.

    Raises:
        OddFileError: If it is a pipe, a socket, a device, or has more than `max_bytes`.
        OSError: If it can't be read.
    """
    with open_regular(path, max_bytes=max_bytes) as file:
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:  # it has grown meanwhile
        raise _too_large(path, max_bytes)
    return data


def _check(status: os.stat_result, path: Path, max_bytes: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    if not stat.S_ISREG(status.st_mode):
        raise OddFileError(errno.EINVAL, "it is not an ordinary file", str(path))
    if status.st_size > max_bytes:
        raise _too_large(path, max_bytes)


def _too_large(path: Path, max_bytes: int) -> OddFileError:
    size = f"{max_bytes >> 20:,} MiB" if max_bytes >= 1 << 20 else f"{max_bytes:,} bytes"
    return OddFileError(errno.EFBIG, f"it is larger than {size}", str(path))
