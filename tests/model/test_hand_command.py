"""`digitpad hand` and `recognize --hand`."""

import io
import json
from pathlib import Path

import msgspec
import pytest

from model.__main__ import main
from model.converted_model import read_converted_model
from model.database.database import Database
from model.database.hands import Hands
from model.hand.drawing_rows import as_line
from model.metadata import VerdictThresholds
from model.model_files.model_file import converted_model_path, write_converted_model
from model.recognizer import BUNDLED_MODEL
from tests.app.planted_models import plant
from tests.taught_drawings import FLAGGED_ONE, HAND_STROKES, drawing, odd_hand


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared-cache")


@pytest.fixture(autouse=True)
def _cache(_own_folders: None, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITPAD_CACHE", str(cache))


@pytest.fixture
def flagged(tmp_path: Path) -> Path:
    """One with a long flag, labelled, as a strokes file."""
    path = tmp_path / "flagged.jsonl"
    path.write_text(as_line(drawing("1")) + "\n")
    return path


def printed(capsys: pytest.CaptureFixture[str], *argv: str) -> list[dict]:
    assert main([*argv, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_drawing_that_was_added_is_recognised(flagged: Path, capsys: pytest.CaptureFixture[str]):
    (before,) = printed(capsys, "recognize", "--strokes", str(flagged))
    assert before["digit"] == 7
    (added,) = printed(capsys, "hand", "add", "--hand", "Ada", "--strokes", str(flagged))
    assert added == {"hand": "Ada", "kept": 1, "drawings": 1}
    (after,) = printed(capsys, "recognize", "--strokes", str(flagged), "--hand", "Ada")
    assert (after["digit"], after["verdict"]) == (1, "digit")
    assert printed(capsys, "hand", "list") == [{"hand": "Ada", "drawings": 1}]
    (back,) = printed(capsys, "hand", "back", "--hand", "Ada")
    assert back["to"] == 0
    (again,) = printed(capsys, "recognize", "--strokes", str(flagged), "--hand", "Ada")
    assert again == before
    (removed,) = printed(capsys, "hand", "remove", "--hand", "Ada")
    assert removed == {"hand": "Ada", "removed": 1}
    assert main(["recognize", "--strokes", str(flagged), "--hand", "Ada"]) == 2
    assert "no hand 'Ada'" in capsys.readouterr().err


def test_what_is_learnt_is_in_the_history(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    strokes = tmp_path / "odd.jsonl"
    strokes.write_text("".join(as_line(each) + "\n" for each in odd_hand()))
    printed(capsys, "hand", "add", "--hand", "Ada", "--strokes", str(strokes))
    (learnt,) = printed(capsys, "hand", "learn", "--hand", "Ada")
    (step,) = printed(capsys, "hand", "list", "--hand", "Ada")
    assert step["kind"] == ("learned" if learnt["accepted"] else "declined")
    assert (step["own"], step["others"]) == (len(odd_hand()), 2000)
    assert main(["hand", "list", "--hand", "Ada"]) == 0
    assert "of 2000" in capsys.readouterr().out


def test_what_was_exported_is_imported_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    printed(capsys, "hand", "add", "--hand", "Ada", "--strokes", str(HAND_STROKES))
    printed(capsys, "hand", "export", "--hand", "Ada", "--strokes", str(first))
    printed(capsys, "hand", "add", "--hand", "Bea", "--strokes", str(first))
    printed(capsys, "hand", "export", "--hand", "Bea", "--strokes", str(second))
    assert first.read_bytes() == second.read_bytes()
    assert isinstance(json.loads(first.read_text().splitlines()[0])["label"], int)
    main(["hand", "export", "--hand", "Bea"])
    assert capsys.readouterr().out == first.read_text()


def test_rows_come_through_a_pipe(
    flagged: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    stream = io.TextIOWrapper(io.BytesIO(flagged.read_bytes()))
    monkeypatch.setattr("sys.stdin", stream)
    (added,) = printed(capsys, "hand", "add", "--hand", "Ada", "--strokes", "-")
    assert added["kept"] == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ('{"strokes": [[[0, 0], [9, 9]]]}', "Row 2: it is not JSON like"),
        ('{"label": "", "strokes": [[[0, 0], [9, 9]]]}', "Row 2: its label"),
        ('{"label": "\\u001b[2J", "strokes": [[[0, 0], [9, 9]]]}', "Row 2: its label"),
        ('{"label": 3, "strokes": []}', "Row 2: nothing is drawn in it"),
        ('{"label": 3, "strokes": [[[1e999, 0]]]}', "Row 2: "),
        ("rubbish", "Row 2: it is not JSON like"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_kept(
    flagged: Path, capsys: pytest.CaptureFixture[str], row: str, words: str
):
    flagged.write_text(flagged.read_text() + row + "\n" + as_line(drawing("1", FLAGGED_ONE)))
    assert main(["hand", "add", "--hand", "Ada", "--strokes", str(flagged)]) == 2
    shown = capsys.readouterr()
    assert words in shown.err
    assert "2 drawings kept" in shown.out
    with Database() as database:
        assert Hands(database).sizes() == {"Ada": 2}


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["learn", "--hand", "Ada"], "no hand 'Ada'"),
        (["list", "--hand", "Ada"], "no hand 'Ada'"),
        (["export", "--hand", "Ada"], "no hand 'Ada'"),
        (["add", "--hand", " ", "--strokes", "{flagged}"], "name"),
        (["add", "--hand", "Ada", "--strokes", "missing.jsonl"], "can't be read"),
        (["add", "--hand", "Ada"], "required"),
        ([], "required"),
    ],
)
def test_a_mistake_gets_one_sentence(
    flagged: Path, capsys: pytest.CaptureFixture[str], argv: list[str], words: str
):
    assert main(["hand", *(each.format(flagged=flagged) for each in argv)]) == 2
    shown = capsys.readouterr().err
    assert words in shown
    assert len(shown.splitlines()) == 1


def test_learning_with_too_few_drawings_is_said(flagged: Path, capsys: pytest.CaptureFixture[str]):
    printed(capsys, "hand", "add", "--hand", "Ada", "--strokes", str(flagged))
    assert main(["hand", "learn", "--hand", "Ada"]) == 2
    assert "10 drawings are needed" in capsys.readouterr().err


def test_a_damaged_database_is_said_and_a_new_one_begun(
    flagged: Path, capsys: pytest.CaptureFixture[str]
):
    with Database() as database:
        path = database.path
    path.write_bytes(b"rubbish" * 1000)
    assert main(["recognize", "--hand", "Ada", "--strokes", str(flagged)]) == 2
    assert "damaged" in capsys.readouterr().err
    path.write_bytes(b"rubbish" * 1000)
    assert main(["hand", "add", "--hand", "Ada", "--strokes", str(flagged)]) == 0
    assert "damaged" in capsys.readouterr().err


TRIANGLE = [[(50.0, 0.0), (100.0, 90.0), (0.0, 90.0), (50.0, 0.0)]]


def test_the_bundled_network_refuses_for_a_taught_model_that_cannot(
    flagged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    easy = tmp_path / "easy.keras"
    sha256 = plant(easy)
    litert, record = read_converted_model(BUNDLED_MODEL.with_suffix(".tflite"))
    accepts_all = VerdictThresholds(unsure_below=0.0, reject_below=0.0)
    metadata = msgspec.structs.replace(record.metadata, verdicts=accepts_all, refusal_rate=None)
    write_converted_model(converted_model_path(sha256), litert, metadata, source_sha256=sha256)
    triangle = tmp_path / "triangle.jsonl"
    triangle.write_text(json.dumps({"strokes": TRIANGLE}) + "\n")
    model = ("--model", str(easy))
    printed(capsys, "hand", "add", "--hand", "Ada", "--strokes", str(flagged), *model)
    for with_hand in ((), ("--hand", "Ada")):
        (row,) = printed(capsys, "recognize", "--strokes", str(triangle), *model, *with_hand)
        assert row["verdict"] == "not_a_digit"
