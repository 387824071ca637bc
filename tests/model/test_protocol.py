"""Messages as lines: whatever is said can be written, and what is no request is read as none."""

import json

import pytest

from model.protocol import MAX_LINE_BYTES, Probe, decode_event, decode_request, encode_line
from model.run_events import MOST_LAYER_BYTES, Failed, LayerMaps, Probed

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


def _maps(shape: tuple[int, ...], values: bytes) -> LayerMaps:
    return LayerMaps(
        kinds=("Conv2D", "ReLU"), full_shape=shape, shape=shape, largest=2.5, values=values
    )


def test_as_many_maps_as_can_be_sent_fit_a_line() -> None:
    shape = (MOST_LAYER_BYTES // 4096, 4096)
    maps = _maps(shape, b"\x7f" * MOST_LAYER_BYTES)
    answer = Probed(number=3, probabilities=(0.25, 0.75), layers=(maps,))
    line = encode_line(answer)
    assert len(line) <= MAX_LINE_BYTES
    assert decode_event(line) == answer


@pytest.mark.parametrize(
    "changed",
    [
        {"shape": [3, 4]},
        {"shape": [-1, -5]},
        {"shape": [1] * 9 + [5]},
        {"largest": 0.0},
        {"kinds": []},
        {"values": "!"},
    ],
)
def test_maps_that_contradict_themselves_are_no_answer(changed: dict[str, object]) -> None:
    answer = Probed(number=3, probabilities=(1.0,), layers=(_maps((5,), b"\x01" * 5),))
    said = json.loads(encode_line(answer))
    assert decode_event(json.dumps(said).encode()) == answer
    said["layers"][0] |= changed
    assert decode_event(json.dumps(said).encode()) is None


def test_a_path_that_is_no_text_is_said_all_the_same() -> None:
    told = Failed(kind="OSError", sentence="caf\udce9 1/2 \u00e9 can't be read.")
    assert decode_event(encode_line(told)) == Failed(
        kind="OSError", sentence="caf? 1/2 \u00e9 can't be read."
    )
