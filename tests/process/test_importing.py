"""Opening model files by the real child: good ones, hostile ones, and a child that dies."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model.data.sample_digits import sample_digits
from model.errors import ModelFileError
from model.metadata import InputFormat
from model.model_files.model_file import converted_model_path, write_converted_model
from model.model_files.opening import (
    UnknownPixelsError,
    child_environment,
    import_arguments,
    import_model,
    known_model,
    run_import,
)
from model.pixel_ranges import PIXELS, pixels_name, pixels_named
from model.protocol import decode_task_event
from model.recognizer import BUNDLED_MODEL, Recognizer
from model.run_events import STARTING, Failed, Preparing
from model.task_events import Imported
from tests.hostile_models import MARKER_NAME, hostile_files
from tests.made_models import archive, good_config, good_weights, weights_file

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def good_file(tmp_path: Path) -> Path:
    path = tmp_path / "good.keras"
    path.write_bytes(archive())
    return path


def fake_child(code: str) -> list[str]:
    """A child that runs some code instead of importing a file."""
    return [sys.executable, "-c", code]


@pytest.mark.process
def test_good_file_is_imported_and_known_from_then_on(good_file: Path) -> None:
    steps: list[str] = []
    copy = import_model(good_file, progress=lambda activity, fraction: steps.append(activity))
    assert steps[:2] == ["Looking into the file", STARTING]
    recognizer = Recognizer.from_files(copy)
    assert recognizer.metadata.input_format == InputFormat(shape=(28, 28, 1), scale=255.0)
    assert recognizer.recognize(sample_digits(10).inks[0]).probabilities.sum() == pytest.approx(1)
    steps.clear()
    assert (
        import_model(good_file, progress=lambda activity, fraction: steps.append(activity)) == copy
    )
    assert not steps


@pytest.mark.process
def test_unknown_pixels_are_asked_for_with_the_likeliest_first(tmp_path: Path) -> None:
    config = good_config()
    del config["config"]["layers"][1]
    path = tmp_path / "plain.keras"
    path.write_bytes(archive(config))
    with pytest.raises(UnknownPixelsError, match="which pixels") as caught:
        import_model(path)
    choices = caught.value.choices
    assert {pixels_name(choice.input_format) for choice in choices} == set(PIXELS)
    assert known_model(path) is None
    copy = import_model(path, input_format=PIXELS["0-255-inverted"])
    assert Recognizer.from_files(copy).metadata.input_format.is_inverted
    assert known_model(path, PIXELS["0-1"]) is None


@pytest.mark.process
@pytest.mark.parametrize("name", ["lambda.keras", "CVE-2025-9905 lambda.h5", "NaN weights.keras"])
def test_hostile_file_never_meets_keras(name: str, tmp_path: Path) -> None:
    marker = tmp_path / MARKER_NAME
    path = tmp_path / name
    path.write_bytes(next(f.data for f in hostile_files(marker) if f.name == name))
    steps: list[str] = []
    with pytest.raises(ModelFileError, match="refused"):
        import_model(path, progress=lambda activity, fraction: steps.append(activity))
    assert STARTING not in steps
    assert not marker.exists()
    assert known_model(path) is None


@pytest.mark.process
def test_obstacle_is_said_before_keras_is_started(tmp_path: Path) -> None:
    config = good_config()
    config["config"]["layers"][-1]["config"]["units"] = 1
    weights = good_weights()
    weights["layers/dense/vars/0"] = weights["layers/dense/vars/0"][:, :1]
    weights["layers/dense/vars/1"] = weights["layers/dense/vars/1"][:1]
    path = tmp_path / "one.keras"
    path.write_bytes(archive(config, weights_file(weights)))
    with pytest.raises(ModelFileError, match="not 2 to 62 classes"):
        import_model(path)


@pytest.mark.process
def test_file_swapped_after_it_was_looked_at_is_refused(good_file: Path, tmp_path: Path) -> None:
    arguments = import_arguments(good_file, sha256="0" * 64)
    event = run_import([sys.executable, "-m", "model", *arguments])
    assert isinstance(event, Failed)
    assert "has changed" in event.sentence


@pytest.mark.process
def test_child_ends_with_one_terminal_event_and_prints_nothing_else(
    good_file: Path, tmp_path: Path
) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "model", *import_arguments(good_file)],
        cwd=PROJECT,
        env=child_environment(str(tmp_path)),
        capture_output=True,
        timeout=200,
        check=False,
    )
    events = [decode_task_event(line) for line in run.stdout.splitlines()]
    assert [type(event) for event in events] == [Preparing] * (len(events) - 1) + [Imported]
    assert events[-1].largest_difference <= 1e-4
    assert run.returncode == 0


@pytest.mark.process
def test_known_file_is_recognised_at_once_without_tensorflow(good_file: Path) -> None:
    keep_bundled_copy_for(good_file)
    code = f"""
