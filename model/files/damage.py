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

Wrong headers cause the errors of structs, texts and numbers. A listed member that is missing causes
KeyError, an encrypted one RuntimeError. `gzip.BadGzipFile` is an OSError: a reader must catch
`DAMAGE` before OSError.
"""
