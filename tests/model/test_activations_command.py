"""`digitpad activations`, in a process of its own, as a person runs it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model.activations.watched_network import WatchedNetwork
from model.ink import ink_from_strokes

SEVEN = [[[10, 10], [90, 10], [40, 150]]]
ONE = [[[50, 0], [50, 100]]]


def activations(*arguments: object, given: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", "activations", *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)


def rows(*drawings: object) -> str:
    return "".join(json.dumps({"strokes": drawing}) + "\n" for drawing in drawings)


def test_every_layer_is_an_array_with_a_row_for_each_drawing(tmp_path: Path) -> None:
    out = tmp_path / "seen.npz"
    done = activations("--strokes", "-", "--out", out, "--json", given=rows(SEVEN, ONE))
    assert (done.returncode, done.stderr) == (0, "")
    network = WatchedNetwork.bundled()
    wanted = network.activations(np.stack([ink_from_strokes(SEVEN), ink_from_strokes(ONE)]))
    said = [json.loads(line) for line in done.stdout.splitlines()]
    with np.load(out) as archive:
        assert archive.files == [layer.name for layer in network.layers]
        assert archive.files == [line["layer"] for line in said]
        for name, array, line in zip(archive.files, wanted, said, strict=True):
            np.testing.assert_allclose(archive[name], array, atol=1e-5)
            assert list(archive[name].shape) == line["shape"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (rows(ONE) + "{", "Row 2: "),
        ("", "Standard input has no rows"),
        (rows([[[0, 0], [1e400, 1]]]).replace("Infinity", "1e999"), "Row 1: "),
    ],
)
def test_rows_that_cant_be_read_write_nothing(tmp_path: Path, given: str, sentence: str) -> None:
    out = tmp_path / "seen.npz"
    done = activations("--strokes", "-", "--out", out, given=given)
    assert done.returncode == 2
    assert done.stderr.startswith(f"digitpad: {sentence}")
    assert len(done.stderr.splitlines()) == 1
    assert not out.exists()


def test_a_place_that_cant_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = activations("--strokes", "-", "--out", tmp_path / "file" / "x.npz", given=rows(ONE))
    assert done.returncode == 2
    assert "can't be written" in done.stderr
