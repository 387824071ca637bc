"""Pens and centrings on drawings that are made here."""

import gzip
from pathlib import Path

import msgspec
from ink_variants import CENTRINGS, PEN_WIDTHS, as_table, drawings_of, measure, printed

from model.data.labelled_strokes import LabelledDrawing
from model.recognizer import Recognizer

SEVEN = [[(0.0, 0.0), (60.0, 0.0), (25.0, 100.0)]]


def test_every_pen_and_centring_has_a_row() -> None:
    variants = measure(Recognizer.bundled(), [LabelledDrawing(label=7, strokes=SEVEN)] * 3)
    assert [(row.centring, row.pen_width) for row in variants] == [
        (centring, width) for centring in CENTRINGS for width in PEN_WIDTHS
    ]
    assert {row.digits for row in variants} == {3}
    assert variants[2].accuracy == 1
    assert len({row.loss for row in variants}) > len(PEN_WIDTHS)
    assert as_table(variants).count("**") == 2
    assert len(printed(variants).splitlines()) == 2 + len(variants)


def test_doubtful_drawings_and_other_writers_are_left_out(tmp_path: Path) -> None:
    rows = [
        LabelledDrawing(label=7, strokes=SEVEN, writer="ada"),
        LabelledDrawing(label=7, strokes=SEVEN, writer="bob"),
        LabelledDrawing(label=1, strokes=SEVEN, writer="bob", suspect=True),
    ]
    file = tmp_path / "rows.jsonl.gz"
    file.write_bytes(gzip.compress(b"\n".join(map(msgspec.json.encode, rows))))
    assert [row.writer for row in drawings_of(file, None)] == ["ada", "bob"]
    assert [row.writer for row in drawings_of(file, 1)] == ["bob"]
