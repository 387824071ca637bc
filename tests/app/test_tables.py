"""What is added to a table alone appears in the window and on the command line."""

import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.application import build
from app.models.export_dialog import ExportDialog
from app.models.words import dataset_in_words
from model.__main__ import main
from model.conversion.converters import CONVERTERS
from model.data.datasets import DATASETS, DatasetSource
from model.data.labelled_images import LabelledImages
from model.exporting.formats import EXPORT_FORMATS, ExportFormat
from model.metadata import DIGIT_NAMES
from model.recognizer import BUNDLED_MODEL


def squares(_folder: Path | None, _seed: int, _progress: object) -> tuple[LabelledImages, None]:
    """Read ten images with one white square each."""
    images = np.zeros((10, 28, 28), np.uint8)
    images[:, 10:18, 10:18] = 255
    return LabelledImages(images, np.arange(10)), None


@pytest.fixture
def _new_data_set(monkeypatch: pytest.MonkeyPatch) -> None:
    row = DatasetSource("squares", "White squares", "Ten squares", "nobody", DIGIT_NAMES, squares)
    monkeypatch.setitem(DATASETS, row.name, row)


@pytest.mark.usefixtures("_new_data_set")
def test_a_new_data_set_is_in_the_window(qtbot: QtBot) -> None:
    _, window = build(["digitpad"])
    qtbot.addWidget(window)
    window.show()
    window.show_lens("train")

    def is_listed() -> None:
        box = window.findChild(QComboBox, "dataset")
        assert box is not None
        assert box.findText("White squares") >= 0

    qtbot.waitUntil(is_listed)
    assert dataset_in_words("squares") == "White squares"


@pytest.mark.usefixtures("_new_data_set")
def test_a_new_data_set_is_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--dataset", "squares", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["dataset"], answer["images"]) == ("squares", 10)
    assert main(["evaluate", "--dataset", "circles"]) == 2
    assert "squares" in capsys.readouterr().err


@pytest.fixture
def _new_format(monkeypatch: pytest.MonkeyPatch) -> None:
    row = ExportFormat(name="paper", title="Paper", summary="for looms", suffix=".reel", code="")
    monkeypatch.setitem(EXPORT_FORMATS, row.name, row)


@pytest.mark.usefixtures("_new_format")
def test_a_new_export_format_is_in_the_window(qtbot: QtBot) -> None:
    dialog = ExportDialog("mine")
    qtbot.addWidget(dialog)
    dialog.kinds[-1].click()
    with qtbot.waitSignal(dialog.export_requested) as wish:
        dialog.export_button.click()
    assert dialog.kinds[-1].text() == "Paper: for looms"
    assert (wish.args[0].target, wish.args[0].suffix) == ("paper", ".reel")


@pytest.mark.usefixtures("_new_format")
def test_a_new_export_format_is_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["export", str(BUNDLED_MODEL), "--out", str(tmp_path / "net.onnx"), "--to"]
    assert main([*command, "paper"]) == 2
    assert "--out must end in .reel" in capsys.readouterr().err
    assert main([*command, "stone"]) == 2
    assert "'savedmodel', 'paper'" in capsys.readouterr().err


def test_each_export_format_has_a_converter() -> None:
    assert CONVERTERS.keys() == EXPORT_FORMATS.keys()
