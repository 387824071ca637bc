"""Text in files and names, as others write it."""

import codecs


def without_bom(data: bytes) -> bytes:
    """Return UTF-8 text without the byte order mark that some programs put before it."""
    return data.removeprefix(codecs.BOM_UTF8)


def visible(text: str) -> str:
    """Return a text for a terminal: one line, with control and bidirectional characters escaped.

    A file's name may hold what a terminal would obey, or what makes one answer look like two.
    """
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)
