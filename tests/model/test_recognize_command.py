"""`digitpad recognize`, in a process of its own, as a person runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from model.commands.recognize import expanded

SEVEN = [[[10, 10], [90, 10], [40, 150]]]
ONE = [[[50, 0], [50, 100]]]


def recognize(*arguments: object, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", "recognize", *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)


def rows(*drawings: object) -> str:
    return "".join(json.dumps({"strokes": drawing}) + "\n" for drawing in drawings)


def test_each_row_gets_one_json_object() -> None:
    done = recognize("--strokes", "-", "--json", given=rows(SEVEN, ONE))
    assert (done.returncode, done.stderr) == (0, "")
    first, second = map(json.loads, done.stdout.splitlines())
    assert first.keys() == {"row", "digit", "confidence", "verdict", "probabilities"}
    assert (first["row"], second["row"]) == (1, 2)
    assert (first["digit"], second["digit"]) == (7, 1)
    assert len(first["probabilities"]) == 10
    assert sum(first["probabilities"]) == pytest.approx(1, abs=1e-4)
    assert first["confidence"] == max(first["probabilities"])


def test_a_bad_row_is_named_and_the_good_ones_answered() -> None:
    lines = rows(*[SEVEN] * 16) + '{"strokes": [[[1,\n' + rows(ONE)
    done = recognize("--strokes", "-", "--json", given=lines)
    assert done.returncode == 2
    answers = list(map(json.loads, done.stdout.splitlines()))
    assert [answer["row"] for answer in answers] == list(range(1, 19))
    assert [number for number, answer in enumerate(answers, 1) if "error" in answer] == [17]
    assert "not JSON" in answers[16]["error"]
    assert done.stderr.startswith("digitpad: Row 17: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_row_without_ink_is_empty() -> None:
    done = recognize("--strokes", "-", "--json", given=rows([]))
    assert done.returncode == 0
    assert json.loads(done.stdout)["verdict"] == "empty"


def test_coordinates_that_are_not_finite_are_refused() -> None:
    done = recognize("--strokes", "-", given='{"strokes": [[[0, 0], [1e999, 2]]]}\n' + rows(ONE))
    assert done.returncode == 2
    assert "Row 1" in done.stderr
    assert done.stdout == "row 2: 1 (100%)\n" or done.stdout.startswith("row 2: 1 (9")


def test_pictures_are_answered_and_bad_ones_said(tmp_path: Path) -> None:
    picture = Image.new("L", (300, 300), 255)
    ImageDraw.Draw(picture).line([(80, 60), (220, 60), (130, 250)], fill=0, width=18)
    picture.save(tmp_path / "seven.png")
    (tmp_path / "rubbish.png").write_bytes(b"no picture at all")
    done = recognize(tmp_path / "rubbish.png", tmp_path / "seven.png", tmp_path / "none.png")
    assert done.returncode == 2
    assert done.stdout.startswith(f"{tmp_path / 'seven.png'}: 7 (")
    assert len(done.stderr.splitlines()) == 2


def test_a_picture_without_a_digit_is_named(tmp_path: Path) -> None:
    Image.new("L", (40, 40), 255).save(tmp_path / "row.png")
    done = recognize(tmp_path / "row.png")
    assert done.returncode == 2
    assert done.stderr.startswith(f"digitpad: {tmp_path / 'row.png'}: Nothing in the picture")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems refuse such names")
def test_a_name_that_no_encoding_knows_is_printed(tmp_path: Path) -> None:
    name = os.fsdecode(bytes(tmp_path) + b"/\xff.png")
    Image.new("L", (40, 40), 255).save(name, "PNG")
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    command = [sys.executable, "-m", "app", "recognize", name]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "\\udcff.png: Nothing" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows refuses such names")
def test_a_terminal_obeys_no_name_of_a_file(tmp_path: Path) -> None:
    seven = Image.new("L", (90, 90), 255)
    ImageDraw.Draw(seven).line([(20, 20), (70, 20), (40, 75)], fill=0, width=6)
    odd = ["\x1b[31mred.png", "\u202egnp.png", "two\nlines.png", "cr\rcr.png"]
    for name in odd:
        seven.save(tmp_path / f"good{name}")
        (tmp_path / f"bad{name}").write_bytes(b"no picture")
    paths = [tmp_path / f"{kind}{name}" for name in odd for kind in ("good", "bad")]
    for more in ([], ["--numbers"]):
        done = recognize(*more, *paths)
        assert (done.returncode, len(done.stdout.splitlines())) == (2, 4)
        assert len(done.stderr.splitlines()) == 4
        printed = (done.stdout + done.stderr).replace("\n", "")
        assert printed.isprintable(), ascii(printed)
        assert "good\\x1b[31mred.png: " in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="closes streams by their POSIX numbers")
@pytest.mark.parametrize("stream", [1, 2])
def test_a_closed_stream_is_no_bug(tmp_path: Path, stream: int) -> None:
    given = tmp_path / "rows.jsonl"
    given.write_text("rubbish\n" + rows(ONE))
    script = f'exec "$0" -m app recognize --strokes "$1" {stream}>&-'
    command = ["sh", "-c", script, sys.executable, str(given)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_said(tmp_path: Path, unbuffered: str) -> None:
    given = tmp_path / "rows.jsonl"
    given.write_text(rows(ONE))
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "app", "recognize", "--strokes", str(given)]
        environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=environment
        )
    assert done.returncode == 2
    assert done.stderr == "digitpad: The output can't be written: No space left on device.\n"


def test_nothing_to_recognise_is_a_mistake() -> None:
    done = recognize()
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_neither_qt_nor_tensorflow_is_imported() -> None:
    script = """
