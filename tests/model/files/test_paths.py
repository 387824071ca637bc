"""The folders in the environment mean the same to every process, wherever it starts."""

import os
from pathlib import Path

import pytest

from model.__main__ import main
from model.files import paths


@pytest.mark.parametrize("name", ["SETTINGS", "USER_DATA", "MODELS", "CACHE", "DATA"])
def test_a_relative_folder_is_of_the_folder_in_which_the_program_started(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"DIGITPAD_{name}", "here")
    assert main(["recognize", "--help"]) == 0
    # What a child gets, which starts elsewhere.
    assert os.environ[f"DIGITPAD_{name}"] == str(tmp_path / "here")


def test_a_folder_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGITPAD_MODELS", "models")
    monkeypatch.setenv("DIGITPAD_DATA", "~/data")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert paths.models_folder() == tmp_path / "models"
    assert paths.data_folder() == tmp_path / "data"
