"""A `data:` address, as browsers drop and paste it: the picture itself, written as text."""

import base64
import binascii
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData, QUrl

from model.errors import PictureError

MAX_ADDRESS_LENGTH = 96 << 20
"""Longer addresses are refused."""


def is_data_address(address: str) -> bool:
    """Whether an address holds its data itself."""
    return address[:5].lower() == "data:"


def data_of_address(address: str) -> bytes:
    """Return what a `data:` address holds (RFC 2397).

    Raises:
        PictureError: If it is too long or can't be decoded.
    """
    if len(address) > MAX_ADDRESS_LENGTH:
        raise PictureError("The picture in this address is too large; save it as a file first.")
    header, comma, body = address.partition(",")
    try:
        data = unquote_to_bytes(body)
        if header.lower().endswith(";base64"):
            data = base64.b64decode(b"".join(data.split()), validate=True)
    except binascii.Error as error:
        raise PictureError(
            "The picture in this address is damaged; save it as a file first.", detail=str(error)
        ) from error
    if not comma or not data:
        raise PictureError("This address holds no picture; save the picture as a file first.")
    return data


def addresses_in(mime: QMimeData) -> list[QUrl]:
    """Return the addresses that were dropped or pasted; a picture's own may come as text."""
    if mime.hasUrls():
        return mime.urls()
    text = mime.text() if mime.hasText() and not mime.hasImage() else ""
    return [QUrl(text)] if is_data_address(text) else []
