import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data.lzw import unpack_z
from model.errors import DatasetError

# The squares below 150, packed by `compress`; the codes grow from 9 to 10 bits on the way.
SQUARES = " ".join(str(number * number) for number in range(150)).encode() + b" "
PACKED_SQUARES = base64.b85decode(
    "ADxgeK*Rt+14IsiHbBUz0b)i%8V79@#4#`ijDRs@RHRWbhK++UawL?oP+^UcI1bK`QPAN)8W#!Dc!{H64H*Y(+(>An"
    "q>Y^*Zr}`B6GY8{Ibw>e2!o|S7%2tDI4O`M!;B&YIt0nF<IRdTVtS+~aA(JwAagiW*p#70j|yeLI4ENVjDjp-"
    "3|tsfM%cYK?kdDFS78pgc1zBPv34cIh7McOAnP#Z450&O)NCp8Ak3^ZtP-3-"
    "m19&IJqyy<`7&w18g~cQh*7l0%ABhco-C;oXpJ00!xl|FP-"
    "09QCyNU$Xah&oz*L2nyfGu|jgtp&+~61#_&|y=amXNBQ=(Cc2c54?TGD&M9G?w_EtrEa(~B6J>U|2cBaE;hK?PR~7L"
    "`O`T?rA$5l9}HN1$^RX(U!%8dX&TcNy&j5>8n$CK_WjP{mktAXVp73^UoV5lk4NHj_Y;6*U!B0@()CR6Si)0}eN;IF"
    "v`4b!3A?V7XS7M-^>%;!aV;a6=9vif15N3G(=nKuKY!R)ryjg;9NE$>kAVcReN-bt4t%7GrQ}1fW782}Y8bAOH"
)


def packed(data: bytes, last_width: int, clear_after: int | None = None) -> bytes:
    """Pack as `compress` does; empty the table once, after that many codes."""
    packer = Packer(last_width)
    text = b""
    for value in data:
        longer = text + bytes([value])
        if longer in packer.table:
            text = longer
            continue
        packer.put(text)
        packer.learn(longer)
        text = bytes([value])
        if packer.written == clear_after:
            packer.clear()
    if text:
        packer.put(text)
    packer.close_group(is_last=True)
    return bytes(packer.file)


class Packer:
    def __init__(self, last_width: int) -> None:
        self.file = bytearray([0x1F, 0x9D, 0x80 | last_width])
        self.last_width = last_width
        self.written = 0
        self.start()

    def start(self) -> None:
        self.table = {bytes([value]): value for value in range(256)} | {b"": 256}
        self.width = 9
        self.group: list[int] = []
        self.readers_size = 256

    def put(self, text: bytes) -> None:
        self.group.append(self.table[text])
        self.written += 1
        # The reader's table grows with each code but the first.
        self.readers_size = min(self.readers_size + 1, 1 << self.last_width)
        is_full = self.readers_size == 1 << self.width and self.width < self.last_width
        if is_full or len(self.group) == 8:
            self.close_group()
        self.width += is_full

    def learn(self, text: bytes) -> None:
        if len(self.table) < 1 << self.last_width:
            self.table[text] = len(self.table)

    def clear(self) -> None:
        self.put(b"")
        self.close_group()
        self.start()

    def close_group(self, *, is_last: bool = False) -> None:
        if self.group:
            bits = sum(code << (self.width * place) for place, code in enumerate(self.group))
            needed = (self.width * len(self.group) + 7) // 8
            self.file += bits.to_bytes(needed if is_last else self.width, "little")
            self.group = []


def unpacked_or_refused(file: bytes) -> bytes | str:
    try:
        return unpack_z(file, max_bytes=1000, name="x.Z")
    except DatasetError as error:
        return error.sentence


def test_reads_what_compress_wrote() -> None:
    assert unpack_z(PACKED_SQUARES, max_bytes=1000, name="squares.Z") == SQUARES


@pytest.mark.parametrize("last_width", [10, 12, 16])
@pytest.mark.parametrize("clear_after", [None, 5, 300])
def test_reads_every_width_and_the_clear_code(last_width: int, clear_after: int | None) -> None:
    data = " ".join(str(number**3) for number in range(1500)).encode()
    file = packed(data, last_width, clear_after)
    assert unpack_z(file, max_bytes=len(data), name="cubes.Z") == data


@given(st.lists(st.sampled_from([b"a", b"b", b"ab", b"aaaa"]), max_size=300).map(b"".join))
def test_returns_what_was_packed(data: bytes) -> None:
    assert unpack_z(packed(data, 12), max_bytes=len(data), name="x.Z") == data


@given(st.binary(max_size=400), st.integers(0, 255))
def test_garbage_is_an_error_or_bytes(garbage: bytes, flags: int) -> None:
    for file in (garbage, b"\x1f\x9d" + bytes([flags]) + garbage):
        result = unpacked_or_refused(file)
        assert "x.Z" in result if isinstance(result, str) else len(result) <= 1000


def test_refuses_a_file_that_unpacks_to_more_than_allowed() -> None:
    bomb = packed(b"0" * 1_000_000, 16)
    assert len(bomb) < 3000
    with pytest.raises(DatasetError, match="more than 999,999 bytes"):
        unpack_z(bomb, max_bytes=999_999, name="bomb.Z")


def test_refuses_a_code_before_it_is_learned() -> None:
    file = b"\x1f\x9d\x90" + (300).to_bytes(2, "little")
    with pytest.raises(DatasetError, match=r"x\.Z is damaged"):
        unpack_z(file, max_bytes=10, name="x.Z")
