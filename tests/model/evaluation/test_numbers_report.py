"""Measuring how numbers are read."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from model.data.number_rows import (
    NumberRow,
    are_numbers,
    holds_numbers,
    load_numbers,
    read_numbers,
)
from model.errors import DatasetError
from model.evaluation.numbers_report import measure_numbers
from model.recognizer import Recognizer
from tests.model.numbers.drawn_numbers import in_a_row


def row(names: list[str], text: str, **fields: object) -> dict[str, object]:
    return {"text": text, "strokes": [s.tolist() for s in in_a_row(names)], **fields}


ROWS = [
    row(["2", "0", "2", "6"], "2026", groups=[[0], [1], [2], [3]]),
    row(["4 in two", "1"], "4 1", groups=[[0, 1], [2]]),
    row(["6", "2"], "99"),
]


def written(path: Path, rows: list[dict[str, object]]) -> Path:
    data = "".join(json.dumps(each) + "\n" for each in rows).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def test_texts_and_groups_are_compared() -> None:
    rows = [
        NumberRow(str(r["text"]), r["strokes"], [tuple(g) for g in r.get("groups", [])])
        for r in ROWS
    ]
    found = measure_numbers(Recognizer.bundled(), rows, model="", dataset="")
    assert (found.numbers, found.right) == (3, 2)
    assert (found.groups, found.groups_right) == (6, 6)
    assert [(w.row, w.text, w.answer) for w in found.wrong] == [(3, "99", "62")]
    assert found.accuracy == pytest.approx(2 / 3)
    assert found.group_accuracy == 1


def test_no_numbers_are_said() -> None:
    with pytest.raises(DatasetError, match="no number"):
        measure_numbers(Recognizer.bundled(), [], model="", dataset="")


@pytest.mark.parametrize("name", ["numbers.jsonl", "numbers.jsonl.gz"])
def test_rows_with_a_text_are_known_and_read(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name, ROWS)
    assert holds_numbers(path)
    assert are_numbers(str(path))
    assert [each.text for each in read_numbers(path)] == ["2026", "4 1", "99"]
    assert len(load_numbers(tmp_path)) == 3


def test_other_files_hold_no_numbers(tmp_path: Path) -> None:
    labelled = written(tmp_path / "digits.jsonl", [{"label": 3, "strokes": [[[0, 0]]]}])
    (tmp_path / "broken.jsonl.gz").write_bytes(b"\x1f\x8bnonsense")
    assert not holds_numbers(labelled)
    assert not holds_numbers(tmp_path / "broken.jsonl.gz")
    assert not holds_numbers(tmp_path)
    assert not are_numbers("mnist")


def test_a_bad_row_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "numbers.jsonl", [ROWS[0], {"text": 5, "strokes": []}])
    with pytest.raises(DatasetError, match="Line 2"):
        read_numbers(path)


def test_numbers_are_composed_of_pen_digits(shared_datasets: Path) -> None:
    rows = load_numbers(shared_datasets)
    assert all(2 <= len(each.text) <= 6 for each in rows)
    assert len({each.writer for each in rows}) == 14


def test_the_command_line_measures_numbers(tmp_path: Path) -> None:
    path = written(tmp_path / "some.jsonl", ROWS)
    command = [sys.executable, "-m", "app", "evaluate", "--dataset", str(path), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert (found["right"], found["numbers"], found["group_accuracy"]) == (2, 3, 1.0)
    assert found["wrong"] == [{"row": 3, "text": "99", "answer": "62"}]
    text = subprocess.run(command[:-1], capture_output=True, text=True, check=True)
    assert "2 of 3" in text.stdout
