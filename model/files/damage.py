"""The errors that damaged archives and packed files cause, for every reader."""

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
"""Errors of Python's readers of zip and gzip on damaged files, apart from OSError.

Wrong headers cause the errors of structs, texts and numbers. A listed member that is missing causes
KeyError, an encrypted one RuntimeError. `gzip.BadGzipFile` is an OSError: a reader must catch
`DAMAGE` before OSError.
"""
