"""Plots for paper: light in every theme, with title, model, data and axes, and without a choice."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.evaluation.confusion_view import ConfusionView
from app.evaluation.paper import PlotSheet, write_plot
from app.evaluation.plot import Plot
from app.evaluation.reliability_view import ReliabilityView
from app.evaluation.robustness_view import RobustnessView
from app.style.theme import apply_theme
from model.evaluation.report import CalibrationBin
from model.evaluation.robustness import RobustnessCurve, RobustnessPoint
from model.evaluation.saving import ReportFileError

SUBJECT = "Lesson 1: test accuracy 97.30 % (MNIST, 10,000 images)"
MARGIN_PX = 3 * 16


def curve(name: str, accuracy: float) -> RobustnessCurve:
    points = tuple(
        RobustnessPoint(amount=amount, accuracy=accuracy, low=accuracy - 0.1, high=accuracy)
        for amount in (-60, 0, 60)
    )
    return RobustnessCurve(name=name, title=name.title(), unit="°", images=400, points=points)


def confusion() -> ConfusionView:
    view = ConfusionView()
    view.show_matrix([[8, 0, 1], [0, 9, 3], [0, 2, 7]], ("cat", "dog", "a very long class"))
    return view


def reliability() -> ReliabilityView:
    view = ReliabilityView()
    bins = [
        CalibrationBin(low=n / 10, high=n / 10 + 0.1, images=n, confidence=n / 10, accuracy=n / 10)
        for n in range(10)
    ]
    view.show_bins(bins)
    return view


def robustness() -> RobustnessView:
    view = RobustnessView()
    names = ("rotation", "slant", "size", "shift", "noise", "blur")
    first, second = ([curve(name, value) for name in names] for value in (0.9, 0.6))
    view.show_curves(first, second, ("Lesson 1", "Digitpad network"))
    return view


PLOTS = {
    confusion: ("predicted class", "true class", "cat", "a very long class"),
    reliability: ("confidence", "answers that are right", "100 %"),
    robustness: ("rotation, degrees", "accuracy", "100 %", "Digitpad network", "95 % interval"),
}


@pytest.fixture(params=["light", "dark"])
def theme(request, qapp: QApplication):
    apply_theme(qapp, request.param)
    yield request.param
    apply_theme(qapp, "system")


@pytest.fixture(params=PLOTS, ids=lambda make: make.__name__)
def plot(request, qtbot, theme) -> Plot:
    view = request.param()
    view.words = PLOTS[request.param]
    qtbot.addWidget(view)
    view.resize(500, 300)
    return view


def written(plot: Plot, path: Path) -> Path:
    write_plot(PlotSheet(plot, SUBJECT), path)
    return path


def test_a_picture_is_paper_with_margins_and_no_half_is_empty(plot, tmp_path):
    with Image.open(written(plot, tmp_path / "plot.png")) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    inked = (pixels != 255).any(axis=2)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    height, width = inked.shape
    for before, after, extent in ((rows[0], rows[-1], height), (columns[0], columns[-1], width)):
        assert MARGIN_PX // 2 <= before <= 3 * MARGIN_PX  # nothing at the very edge
        assert MARGIN_PX // 4 <= extent - 1 - after <= 3 * MARGIN_PX
    assert np.median(pixels) >= 244


def test_a_drawing_has_title_model_data_axes_and_legend(plot, tmp_path):
    drawing = written(plot, tmp_path / "plot.svg").read_text(encoding="utf-8")
    words = " ".join(re.findall(r">([^<]*)</text>", drawing))
    for expected in (*plot.title.split(), *SUBJECT.split(), *plot.words):
        assert expected in words
    assert "<script" not in drawing


def test_what_the_user_has_chosen_is_not_on_paper(qtbot, tmp_path):
    view = confusion()
    qtbot.addWidget(view)
    before = written(view, tmp_path / "one.png").read_bytes()
    view.choose(0, 0)
    assert written(view, tmp_path / "two.png").read_bytes() == before
    curves = robustness()
    qtbot.addWidget(curves)
    before = written(curves, tmp_path / "three.png").read_bytes()
    curves.show_changes({}, {"rotation": "8 at 31°"})
    curves._choose(3)
    assert written(curves, tmp_path / "four.png").read_bytes() == before


def test_dark_and_light_are_the_same_on_paper(qtbot, qapp, tmp_path):
    files = []
    for theme in ("light", "dark"):
        apply_theme(qapp, theme)
        view = robustness()
        qtbot.addWidget(view)
        files.append(QImage(str(written(view, tmp_path / f"{theme}.png"))))
    apply_theme(qapp, "system")
    assert files[0] == files[1]


def test_another_suffix_and_a_folder_that_is_not_there_are_refused(qtbot, tmp_path):
    view = confusion()
    qtbot.addWidget(view)
    for wrong in (tmp_path / "plot.txt", tmp_path / "nowhere" / "plot.png"):
        with pytest.raises(ReportFileError):
            written(view, wrong)
