"""A byte order mark, which Windows programs put before text, changes nothing."""

import codecs
from pathlib import Path

from app.drawing.files import load_strokes
from app.settings import SettingsFile
from model.data.labelled_strokes import parse_drawings
from model.data.stroke_files import StrokesRow, read_strokes

ROW = b'{"label": 3, "strokes": [[[1, 2], [3, 4]]]}\n'


def test_strokes_drawings_and_data(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(codecs.BOM_UTF8 + 2 * ROW)
    assert all(isinstance(row, StrokesRow) for _, row in read_strokes(path))
    assert len(load_strokes(path).strokes) == 1
    assert [row.label for row in parse_drawings(path.read_bytes(), name="a.jsonl")] == [3, 3]


def test_settings(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(codecs.BOM_UTF8 + b'{"pen_width": 7}')
    file = SettingsFile(path)
    assert (file.complaint, file.settings.pen_width) == ("", 7)
