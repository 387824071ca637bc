import gzip
import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data import stroke_files
from model.data.stroke_files import StrokesRow, read_strokes
from model.errors import StrokesError

GOOD = b'{"strokes": [[[0, 0], [5, 0.5]], [[1, 2]]], "writer": "ada"}\n'


def written(folder: Path, data: bytes, name: str = "rows.jsonl") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_rows_are_numbered_and_empty_lines_skipped(tmp_path: Path) -> None:
    rows = list(read_strokes(written(tmp_path, GOOD + b"\n" + GOOD)))
    assert [number for number, _ in rows] == [1, 3]
    assert rows[0][1] == StrokesRow([[(0, 0), (5, 0.5)], [(1, 2)]])


def test_gzipped_rows_are_the_same(tmp_path: Path) -> None:
    packed = written(tmp_path, gzip.compress(GOOD), "rows.jsonl.gz")
    assert list(read_strokes(packed)) == list(read_strokes(written(tmp_path, GOOD)))


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b'{"strokes": [[[0, NaN]]]}',
        b'{"strokes": [[[0, 1, 2]]]}',
        b'{"strokes": 5}',
        b'{"points": []}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_bad_row_is_named_and_the_others_are_read(tmp_path: Path, line: bytes) -> None:
    rows = list(read_strokes(written(tmp_path, GOOD + line + b"\n" + GOOD)))
    assert [isinstance(row, StrokesError) for _, row in rows] == [False, True, False]


def test_a_row_that_is_too_long_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stroke_files, "MAX_LINE_BYTES", 100)
    rows = list(read_strokes(written(tmp_path, GOOD + b"[" * 950 + b"\n" + GOOD)))
    assert [number for number, _ in rows] == [1, 2, 3]
    assert isinstance(rows[1][1], StrokesError)
    assert isinstance(rows[2][1], StrokesRow)


def test_a_row_with_too_many_points_is_refused(tmp_path: Path) -> None:
    points = [[1, 2]] * (stroke_files.MAX_ROW_POINTS + 1)
    path = written(tmp_path, json.dumps({"strokes": [points]}).encode())
    ((_, row),) = read_strokes(path)
    assert isinstance(row, StrokesError)
    assert "200,001 points" in row.sentence


@pytest.mark.parametrize("stroke", [[], [[1, 2]]])
def test_a_row_with_too_many_strokes_is_refused(tmp_path: Path, stroke: list[list[int]]) -> None:
    most = stroke_files.MAX_ROW_STROKES
    rows = [json.dumps({"strokes": [stroke] * count}) for count in (most, most + 1)]
    path = written(tmp_path, "\n".join(rows).encode())
    (_, kept), (_, refused) = read_strokes(path)
    assert isinstance(kept, StrokesRow)
    assert isinstance(refused, StrokesError)
    assert "2,001 strokes" in refused.sentence


@pytest.mark.parametrize("data", [b"", b"\n\n"])
def test_a_file_without_rows_is_said(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(StrokesError, match="has no rows"):
        list(read_strokes(written(tmp_path, data)))


def test_a_cut_archive_still_gives_what_came_before(tmp_path: Path) -> None:
    cut = gzip.compress(GOOD * 50_000)[:-20]
    reading = read_strokes(written(tmp_path, cut))
    assert isinstance(next(reading)[1], StrokesRow)
    with pytest.raises(StrokesError, match="cut short"):
        list(reading)


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(StrokesError, match="can't be read"):
            list(read_strokes(path))


def test_a_hyphen_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD)))
    assert [number for number, _ in read_strokes(Path("-"))] == [1]


def test_a_closed_standard_input_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(StrokesError, match="Standard input is closed"):
        list(read_strokes(Path("-")))


@given(st.binary(max_size=300))
def test_rubbish_never_gets_out_but_as_a_strokes_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = written(tmp_path_factory.mktemp("rubbish"), data)
    try:
        rows = list(read_strokes(path))
    except StrokesError:
        return
    assert all(isinstance(row, StrokesRow | StrokesError) for _, row in rows)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (GOOD.decode().encode("utf-16") * 2, "text in UTF-16"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50) + b"\n" * 9, "a PNG picture"),
        (b"PK\3\4" + b"\n1" * 50, "a zip archive"),
        (gzip.compress(gzip.compress(GOOD)), "a gzipped file"),
        (b"\n\n<?xml version='1.0'?>\n<ink>\n</ink>", "an XML file"),
        (json.dumps({"strokes": [[[1, 2]]]}, indent=1).encode(), "one JSON document"),
        (json.dumps([{"strokes": []}]).encode(), "one JSON document"),
    ],
)
def test_a_file_of_another_kind_is_named_once(tmp_path: Path, data: bytes, kind: str) -> None:
    rows = read_strokes(written(tmp_path, data))
    with pytest.raises(StrokesError, match=rf"rows\.jsonl is {kind}.*its rows must be"):
        list(rows)


def test_a_program_that_begins_with_a_list_is_answered_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"[]\n" + GOOD)))
    rows = list(read_strokes(Path("-")))
    assert [isinstance(row, StrokesError) for _, row in rows] == [True, False]


def test_blank_lines_are_counted_by_the_buffer(tmp_path: Path) -> None:
    blank = 3 * stroke_files.BUFFER_BYTES
    packed = written(tmp_path, gzip.compress(b"\n" * blank + GOOD + b" \n" * blank + GOOD))
    assert [number for number, _ in read_strokes(packed)] == [blank + 1, 2 * blank + 2]
    batches = list(stroke_files.read_stroke_batches(packed))
    assert len(batches) < 10
