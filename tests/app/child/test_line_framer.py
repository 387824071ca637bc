"""Lines come out whole, however the pipe cuts them."""

from hypothesis import given
from hypothesis import strategies as st

from app.child.process import LineFramer


@given(st.binary(), st.lists(st.integers(1, 9)))
def test_any_cut_gives_the_lines_of_the_whole(text: bytes, cuts: list[int]) -> None:
    framer = LineFramer()
    lines = []
    rest = text
    for cut in cuts:
        lines += framer.feed(rest[:cut])
        rest = rest[cut:]
    lines += framer.feed(rest)
    assert lines == text.split(b"\n")[:-1]


def test_an_over_long_line_is_dropped_and_the_next_is_read() -> None:
    framer = LineFramer(max_line_bytes=8)
    assert framer.feed(b"123456789\nshort\n") == [b"short"]
    assert framer.dropped == 1


def test_a_line_that_never_ends_is_counted_once_and_not_kept() -> None:
    framer = LineFramer(max_line_bytes=8)
    for _ in range(100):
        assert framer.feed(b"123456") == []
    assert framer.dropped == 1
    assert framer.feed(b"\nnext\n") == [b"next"]


def test_a_line_of_just_the_greatest_length_is_kept() -> None:
    framer = LineFramer(max_line_bytes=8)
    assert framer.feed(b"12345678\n") == [b"12345678"]
    assert framer.dropped == 0
