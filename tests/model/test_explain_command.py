"""`digitpad explain`, in a process of its own, as a person runs it."""

import json
import subprocess
import sys

import numpy as np
import pytest

POINTS = [[x, 10] for x in range(10, 91, 8)] + [[90 - 4 * n, 10 + 12 * n] for n in range(1, 12)]
SEVEN = [POINTS]


def explain(*arguments: object, given: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", "explain", "--strokes", "-", *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)


def rows(*drawings: object) -> str:
    return "".join(json.dumps({"strokes": drawing}) + "\n" for drawing in drawings)


def test_each_row_gets_one_json_object() -> None:
    done = explain("--json", given=rows(SEVEN))
    assert (done.returncode, done.stderr) == (0, "")
    (row,) = map(json.loads, done.stdout.splitlines())
    assert row.keys() >= {"row", "digit", "against", "pieces", "missing", "nearest", "typical"}
    assert (row["row"], row["digit"]) == (1, 7)
    assert row["against"] != 7
    assert [piece["stroke"] for piece in row["pieces"]] == [0] * len(row["pieces"])
    assert row["pieces"][0]["from"] == 0
    assert row["pieces"][-1]["to"] == len(POINTS) - 1
    assert all(one.keys() == {"stroke", "from", "to", "weight"} for one in row["pieces"])
    assert all(one.keys() == {"points", "digit", "confidence", "length"} for one in row["missing"])
    assert [one.keys() == {"label", "distance", "source"} for one in row["nearest"]] == [True] * 5
    assert np.mean([one["label"] == "7" for one in row["nearest"]]) >= 0.8
    assert 0 <= row["typical"] <= 1


def test_an_empty_row_and_a_bad_one_are_named_and_the_others_explained() -> None:
    done = explain("--json", given=rows([], SEVEN) + "{\n")
    assert done.returncode == 2
    empty, seven, bad = map(json.loads, done.stdout.splitlines())
    assert "Nothing is drawn" in empty["error"]
    assert seven["row"] == 2
    assert seven["digit"] == 7
    assert bad.keys() == {"row", "error"}
    assert len(done.stderr.splitlines()) == 2


def test_a_class_can_be_chosen_and_an_unknown_one_is_refused() -> None:
    done = explain("--against", "2", given=rows(SEVEN))
    assert done.returncode == 0
    assert done.stdout.startswith("row 1: 7 (")
    assert "against 2" in done.stdout
    done = explain("--against", "x", given=rows(SEVEN))
    assert done.returncode == 2
    assert done.stderr.startswith("digitpad: There is no class 'x'; choose one of 0, 1")


@pytest.mark.parametrize("given", ["", "\n"])
def test_a_file_without_rows_is_said(given: str) -> None:
    done = explain(given=given)
    assert done.returncode == 2
    assert "has no rows" in done.stderr
