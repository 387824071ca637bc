"""Curves keep up with a run, and stay readable and cheap."""

import re
from collections.abc import Iterator

import numpy as np
import pyqtgraph
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.style.theme import apply_theme
from app.training.curve_plot import (
    TRAINING_COLOURS,
    TRAINING_MARK,
    VALIDATION_COLOURS,
    VALIDATION_MARK,
)
from app.training.curve_points import MAX_POINTS, CurvePoints, RecentMean
from app.training.curves import TrainingCurves
from app.training.run_marks import EARLIER_COLOURS, EARLIER_MARKS, EARLIER_SYMBOLS
from model.metadata import EpochFigures
from model.run_events import Progress


def progress(epoch: int, batch: int, *, loss: float = 0.5, accuracy: float = 0.9) -> Progress:
    return Progress(
        epoch=epoch,
        batch=batch,
        loss=loss,
        accuracy=accuracy,
        images_per_second=1000.0,
        seconds_left=1.0,
    )


@pytest.fixture
def curves(qtbot: QtBot) -> TrainingCurves:
    curves = TrainingCurves()
    qtbot.addWidget(curves)
    curves.resize(400, 360)
    curves.begin(epochs=4, batches=100)
    return curves


def test_a_long_run_is_thinned_and_keeps_its_ends() -> None:
    points = CurvePoints()
    for index in range(50_000):
        points.add(float(index), float(index))
    assert len(points.x) <= MAX_POINTS
    assert points.x[-1] == 49_999
    assert points.x == points.y
    assert np.all(np.diff(points.x) > 0)
    assert points.x[0] < 50_000 / MAX_POINTS * 4


def test_the_plots_show_the_whole_run_and_zoomed_in_its_end(curves: TrainingCurves) -> None:
    for epoch, accuracy in ((1, 0.1), (2, 0.9), (3, 0.97), (4, 0.98)):
        for batch in range(1, 101):
            curves.add_progress(progress(epoch, batch, accuracy=accuracy))
    curves.accuracy.redraw()
    points = curves.accuracy.training
    (left, right), (low, high) = curves.accuracy.ranges
    assert left <= 0
    assert right >= 4
    assert low <= min(points.y) < 20
    assert high >= max(points.y) == points.y[-1]
    curves.zoom.setChecked(True)
    (left, right), (low, high) = curves.accuracy.ranges
    assert left > 1.9
    assert right >= points.x[-1]
    assert low > min(points.y)
    assert high >= points.y[-1]


def test_earlier_runs_are_shown_beside_each_other(curves: TrainingCurves) -> None:
    earlier = [EpochFigures(epoch=e, loss=9.0, accuracy=e / 20) for e in range(1, 11)]
    colours = {curves.show_earlier(run_id, earlier) for run_id in ("a", "b", "c")}
    assert len(colours) == 3
    (_, right), (low, _) = curves.accuracy.ranges
    assert right >= 10
    assert low <= 5
    assert curves.loss.ranges[1][1] >= 9
    curves.hide_earlier("a")
    assert curves.show_earlier("d", earlier) not in {
        curves.show_earlier(run_id, earlier) for run_id in ("b", "c")
    }
    for run_id in ("b", "c", "d"):
        curves.hide_earlier(run_id)
    assert curves.accuracy.ranges[0][1] < 5


def test_the_legend_says_what_each_earlier_line_is(curves: TrainingCurves) -> None:
    with_split = [EpochFigures(epoch=1, loss=1.0, accuracy=0.9, validation_accuracy=0.8)]
    without = [EpochFigures(epoch=1, loss=1.0, accuracy=0.9)]
    curves.show_earlier("a", with_split, "4 May 13.37, Small CNN on MNIST")
    curves.show_earlier("b", without, "4 May 13.40, Small CNN on <b>shapes</b>")
    lines = re.sub("<span[^>]*>.*?</span> ", "", curves.legend.text()).split("<br>")
    assert lines[1:] == [
        "4 May 13.37, Small CNN on MNIST: validation split",
        "4 May 13.40, Small CNN on &lt;b&gt;shapes&lt;/b&gt;:"
        " training split, as it had no validation split",
    ]
    styles = [row.item.opts["pen"].style() for row in curves.accuracy._earlier.values()]
    assert styles == [Qt.PenStyle.DashLine, Qt.PenStyle.SolidLine]
    curves.hide_earlier("a")
    assert "MNIST" not in curves.legend.text()


