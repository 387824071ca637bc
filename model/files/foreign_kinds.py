"""What files of other programs are called, so that a message can say what was given."""

from typing import NamedTuple

BEGINNING_BYTES = 256
"""How much of a file is looked at."""


class _Kind(NamedTuple):
    """One kind of file.

    Attributes:
        mark: What such a file begins with; letters in small.
        name: What it is called, with its article.
    """

    mark: bytes
    name: str


_BINARY = (
    _Kind(b"%pdf-", "a PDF document"),
    _Kind(b"%!ps", "a PostScript document"),
    _Kind(b"8bps", "a Photoshop picture"),
    _Kind(b"gimp xcf", "a GIMP picture"),
    _Kind(b"\x89png", "a PNG picture"),
    _Kind(b"\xff\xd8\xff", "a JPEG picture"),
    _Kind(b"gif8", "a GIF picture"),
    _Kind(b"\0\0\1\0", "a Windows icon"),
    _Kind(b"\0\0\0\x0cjp  ", "a JPEG 2000 picture"),
    _Kind(b"\0\0\0\x0cjxl ", "a JPEG XL picture"),
    _Kind(b"\xff\x0a", "a JPEG XL picture"),
    _Kind(b"pk\3\4", "a zip archive"),
    _Kind(b"7z\xbc\xaf", "a 7-Zip archive"),
    _Kind(b"rar!", "a RAR archive"),
    _Kind(b"\x1f\x8b", "a gzipped file"),
    _Kind(b"bzh", "a bzip2 file"),
    _Kind(b"\xfd7zxz", "an xz file"),
    _Kind(b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    _Kind(b"\x93numpy", "a NumPy array"),
    _Kind(b"\x89hdf", "an HDF5 file"),
    _Kind(b"sqlite format 3\0", "an SQLite database"),
    _Kind(b"\xff\xfe", "text in UTF-16"),
    _Kind(b"\xfe\xff", "text in UTF-16"),
    _Kind(b"{\0", "text in UTF-16"),
    _Kind(b"\0{", "text in UTF-16"),
)

_TEXT = (
    _Kind(b"version https://git-lfs.github.com/spec/", "a Git LFS pointer, not the file itself"),
    _Kind(b"<!doctype html", "a web page"),
    _Kind(b"<html", "a web page"),
    _Kind(b"<svg", "an SVG drawing"),
    _Kind(b"<ink", "an InkML file"),
)


def kind_of(beginning: bytes) -> str:
    """Return what a file is, such as "a PDF document"; empty if that is not known.

    Args:
        beginning: The file's first bytes; more than `BEGINNING_BYTES` are not looked at.
    """
    start = beginning[:BEGINNING_BYTES].lower()
    if start[4:8] == b"ftyp":
        return "a video, or a picture of a phone"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    for kind in _BINARY:
        if start.startswith(kind.mark):
            return kind.name
    for kind in _TEXT:
        if text.startswith(kind.mark):
            return kind.name
    if text.startswith((b"<?xml", b"<!")):
        inside = (kind.name for kind in _TEXT if kind.mark[:1] == b"<" and kind.mark in text)
        return next(inside, "an XML file")
    return ""
