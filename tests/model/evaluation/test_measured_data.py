"""Data come a few rows at a time; a file of drawings is read line by line."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from model.errors import DatasetError
from model.evaluation.measured_data import ROWS, DrawingRows
from model.evaluation.measuring import measure
from model.evaluation.wrong_pictures import MOST_PICTURES
from model.metadata import DIGIT_NAMES
from model.recognizer import Recognizer

SEVEN = [[[0, 0], [50, 0], [20, 90]]]


def written(path: Path, rows: list[dict]) -> Path:
    text = "\n".join(map(json.dumps, rows))
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return path


@pytest.fixture(scope="module")
def bundled() -> Recognizer:
    return Recognizer.bundled()


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_rows_keep_their_place_labels_writers_and_pens(tmp_path: Path, name: str) -> None:
    rows = [{"label": "seven", "strokes": SEVEN, "writer": f"w{n % 3}"} for n in range(ROWS)]
    rows += [{"label": "cat", "strokes": SEVEN}, {"label": 7, "strokes": SEVEN, "suspect": True}]
    rows += [{"label": "07", "strokes": SEVEN, "pen": "mouse"}]
    data = DrawingRows.of_file(written(tmp_path / name, rows), DIGIT_NAMES)
    assert data.count == ROWS + 3
    first, second = data.batches()
    assert first.images.shape == (ROWS, 28, 28)
    assert (first.labels == 7).all()
    assert first.writers[4] == "w1"
    assert list(second.indices) == [ROWS + 1]
    assert (second.left_out, list(second.labels), second.pens) == (1, [7], ["mouse"])


def test_a_file_is_read_as_far_as_it_is_needed(tmp_path: Path) -> None:
    path = written(tmp_path / "rows.jsonl", [{"label": 7, "strokes": SEVEN}] * 3 * ROWS)
    path.write_text(path.read_text() + '\n{"label": 7}\n')
    batches = DrawingRows.of_file(path, DIGIT_NAMES).batches()
    for _ in range(3):
        assert len(next(batches).labels) == ROWS
    with pytest.raises(DatasetError, match=f"Line {3 * ROWS + 1} of rows.jsonl"):
        next(batches)


def test_rows_without_a_label_or_of_other_classes_are_one_sentence(tmp_path: Path) -> None:
    without = written(tmp_path / "without.jsonl", [{"strokes": SEVEN}])
    with pytest.raises(DatasetError, match=r"Line 1 of without\.jsonl is not a drawing like"):
        list(DrawingRows.of_file(without, DIGIT_NAMES).batches())
    others = written(tmp_path / "others.jsonl", [{"label": "cat", "strokes": SEVEN}] * 2)
    with pytest.raises(DatasetError, match="The data has cat; the model has 0, 1"):
        list(DrawingRows.of_file(others, DIGIT_NAMES).batches())
    empty = written(tmp_path / "empty.jsonl", [])
    with pytest.raises(DatasetError, match="holds no drawings"):
        DrawingRows.of_file(empty, DIGIT_NAMES)
    damaged = tmp_path / "damaged.jsonl.gz"
    damaged.write_bytes(gzip.compress(b"x" * 5_000)[:20])
    with pytest.raises(DatasetError, match="cut short or damaged"):
        DrawingRows.of_file(damaged, DIGIT_NAMES)


def test_the_surest_wrong_pictures_stand_in_the_reports_order(
    tmp_path: Path, bundled: Recognizer
) -> None:
    random = np.random.default_rng(3)
    rows = []
    for _ in range(2 * MOST_PICTURES + 60):
        points = np.array(SEVEN[0]) + random.normal(0, 6, (3, 2))
        rows.append({"label": 1, "strokes": [points.tolist()], "writer": str(random.integers(4))})
    data = DrawingRows.of_file(written(tmp_path / "rows.jsonl", rows), DIGIT_NAMES)
    told: list[float] = []
    found = measure(bundled, data, model="m", progress=told.append)
    assert len(found.report.wrong) > 2 * MOST_PICTURES
    assert len(found.pictures) == MOST_PICTURES
    for row, picture in zip(found.report.wrong, found.pictures, strict=False):
        assert np.allclose(picture.strokes[0], rows[row.index]["strokes"][0])
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert [part.name for part in found.report.slices["writer"]] == ["0", "1", "2", "3"]
    assert "pen" not in found.report.slices