def test_zoomed_in_a_single_value_stands_between_round_numbers(curves: TrainingCurves) -> None:
    curves.show_earlier("a", [EpochFigures(epoch=1, loss=0.1675, accuracy=0.95)])
    curves.zoom.setChecked(True)
    assert curves.loss.ranges[1] == pytest.approx((0.0675, 0.2675))
    assert curves.accuracy.ranges[1] == pytest.approx((91, 99))


def test_not_zoomed_in_the_axes_begin_at_nought_whatever_is_shown(curves: TrainingCurves) -> None:
    curves.show_earlier("a", [EpochFigures(epoch=1, loss=0.1675, accuracy=0.95)])
    low, high = curves.accuracy.ranges[1]
    assert low == 0
    assert 100 <= high <= 110
    assert curves.loss.ranges[1][0] == 0
    assert 0.1675 < curves.loss.ranges[1][1] < 0.2


def drawn(item: pyqtgraph.PlotDataItem) -> list[float]:
    """The epochs at which an item has points."""
    x, _ = item.getOriginalDataset()
    return [] if x is None else list(x)


def two_epochs(curves: TrainingCurves) -> list[EpochFigures]:
    rows = [EpochFigures(epoch=e, loss=1 / e, accuracy=0.9 + e / 100) for e in (1, 2)]
    for row in rows:
        for batch in range(1, 101):
            curves.add_progress(progress(row.epoch, batch))
        curves.add_epoch(row)
    curves._on_redraw_timeout()
    return rows


def test_beside_another_run_the_own_run_is_drawn_by_whole_epochs_too(
    curves: TrainingCurves,
) -> None:
    rows = two_epochs(curves)
    plot = curves.accuracy
    strong = plot._training_item.opts["pen"].color().name()
    assert drawn(plot._epochs_item) == []
    curves.show_earlier("other", rows, "Another run")
    assert drawn(plot._epochs_item) == drawn(plot._earlier["other"].item) == [1, 2]
    assert plot._epochs_item.opts["pen"].color().name() == strong
    assert plot._training_item.opts["pen"].color().name() != strong
    assert curves.legend.text().startswith("This run: ")
    curves.hide_earlier("other")
    assert drawn(plot._epochs_item) == []
    assert plot._training_item.opts["pen"].color().name() == strong
    assert "This run" not in curves.legend.text()


def test_a_run_that_is_laid_over_itself_is_drawn_once(curves: TrainingCurves) -> None:
    curves.show_own_run("mine")
    rows = two_epochs(curves)
    plot = curves.accuracy
    curves.show_earlier("mine", rows, "This very run")
    own = plot._training_item, plot._epochs_item, plot._validation_item
    assert [drawn(item) for item in own] == [[], [], []]
    assert drawn(plot._earlier["mine"].item) == [1, 2]
    assert curves.legend.text().startswith("Each run by its whole epochs<br>")
    curves.hide_earlier("mine")
    assert len(drawn(plot._training_item)) > 100


def test_a_resumed_run_has_its_past_epochs_as_points_apart_from_its_curve(
    curves: TrainingCurves,
) -> None:
    past = EpochFigures(epoch=1, loss=0.5, accuracy=0.6)
    curves.add_finished(past)
    curves.add_progress(progress(2, 1, accuracy=0.97))
    curves.add_progress(progress(2, 2, accuracy=0.97))
    curves._on_redraw_timeout()
    plot = curves.accuracy
    assert drawn(plot._epochs_item) == [1]
    assert min(drawn(plot._training_item)) > 1
    assert min(plot.training.y) > 90


def test_runs_differ_by_marker_not_colour_alone(curves: TrainingCurves) -> None:
    rows = [EpochFigures(epoch=1, loss=1, accuracy=0.9)]
    for name in ("a", "b", "c"):
        curves.show_earlier(name, rows, name)
    symbols = [row.item.opts["symbol"] for row in curves.accuracy._earlier.values()]
    assert symbols == list(EARLIER_SYMBOLS[:3])
    for mark in EARLIER_MARKS[:3]:
        assert mark in curves.legend.text()
    assert len(EARLIER_COLOURS) == len(set(EARLIER_MARKS)) == len(set(EARLIER_SYMBOLS))


