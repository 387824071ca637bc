"""Where dialogs begin."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths

from app.widgets.file_dialogs import first_folder

APP = Path(__file__).resolve().parents[3] / "app"


def test_a_dialog_begins_where_the_user_was_last_or_in_the_documents(tmp_path, monkeypatch):
    documents = tmp_path / "Documents"
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(documents))
    assert first_folder("") == str(Path.home())  # there are no documents
    documents.mkdir()
    assert first_folder("") == str(documents)
    assert first_folder(str(tmp_path)) == str(tmp_path)


@pytest.mark.parametrize("odd", [".", "models", "/gone/since/then"])
def test_a_folder_that_is_relative_or_gone_is_not_opened(tmp_path, monkeypatch, odd):
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path))
    assert first_folder(odd) == str(tmp_path)


def test_no_dialog_for_files_begins_in_the_program_s_own_folder():
    made = re.compile(
        r"QFileDialog(?:\.get\w+)?\([^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*\)"
    )
    for source in APP.rglob("*.py"):
        for call in made.findall(source.read_text(encoding="utf-8")):
            assert "folder" in call, f"{source}: {call}"
