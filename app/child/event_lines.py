"""Cutting a child's output into lines, whatever it prints."""

from model.protocol import MAX_LINE_BYTES


class LineFramer:
    """Joins the pieces that a pipe delivers into whole lines.

    A pipe knows no lines: a piece may hold half of one or a hundred. A line longer than
    `MAX_LINE_BYTES` is not ours and is dropped while it arrives, so a child that never ends its
    line costs no memory.

    Attributes:
        dropped: Over-long lines so far.
    """

    def __init__(self, max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self.dropped = 0
        self._max_line_bytes = max_line_bytes
        self._pending = bytearray()
        self._is_dropping = False

    def feed(self, piece: bytes) -> list[bytes]:
        """Take the next piece and return the lines it completes, without their newlines."""
        *ends, rest = piece.split(b"\n")
        lines = []
        for end in ends:
            self._append(end)
            if not self._is_dropping:
                lines.append(bytes(self._pending))
            self._pending.clear()
            self._is_dropping = False
        self._append(rest)
        return lines

    def _append(self, part: bytes) -> None:
        if self._is_dropping:
            return
        self._pending += part
        if len(self._pending) > self._max_line_bytes:
            self._pending.clear()
            self._is_dropping = True
            self.dropped += 1