import io, sys
sys.stdin = io.TextIOWrapper(io.BytesIO(b'{"strokes": [[[0, 0], [0, 9]]]}'))
from app.__main__ import main
assert main(["recognize", "--strokes", "-"]) == 0
print([name for name in ("PySide6", "tensorflow", "keras") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_leaves_early_hears_no_complaint() -> None:
    command = [sys.executable, "-m", "app", "recognize", "--strokes", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdin
        assert child.stdout
        assert child.stderr
        child.stdin.write(rows(ONE).encode())
        child.stdin.flush()
        assert child.stdout.readline().startswith(b"row 1: 1")
        child.stdout.close()
        child.stdin.write(rows(*[ONE] * 50).encode())
        child.stdin.close()
        assert child.stderr.read() == b""
        assert child.wait() == 0


def test_numbers_in_strokes_are_read() -> None:
    number = [[[x + 120 * i, y] for x, y in stroke] for i, stroke in enumerate([*SEVEN, *ONE])]
    done = recognize("--numbers", "--strokes", "-", "--json", given=rows(number, []))
    assert (done.returncode, done.stderr) == (0, "")
    found, empty = map(json.loads, done.stdout.splitlines())
    assert (found["text"], found["verdict"]) == ("71", "digit")
    assert [digit["strokes"] for digit in found["digits"]] == [[0], [1]]
    assert [digit["digit"] for digit in found["digits"]] == [7, 1]
    assert len(found["digits"][0]["probabilities"]) == 10
    assert (empty["text"], empty["verdict"], empty["digits"]) == ("", "empty", [])
    text = recognize("--numbers", "--strokes", "-", given=rows(number))
    assert text.stdout.startswith("row 1: 71 (")


def test_a_program_that_waits_for_each_answer_gets_it() -> None:
    command = [sys.executable, "-m", "app", "recognize", "--strokes", "-", "--json"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for number, (drawing, digit) in enumerate([(SEVEN, 7), (ONE, 1), (SEVEN, 7)], 1):
            child.stdin.write(rows(drawing))
            answer = json.loads(child.stdout.readline())
            assert (answer["row"], answer["digit"]) == (number, digit)
        child.stdin.close()
        assert child.wait() == 0


def test_many_rows_at_once_get_the_answers_that_each_gets_alone() -> None:
    drawings = [SEVEN, ONE] * 150
    done = recognize("--strokes", "-", "--json", given=rows(*drawings, []))
    answers = list(map(json.loads, done.stdout.splitlines()))
    assert [answer["digit"] for answer in answers[:-1]] == [7, 1] * 150
    assert answers[-1]["verdict"] == "empty"
    assert [answer["row"] for answer in answers] == list(range(1, 302))


def test_each_failed_picture_has_its_error_and_its_name(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no picture")
    done = recognize(tmp_path / "text.png", tmp_path / "gone.png", "--json")
    assert done.returncode == 2
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["picture"] == str(tmp_path / "text.png")
    assert "not a picture" in first["error"]
    assert "can't be read" in second["error"]
    assert len(done.stderr.splitlines()) == 2


def test_a_row_that_is_no_number_spoils_none_of_those_that_come_with_it() -> None:
    drawings = rows(*[SEVEN] * 20) + '{"strokes": [[[0, 0], [1e999, 2]]]}\n' + rows(*[ONE] * 20)
    done = recognize("--strokes", "-", "--json", given=drawings)
    answers = list(map(json.loads, done.stdout.splitlines()))
    assert [answer.get("digit") for answer in answers] == [7] * 20 + [None] + [1] * 20
    assert "error" in answers[20]


def test_patterns_are_expanded_where_the_shell_does_not(tmp_path: Path) -> None:
    for name in ("b.png", "a.png", "c.txt", "[x].png"):
        (tmp_path / name).touch()
    given = [tmp_path / "?.png", tmp_path / "[x].png", tmp_path / "*.gif", tmp_path / "gone.png"]
    found = [path.name for path in expanded(given)]
    assert found == ["a.png", "b.png", "[x].png", "*.gif", "gone.png"]
