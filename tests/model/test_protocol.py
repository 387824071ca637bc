"""Messages as lines: whatever is said can be written, and what is no request is read as none."""

import json

import pytest

from model.protocol import Failed, Probe, decode_event, decode_request, encode_line

INK = (0,) * 783 + (255,)


def test_a_probe_is_read_as_it_was_written() -> None:
    probe = Probe(number=3, ink=INK)
    assert decode_request(encode_line(probe)) == probe


@pytest.mark.parametrize(
    "ink", [[1, 2, 3], [0] * 785, [0] * 783 + [256], [0] * 783 + [-1], [0.5] * 784]
)
def test_a_probe_whose_ink_is_no_image_is_no_request(ink: list[float]) -> None:
    line = json.dumps({"request": "probe", "number": 1, "ink": ink}).encode()
    assert decode_request(line) is None


def test_a_path_that_is_no_text_is_said_all_the_same() -> None:
    told = Failed(kind="OSError", sentence="caf\udce9 1/2 \u00e9 can't be read.")
    assert decode_event(encode_line(told)) == Failed(
        kind="OSError", sentence="caf? 1/2 \u00e9 can't be read."
    )
