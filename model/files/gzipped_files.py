"""Files that may be gzipped, whatever their names say.

A browser may unpack a download and keep the ending `.gz`, or the other way round.
"""

import gzip
import io
from typing import BinaryIO

GZIP_MAGIC = b"\x1f\x8b"
"""The first bytes of a gzipped file."""


def unpacked(file: io.BufferedReader) -> BinaryIO | gzip.GzipFile:
    """Return a reader of what a file holds, unpacked if it is gzipped; not yet read from."""
    return gzip.GzipFile(fileobj=file) if file.peek(2)[:2] == GZIP_MAGIC else file


def unpacked_bytes(data: bytes) -> BinaryIO | gzip.GzipFile:
    """Return a reader of a file that is in memory already; see `unpacked`."""
    file = io.BytesIO(data)
    return gzip.GzipFile(fileobj=file) if data.startswith(GZIP_MAGIC) else file
