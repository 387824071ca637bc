"""Text in files, as other programs write it."""

import codecs


def without_bom(data: bytes) -> bytes:
    """Return UTF-8 text without the byte order mark that some programs put before it."""
    return data.removeprefix(codecs.BOM_UTF8)