@pytest.mark.parametrize("width", [380, 560, 1100])
def test_however_many_runs_are_shown_nothing_below_the_legend_moves(
    curves: TrainingCurves, width: int
) -> None:
    curves.legend.keep_room(5)
    curves.resize(width, 400)
    curves.show()
    QApplication.processEvents()
    assert curves.legend.text().count("<br>") == 0
    room, hint = curves.legend.minimumHeight(), curves.sizeHint().height()
    epochs = [EpochFigures(epoch=1, loss=1, accuracy=0.9)]
    for number in range(1, 6):
        name = (
            f"{number} May 13.37, The Digitpad network as it comes with the program on pen digits"
        )
        curves.show_earlier(str(number), epochs, name)
        legend = curves.legend
        assert legend.heightForWidth(legend.width()) <= room
        assert (legend.minimumHeight(), curves.sizeHint().height()) == (room, hint)
        assert f"{number} May" in legend.text()
    assert legend.text().count("<br>") == 3
    assert legend.text().endswith("and 3 more: Runs below has the colour of each")
    assert "1 May 13.37, The Digitpad network" in legend.toolTip()


def test_axes_have_units_and_names(curves: TrainingCurves) -> None:
    for plot, unit in ((curves.accuracy, " %"), (curves.loss, "")):
        left, bottom = (plot._plot.getAxis(side) for side in ("left", "bottom"))
        assert left.tickStrings([50.0, 100.0], 1.0, 50.0) == [f"50{unit}", f"100{unit}"]
        assert bottom.labelText == "epoch"
        assert bottom.label.isVisible()


def test_plots_grow_with_the_room_that_they_have(curves: TrainingCurves) -> None:
    curves.show()
    heights = []
    for width in (400, 560, 1000, 1400):
        curves.resize(width, 400)
        QApplication.sendPostedEvents()
        heights.append(curves.accuracy._plot.height())
    assert heights[0] >= 180
    assert heights[3] > heights[2] > heights[1] >= 180


def test_empty_plots_have_an_example_until_something_is_drawn(curves: TrainingCurves) -> None:
    curves.show_example("Your first run will draw here")
    assert curves.has_example
    curves.begin(epochs=2, batches=10)
    assert not curves.has_example


def test_the_plots_are_high_enough_to_be_read(curves: TrainingCurves) -> None:
    curves.show()
    QApplication.processEvents()
    plots = curves.findChildren(pyqtgraph.PlotWidget)
    assert len(plots) == 2
    assert min(plot.height() for plot in plots) >= 180


def test_the_mean_of_an_epoch_so_far_becomes_the_mean_of_its_last_moments() -> None:
    recent = RecentMean()
    # Right from the 50th batch on, wrong before: the mean so far only says 0.5 at the end.
    values = [recent.add(1, batch, max(0, batch - 50) / batch, 100) for batch in range(1, 101)]
    assert values[49] == 0
    assert values[-1] > 0.99


def test_the_next_epoch_begins_where_the_last_ended() -> None:
    recent = RecentMean()
    for batch in range(1, 101):
        before = recent.add(1, batch, batch / 100, 100)
    after = recent.add(2, 1, 1.0, 100)
    assert before > 0.95
    assert after - before < 0.05


def test_the_same_report_twice_changes_nothing() -> None:
    recent = RecentMean()
    assert recent.add(1, 10, 0.5, 100) == recent.add(1, 10, 0.5, 100) == 0.5


def test_values_stand_above_the_plots(curves: TrainingCurves, qtbot: QtBot) -> None:
    curves.add_progress(progress(1, 50, loss=0.25, accuracy=0.9312))
    curves.add_epoch(
        EpochFigures(
            epoch=1, loss=0.2, accuracy=0.94, validation_loss=0.125, validation_accuracy=0.97
        )
    )

    def are_shown() -> None:
        assert "93.12 %" in curves.accuracy.shown_values
        assert "97.00 %" in curves.accuracy.shown_values
        assert "0.2500" in curves.loss.shown_values
        assert "0.1250" in curves.loss.shown_values

    qtbot.waitUntil(are_shown)
    assert curves.accuracy.training.x == [0.5]
    assert curves.accuracy.validation.x == [1]


