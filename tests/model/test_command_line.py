"""The command line as a process: its output, its environment, its exit codes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.__main__ import COMMANDS as PROGRAM_COMMANDS
from tests.made_models import archive

PROJECT = Path(__file__).resolve().parents[2]


def run(
    *arguments: object, stdout: object = subprocess.PIPE, **environment: str
) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "model", *map(str, arguments)],
        cwd=PROJECT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=stdout,  # type: ignore[call-overload]
        stderr=subprocess.PIPE,
        timeout=200,
        check=False,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_that_is_full_is_one_sentence(unbuffered: str) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = run("--help", stdout=full, PYTHONUNBUFFERED=unbuffered)
    assert ended.returncode == 2
    assert b"output" in ended.stderr
    assert ended.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("backend", "sentence"),
    [("mxnet", b"trains with tensorflow, jax, torch"), ("torch", b"is not installed")],
)
def test_a_backend_that_is_absent_is_one_sentence(
    backend: str, sentence: bytes, tmp_path: Path
) -> None:
    # A folder without packages stands for an installation without torch.
    hide = "import sys; sys.modules['torch'] = None"
    (tmp_path / "sitecustomize.py").write_text(hide, encoding="utf-8")
    ended = run(
        "train",
        "--out",
        tmp_path / "x.keras",
        KERAS_BACKEND=backend,
        PYTHONPATH=f"{tmp_path}{os.pathsep}{PROJECT}",
    )
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert b"Traceback" not in ended.stderr


@pytest.mark.process
def test_the_users_own_keras_settings_do_not_reach_a_run(tmp_path: Path) -> None:
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras" / "keras.json").write_text(
        '{"image_data_format": "channels_first", "floatx": "float16", "backend": "mxnet"}',
        encoding="utf-8",
    )
    script = (
        "import model.training, keras;"
        "print(keras.config.image_data_format(), keras.config.floatx(), keras.config.backend())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env={**os.environ, "HOME": str(tmp_path), "KERAS_BACKEND": "", "KERAS_MAX_EPOCHS": "1"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert ended.stdout.split() == ["channels_last", "float32", "tensorflow"], ended.stderr


def test_json_is_utf_8_whatever_the_code_page(tmp_path: Path) -> None:
    path = tmp_path / "größe.keras"
    path.write_bytes(archive())
    ended = run("info", path, "--json", PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert json.loads(ended.stdout.decode("utf-8"))["file_name"] == "größe.keras"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' names are text")
def test_json_names_a_picture_of_any_bytes() -> None:
    ended = run("recognize", "gone\udcff.png", "--json")
    assert ended.returncode == 2
    assert json.loads(ended.stdout)["picture"] == "gone\\udcff.png"


@pytest.mark.parametrize("package", ["platformdirs", "msgspec", "numpy"])
def test_a_missing_package_is_named(package: str, tmp_path: Path) -> None:
    hide = f"import sys; sys.modules[{package!r}] = None"
    (tmp_path / "sitecustomize.py").write_text(hide, encoding="utf-8")
    ended = run("recognize", "--strokes", "-", PYTHONPATH=f"{tmp_path}{os.pathsep}{PROJECT}")
    assert ended.returncode == 2
    assert f"The package {package} is missing".encode() in ended.stderr
    assert b"Traceback" not in ended.stderr


def test_a_missing_package_is_named_where_the_window_should_open(tmp_path: Path) -> None:
    hide = "import sys; sys.modules['platformdirs'] = None"
    (tmp_path / "sitecustomize.py").write_text(hide, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "app"],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{PROJECT}"},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 2
    assert b"The package platformdirs is missing" in ended.stderr
    assert b"Traceback" not in ended.stderr


def test_every_command_of_the_help_is_one_of_the_program() -> None:
    listed = re.findall(r"^    (\w+)", run("--help").stdout.decode(), re.MULTILINE)
    assert tuple(listed) == PROGRAM_COMMANDS
