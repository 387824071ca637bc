"""Unpacking `.Z` files, the output of Unix `compress`, which Python's library does not read.

Codes of 9 to at most 16 bits, least significant bit first, name entries of a table that grows by
one with each code (T. A. Welch, "A technique for high-performance data compression", Computer
17(6), 1984).
`compress` writes codes in groups of eight and pads the group whenever the width changes.
"""

from model.errors import DatasetError

MAGIC = b"\x1f\x9d"
FIRST_WIDTH = 9
LAST_WIDTH = 16
CLEAR_CODE = 256
"""The code that empties the table, if the header allows one."""

_BYTES = [bytes([value]) for value in range(256)]


def unpack_z(packed: bytes, *, max_bytes: int, name: str) -> bytes:
    """Unpack the bytes of a `.Z` file.

    Args:
        packed: The whole file.
        max_bytes: The most that it may unpack to.
        name: Names the file in messages.

    Raises:
        DatasetError: If it is not such a file, is damaged, or unpacks to more.
    """
    if len(packed) < 3 or packed[:2] != MAGIC:
        raise DatasetError(f"{name} is not a .Z file.")
    last_width, has_clear = packed[2] & 0x1F, bool(packed[2] & 0x80)
    # `compress` itself can't read what `compress -b 9` writes.
    if not FIRST_WIDTH < last_width <= LAST_WIDTH:
        raise DatasetError(f"{name} is not a .Z file.", detail=f"codes of {last_width} bits")
    table = _Table(last_width, has_clear=has_clear)
    unpacked = bytearray()
    position = 3
    while position < len(packed):
        group = packed[position : position + table.width]
        position += table.width
        for text in table.texts(group, name):
            unpacked += text
            # Checked at each text, because one text can be as long as all before it.
            if len(unpacked) > max_bytes:
                raise DatasetError(f"{name} unpacks to more than {max_bytes:,} bytes.")
    return bytes(unpacked)


class _Table:
    """What the codes mean so far.

    Attributes:
        width: Bits in a code, which are also the bytes in a group of eight codes.
    """

    def __init__(self, last_width: int, *, has_clear: bool) -> None:
        self._last_width = last_width
        self._has_clear = has_clear
        self._clear()

    def _clear(self) -> None:
        # The code that clears has no text of its own.
        self._texts = [*_BYTES, b""] if self._has_clear else list(_BYTES)
        self._previous = b""
        self.width = FIRST_WIDTH

    def texts(self, group: bytes, name: str) -> list[bytes]:
        """Read a group's codes until the width changes; the rest of the group is padding."""
        bits = int.from_bytes(group, "little")
        width = self.width
        texts = []
        for _ in range(len(group) * 8 // width):
            code = bits & ((1 << width) - 1)
            bits >>= width
            if code == CLEAR_CODE and self._has_clear:
                self._clear()
                break
            texts.append(self._learn(code, name))
            if len(self._texts) == 1 << width and width < self._last_width:
                self.width += 1
                break
        return texts

    def _learn(self, code: int, name: str) -> bytes:
        """Return a code's text, and add the text before with its first byte to the table."""
        previous = self._previous
        if code < len(self._texts):
            text = self._texts[code]
        elif code == len(self._texts) and previous:
            # This code names the entry that it adds: the text before, and its first byte again.
            text = previous + previous[:1]
        else:
            raise DatasetError(f"{name} is damaged; fetch it again.", detail=f"code {code}")
        if previous and len(self._texts) < 1 << self._last_width:
            self._texts.append(previous + text[:1])
        self._previous = text
        return text
