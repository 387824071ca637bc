import gzip
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data import labelled_strokes
from model.data.labelled_strokes import LabelledDrawing, parse_drawings, rasterize_drawings
from model.errors import DatasetError
from model.ink import ink_from_strokes

ROW = b'{"label": 3, "strokes": [[[1, 2], [3.5, 4]], [[5, 6]]], "writer": "w1", "more": null}'


def test_reads_rows_plain_and_packed() -> None:
    text = ROW + b'\n\n{"strokes": [], "label": "Gr\xc3\xb6\xc3\x9fe", "suspect": true}'
    expected = [
        LabelledDrawing(3, [[(1, 2), (3.5, 4)], [(5, 6)]], "w1"),
        LabelledDrawing("Größe", [], "", suspect=True),
    ]
    assert parse_drawings(text, name="x.jsonl") == expected
    assert parse_drawings(gzip.compress(text), name="x.jsonl.gz") == expected


@pytest.mark.parametrize(
    "row",
    [
        b"[]",
        b"{}",
        b"rubbish",
        b"\xff\xfe",
        b'{"label": 3.5, "strokes": []}',
        b'{"label": true, "strokes": []}',
        b'{"label": 3, "strokes": [[[1]]]}',
        b'{"label": 3, "strokes": [[["1", 2]]]}',
        b'{"label": 3, "strokes": [[[NaN, 2]]]}',
        b"[" * 100_000,
    ],
)
def test_a_row_that_makes_no_sense_is_named(row: bytes) -> None:
    with pytest.raises(DatasetError, match=r"Line 2 of x\.jsonl is not a drawing like"):
        parse_drawings(ROW + b"\n" + row, name="x.jsonl")


@pytest.mark.parametrize(
    ("limit", "value"), [("MAX_LINE_BYTES", 80), ("MAX_FILE_BYTES", 200), ("MAX_IMAGES", 2)]
)
def test_rows_without_end_are_refused(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(labelled_strokes, limit, value)
    with pytest.raises(DatasetError, match=r"x\.jsonl\.gz is too large from line [13] on"):
        parse_drawings(gzip.compress((ROW + b"\n") * 3), name="x.jsonl.gz")


def test_a_packed_file_that_is_cut_says_so() -> None:
    with pytest.raises(DatasetError, match=r"x\.jsonl\.gz is cut short or damaged"):
        parse_drawings(gzip.compress(ROW)[:-5], name="x.jsonl.gz")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.fixed_dictionaries({"label": json_values, "strokes": json_values}) | json_values)
def test_any_json_is_a_drawing_or_an_error(value: object) -> None:
    check_parsed(json.dumps(value).encode())


@given(st.binary(max_size=60))
def test_garbage_is_an_error(garbage: bytes) -> None:
    check_parsed(garbage)
    with pytest.raises(DatasetError):
        parse_drawings(garbage.strip() or b"!", name="x.gz")


def check_parsed(line: bytes) -> None:
    try:
        rows = parse_drawings(line, name="x.jsonl")
    except DatasetError:
        return
    assert all(isinstance(row.label, int | str) for row in rows)


def test_drawings_become_ink_of_255_levels() -> None:
    drawings = [[[(0, 0), (10, 30)]], [[(5, 5)], [(9, 5)]]]
    told: list[tuple[str, float | None]] = []
    images = rasterize_drawings(drawings, title="Mine", progress=lambda *news: told.append(news))
    assert images.dtype == np.uint8
    for image, strokes in zip(images, drawings, strict=True):
        np.testing.assert_allclose(image / 255, ink_from_strokes(strokes), atol=0.5 / 255 + 1e-6)
    assert told == [("Drawing Mine", 0.0)]


@pytest.mark.parametrize(
    ("strokes", "sentence"),
    [
        ([[]], "Drawing 2 of Mine has no points"),
        ([[(1, float("inf"))]], "Drawing 2 of Mine can't be drawn: A stroke has a coordinate"),
    ],
)
def test_a_drawing_that_cannot_be_drawn_is_named(strokes: list, sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        rasterize_drawings([[[(0, 0)]], strokes], title="Mine")