def test_a_value_does_not_touch_the_name_of_the_next_plot(curves: TrainingCurves) -> None:
    curves.resize(600, 360)
    curves.show()
    curves.add_progress(progress(1, 100))
    curves._on_redraw_timeout()
    QApplication.processEvents()
    values, plot = curves.accuracy._values, curves.loss
    right = values.mapTo(curves, values.rect().topRight()).x()
    assert plot.mapTo(curves, plot.rect().topLeft()).x() - right >= 16


def test_figures_of_a_few_batches_say_of_how_many(curves: TrainingCurves) -> None:
    curves.add_progress(progress(1, 1, accuracy=1.0))
    curves._on_redraw_timeout()
    for plot in (curves.accuracy, curves.loss):
        assert plot.shown_values.endswith("</b> after 1 batch")
    curves.add_progress(progress(1, 7, accuracy=1.0))
    curves._on_redraw_timeout()
    assert curves.accuracy.shown_values.endswith("after 7 batches")
    curves.add_progress(progress(1, 60, accuracy=1.0))
    curves._on_redraw_timeout()
    assert "batch" not in curves.accuracy.shown_values


def test_without_validation_images_there_is_one_curve(curves: TrainingCurves, qtbot: QtBot) -> None:
    curves.add_progress(progress(1, 100))
    curves.add_epoch(EpochFigures(epoch=1, loss=0.2, accuracy=0.94))

    def is_shown() -> None:
        assert TRAINING_MARK in curves.accuracy.shown_values

    qtbot.waitUntil(is_shown)
    assert VALIDATION_MARK not in curves.accuracy.shown_values


def test_another_run_begins_with_empty_plots(curves: TrainingCurves) -> None:
    curves.add_progress(progress(1, 50))
    curves.begin(epochs=2, batches=10)
    assert curves.accuracy.training.x == []
    assert curves.accuracy.shown_values == ""


def test_many_events_are_drawn_at_once(curves: TrainingCurves, qtbot: QtBot) -> None:
    redraws: list[int] = []
    curves._redraw.timeout.connect(lambda: redraws.append(1))
    for batch in range(1, 101):
        curves.add_progress(progress(1, batch))
    qtbot.waitUntil(lambda: bool(redraws))
    assert len(redraws) == 1


def contrast(one: str, other: str) -> float:
    """Contrast of two colours as WCAG 2.1 defines it, from 1 to 21."""
    brightness = []
    for name in (one, other):
        colour = QColor(name)
        parts = np.array([colour.redF(), colour.greenF(), colour.blueF()])
        linear = np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        brightness.append(float(linear @ [0.2126, 0.7152, 0.0722]) + 0.05)
    return max(brightness) / min(brightness)


@pytest.mark.parametrize(("is_dark", "paper"), [(False, "#ffffff"), (True, "#1c1f24")])
def test_curves_can_be_told_from_their_paper(is_dark: bool, paper: str) -> None:
    assert contrast(TRAINING_COLOURS[is_dark], paper) >= 4.5
    assert contrast(VALIDATION_COLOURS[is_dark], paper) >= 4.5
    assert all(contrast(colours[is_dark], paper) >= 3 for colours in EARLIER_COLOURS)


@pytest.fixture
def application(qapp: QApplication) -> Iterator[QApplication]:
    """The application, which wears afterwards what it wore before."""
    palette, style_sheet = qapp.palette(), qapp.styleSheet()
    yield qapp
    qapp.setStyleSheet(style_sheet)
    qapp.setPalette(palette)


def test_colours_follow_the_theme(
    curves: TrainingCurves, qtbot: QtBot, application: QApplication
) -> None:
    curves.add_progress(progress(1, 50))
    for name, colours in (("dark", TRAINING_COLOURS[1]), ("light", TRAINING_COLOURS[0])):
        apply_theme(application, name)
        qtbot.waitUntil(lambda colours=colours: _assert_shown(curves, colours))


def _assert_shown(curves: TrainingCurves, colour: str) -> None:
    assert colour in curves.accuracy.shown_values


@pytest.mark.parametrize("epochs", [1, 2, 3, 5, 8, 40])
def test_the_marks_stand_at_whole_epochs(curves: TrainingCurves, epochs: int) -> None:
    curves.begin(epochs=epochs, batches=10)
    axis = curves.accuracy._plot.getAxis("bottom")
    ticks = [tick for _, level in axis.tickValues(0, epochs, 300) for tick in level]
    assert ticks
    assert all(float(tick).is_integer() for tick in ticks)
