"""Drawings in files."""

import contextlib
import json
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.drawing.drawing import EVEN_PRESSURE, Drawing, Stroke
from app.drawing.files import (
    decode_strokes,
    encode_strokes,
    encode_svg,
    load_strokes,
    pressures_of,
)
from model.errors import StrokesError

LINE = Stroke(np.array([(10.0, 20.0), (30.0, 40.0), (50.0, 20.0)]), np.full(3, EVEN_PRESSURE), 18.0)
PRESSED = Stroke(np.array([(0.0, 0.0), (30.0, 0.0)]), np.array([0.2, 0.9]), 18.0)
DOT = Stroke(np.array([(5.0, 5.0)]), np.array([EVEN_PRESSURE]), 18.0)


def test_strokes_and_pressures_come_back_as_they_were_saved():
    saved = decode_strokes(encode_strokes([LINE, PRESSED]))
    np.testing.assert_allclose(saved.strokes[0], LINE.points)
    np.testing.assert_allclose(pressures_of(saved)[1], PRESSED.pressures)
    assert saved.pen_widths == [18.0, 18.0]


def test_a_saved_drawing_is_one_row_that_the_command_line_reads():
    data = encode_strokes([LINE])
    assert data.count(b"\n") == 1
    assert json.loads(data)["strokes"] == [[[0, 0], [20, 20], [40, 0]]]


def test_a_row_without_pressures_gets_even_ones():
    saved = decode_strokes(b'{"strokes": [[[0, 0], [5, 5]]], "label": 1}')
    np.testing.assert_array_equal(pressures_of(saved)[0], [EVEN_PRESSURE] * 2)


def test_pressures_that_do_not_fit_their_stroke_are_not_used():
    saved = decode_strokes(b'{"strokes": [[[0, 0], [5, 5]]], "pressures": [[0.1]]}')
    np.testing.assert_array_equal(pressures_of(saved)[0], [EVEN_PRESSURE] * 2)


def test_only_the_first_row_is_opened_and_a_row_on_many_lines_is_a_row():
    rows = b'{"strokes": [[[1, 2]]]}\n{"strokes": [[[3, 4]]]}\n'
    assert decode_strokes(rows).strokes == [[(1, 2)]]
    indented = json.dumps({"strokes": [[[1, 2]]]}, indent=2).encode()
    assert decode_strokes(indented).strokes == [[(1, 2)]]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not json",
        b"{}",
        b'{"strokes": 3}',
        b'{"strokes": [[[1]]]}',
        b'{"strokes": []}',
        b'{"strokes": [[]]}',
        b'{"strokes": [[["a", "b"]]]}',
        b'{"strokes": [[[NaN, 1]]]}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
    ],
)
def test_rubbish_is_refused_with_a_sentence(data):
    with pytest.raises(StrokesError) as caught:
        decode_strokes(data)
    assert caught.value.sentence.endswith(".")


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_sentence(data):
    with contextlib.suppress(StrokesError):
        decode_strokes(data)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(StrokesError, match=r"gone\.json can't be read"):
        load_strokes(tmp_path / "gone.json")


def test_svg_holds_a_path_a_stroke_inside_its_view():
    root = ET.fromstring(encode_svg(Drawing((LINE, DOT))))  # our own bytes
    paths = root.findall(".//{http://www.w3.org/2000/svg}path")
    assert [path.get("d")[0] for path in paths] == ["M", "M"]
    left, top, width, height = map(float, root.get("viewBox").split())
    assert left <= 5 - 9
    assert top <= 5 - 9
    assert left + width >= 50 + 9
    assert top + height >= 40 + 9


def test_svg_keeps_the_widths_of_a_pressed_stroke():
    root = ET.fromstring(encode_svg(Drawing((PRESSED,))))
    (path,) = root.findall(".//{http://www.w3.org/2000/svg}path")
    assert float(path.get("stroke-width")) == pytest.approx(18 * (0.4 + 1.2 * 0.55), abs=0.1)


@pytest.mark.parametrize(
    ("strokes", "what"), [([[[1, 2]]] * 2_001, "2,001 strokes"), ([[[1, 2]] * 200_001], "points")]
)
def test_a_drawing_that_would_stop_the_window_is_refused(strokes: list, what: str) -> None:
    with pytest.raises(StrokesError, match=f"This strokes file has .*{what}"):
        decode_strokes(json.dumps({"strokes": strokes}).encode())