import sys, time
from pathlib import Path
from model.model_files.opening import import_model
from model.recognizer import Recognizer
from model.ink import ink_from_strokes
ink = ink_from_strokes([[[0, 0], [10, 30]]])
# The processor's time, because others may be using the machine.
began = time.process_time()
Recognizer.from_files(import_model(Path({str(good_file)!r}))).recognize(ink)
print(time.process_time() - began)
print([name for name in ("tensorflow", "keras", "h5py") if name in sys.modules])
"""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    seconds, loaded = run.stdout.splitlines()
    assert float(seconds) <= 0.3
    assert loaded == "[]"


def test_damaged_copy_is_not_used(good_file: Path) -> None:
    copy = keep_bundled_copy_for(good_file)
    assert known_model(good_file) == copy
    data = bytearray(copy.read_bytes())
    data[len(data) // 2] ^= 1
    copy.write_bytes(data)
    assert known_model(good_file) is None


def test_copy_for_other_pixels_is_not_used(good_file: Path) -> None:
    copy = keep_bundled_copy_for(good_file)
    assert known_model(good_file, PIXELS["0-1"]) == copy
    assert known_model(good_file, PIXELS["0-255"]) is None


def test_child_that_is_killed_is_a_sentence() -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    event = run_import(fake_child(code))
    assert isinstance(event, Failed)
    assert "was given up" in event.sentence


@pytest.mark.process
def test_child_that_hangs_ends_itself(good_file: Path) -> None:
    code = (
        "import sys, time; from model.model_files import inspection, opening;"
        "opening.IDLE_SECONDS = 0.5; inspection.read_model = lambda *_: time.sleep(1000);"
        "from model.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    event = run_import([*fake_child(code), *import_arguments(good_file)])
    assert isinstance(event, Failed)
    assert "hung" in event.sentence
    assert "Timeout" in event.detail


def test_what_a_child_wrote_on_its_way_down_is_kept_for_the_log() -> None:
    event = run_import(fake_child("raise SystemExit('terminate called')"))
    assert isinstance(event, Failed)
    assert "terminate called" in event.detail


@pytest.mark.parametrize("line", ["", "{}", '{"event": "imported"}', "\\xff\\x00", "[" * 99999])
def test_rubbish_from_a_child_is_no_event(line: str) -> None:
    event = run_import(fake_child(f"print({line!r})"))
    assert isinstance(event, Failed)


def test_names_of_pixels_lead_back() -> None:
    for name, input_format in PIXELS.items():
        assert pixels_name(input_format) == name
        assert pixels_named(name) == input_format
    assert pixels_named(None) is None
    with pytest.raises(ModelFileError, match="choose one of 0-1, 0-255"):
        pixels_named("0-7")
    with pytest.raises(ValueError, match="scale"):
        pixels_name(InputFormat(scale=3.0))


def test_digits_to_try_a_network_on_are_always_the_same() -> None:
    first, second = sample_digits(20), sample_digits(20)
    np.testing.assert_array_equal(first.inks, second.inks)
    assert sorted(first.labels) == sorted(list(range(10)) * 2)


def keep_bundled_copy_for(path: Path) -> Path:
    """Put the bundled network's copy into the cache as if it were this file's."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    target = converted_model_path(sha256)
    litert = BUNDLED_MODEL.with_suffix(".tflite")
    metadata = Recognizer.from_files(litert).metadata
    write_converted_model(target, litert.read_bytes(), metadata, source_sha256=sha256)
    return target
