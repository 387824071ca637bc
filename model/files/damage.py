"""What a damaged archive or packed file is, for every reader."""

import gzip
import lzma
import struct
import zipfile
import zlib

DAMAGE = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What Python's readers of zip and gzip raise on damaged files, apart from OSError.

The struct, text and number errors come from headers that lie, KeyError from members that the list
has and the archive lacks, RuntimeError from encrypted members. `gzip.BadGzipFile` is an OSError, so
that a reader catches `DAMAGE` first.
"""
