"""How long an epoch takes is known before the first run: from a probe, or from earlier runs."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from app.models.library import ModelLibrary
from app.recognition.current_model import CurrentModel
from app.training import speed_probe
from app.training.form_presenter import MEASURING, WITH_THE_DATA, WITH_THE_RUN, FormPresenter
from app.training.panel import TrainingPanel
from app.training.progress import about
from app.training.run_speed import images_an_epoch, seconds_an_epoch
from app.training.speed_probe import SpeedProbe
from app.widgets.data_box import DataEntry
from model.database.runs import Run
from model.files.paths import models_folder
from model.metadata import DIGIT_NAMES, EpochFigures
from model.protocol import encode_line
from model.recipes import RECIPES, changed_recipe
from model.task_events import DataChecked, SpeedMeasured

RECIPE = RECIPES["dense128"]
DIGITS = DataChecked(
    title="Digits",
    training_images=60_000,
    test_images=10_000,
    class_names=DIGIT_NAMES,
    class_counts=(6_000,) * 10,
    samples=(),
)


class Children:
    """Command lines of children that print one event; what was asked for is kept."""

    def __init__(self, speed: float | None, data: DataChecked = DIGITS) -> None:
        self.asked: list[str] = []
        self._speed = speed
        self._data = data

    def __call__(self, *arguments: str) -> list[str]:
        self.asked.append(arguments[0])
        line = b""
        if arguments[0] == "data":
            line = encode_line(self._data)
        elif self._speed is not None:
            line = encode_line(SpeedMeasured(images_per_second=self._speed))
        program = f"import sys; sys.stdout.buffer.write({line!r})"
        return [sys.executable, "-I", "-S", "-c", program]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed_probe, "DELAY_MS", 0)


MakeProbe = Callable[[Children], SpeedProbe]


@pytest.fixture
def make_probe(qtbot: QtBot) -> Iterator[MakeProbe]:
    probes: list[SpeedProbe] = []

    def make(children: Children) -> SpeedProbe:
        probes.append(SpeedProbe(children))
        return probes[-1]

    yield make
    for probe in probes:
        probe.end_now()


def test_a_speed_is_measured_once(qtbot: QtBot, make_probe: MakeProbe) -> None:
    children = Children(2_000)
    probe = make_probe(children)
    with qtbot.waitSignal(probe.measured):
        probe.ask(RECIPE, "auto")
        probe.ask(RECIPE, "auto")
        assert probe.is_measuring
    assert probe.images_per_second(RECIPE, "auto") == 2_000
    assert probe.images_per_second(RECIPE, "cpu") is None
    probe.ask(changed_recipe(RECIPE, epochs=9, learning_rate=0.5), "auto")
    assert not probe.is_measuring
    assert children.asked == ["speed"]


def test_a_probe_that_fails_is_not_tried_again(qtbot: QtBot, make_probe: MakeProbe) -> None:
    children = Children(None)
    probe = make_probe(children)
    with qtbot.waitSignal(probe.measured):
        probe.ask(RECIPE, "auto")
    assert probe.images_per_second(RECIPE, "auto") is None
    probe.ask(RECIPE, "auto")
    assert not probe.is_measuring
    assert children.asked == ["speed"]


def test_other_settings_are_measured_instead(qtbot: QtBot, make_probe: MakeProbe) -> None:
    probe = make_probe(Children(500))
    probe.ask(RECIPE, "auto")
    other = changed_recipe(RECIPE, batch_size=512)
    with qtbot.waitSignal(probe.measured):
        probe.ask(other, "auto")
    assert probe.images_per_second(other, "auto") == 500
    assert probe.images_per_second(RECIPE, "auto") is None


def test_the_form_says_how_long_an_epoch_takes_before_any_run(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    children = Children(2_000)
    panel = TrainingPanel(list(RECIPES.values()), [DataEntry("mnist", "MNIST")])
    qtbot.addWidget(panel)
    said: list[str] = []  # what is said while it is measured may be gone before it is looked for
    line = panel.foot.estimate
    show = line.setText
    monkeypatch.setattr(line, "setText", lambda text: (said.append(text), show(text)))
    library = ModelLibrary(models_folder(), tuple)
    form = FormPresenter(panel, CurrentModel(panel), library, command_line=children, parent=panel)
    panel.form.show_recipe("dense128")
    panel.form.dataset.add("mnist")
    form.data.check_again()
    facts = "101,770 weights · about 30 s an epoch on this computer"
    qtbot.waitUntil(lambda: _assert_facts(panel, facts))
    assert MEASURING in said
    assert panel.foot.estimate.text() == "about 2 min 30 s in all, after preparing"

    form.set_runs([_run(seconds=12.0)])
    _assert_facts(panel, "101,770 weights · about 12 s an epoch on this computer")
    assert children.asked.count("speed") == 1
    form.end_now()


def test_where_there_is_no_estimate_that_is_said(qtbot: QtBot) -> None:
    panel = TrainingPanel(list(RECIPES.values()), [DataEntry("mnist", "MNIST")])
    qtbot.addWidget(panel)
    library = ModelLibrary(models_folder(), tuple)
    form = FormPresenter(
        panel, CurrentModel(panel), library, command_line=Children(None), parent=panel
    )
    assert panel.foot.estimate.text() == WITH_THE_DATA  # they are not checked yet
    with qtbot.waitSignal(form.speed.measured):
        form.data.check_again()
    assert panel.foot.estimate.text() == WITH_THE_RUN  # the probe has failed
    panel.show_beginning()
    assert not panel.foot.estimate.text()  # a run says itself how long it takes
    form.end_now()


def test_a_probe_that_takes_too_long_is_given_up(
    qtbot: QtBot, make_probe: MakeProbe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed_probe, "MOST_MS", 50)
    probe = make_probe(lambda *_: [sys.executable, "-c", "input()"])
    with qtbot.waitSignal(probe.measured):
        probe.ask(RECIPE, "auto")
    assert not probe.is_measuring
    assert probe.images_per_second(RECIPE, "auto") is None


def test_a_run_on_few_images_says_nothing_about_a_long_one() -> None:
    small = replace(_run(seconds=10.0), training_images=60)
    assert seconds_an_epoch(RECIPE, 58_816, [small]) is None
    assert seconds_an_epoch(RECIPE, 60_000, [small, _run(seconds=30.0)]) == 30.0
    assert seconds_an_epoch(RECIPE, 60, [small]) == 10.0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0, "less than a second"), (0.96, "about 1 s"), (90, "about 1 min 30 s")],
)
def test_an_estimate_is_never_of_no_time(seconds: float, words: str) -> None:
    assert about(seconds) == words


def test_the_last_layer_has_an_output_for_each_class_of_the_data(qtbot: QtBot) -> None:
    children = Children(None, data=msgspec.structs.replace(DIGITS, class_names=("a", "b", "c")))
    panel = TrainingPanel(list(RECIPES.values()), [DataEntry("mnist", "MNIST")])
    qtbot.addWidget(panel)
    library = ModelLibrary(models_folder(), tuple)
    form = FormPresenter(panel, CurrentModel(panel), library, command_line=children, parent=panel)
    panel.form.show_recipe("dense128")
    form.data.check_again()

    def has_three() -> None:
        table = panel.form.advanced.network.table
        assert table.item(table.rowCount() - 1, 1).text().endswith("3")

    qtbot.waitUntil(has_three)
    form.end_now()


def _assert_facts(panel: TrainingPanel, words: str) -> None:
    assert words in panel.form._network_facts.text()


def _run(seconds: float) -> Run:
    figures = [EpochFigures(epoch=n, loss=1.0, accuracy=0.5, seconds=seconds) for n in (1, 2)]
    return Run(
        id="1",
        started="2026-05-04T13:37:00+00:00",
        recipe="dense128",
        dataset="mnist",
        planned_epochs=2,
        settings=msgspec.to_builtins(RECIPE),
        model_file="x.keras",
        epochs=tuple(figures),
        training_images=60_000,
    )


def test_what_validates_is_not_trained_and_drawings_that_teach_refusal_are() -> None:
    assert images_an_epoch(RECIPE, None) == 0
    assert images_an_epoch(RECIPE, DIGITS) == 60_000
    validating = changed_recipe(RECIPE, validation_split=0.5)
    assert images_an_epoch(validating, DIGITS) == 30_000
    refusing = changed_recipe(validating, refusal=True)
    assert images_an_epoch(refusing, DIGITS) == 34_800
    letters = msgspec.structs.replace(DIGITS, class_names=tuple("abcdefghij"))
    assert images_an_epoch(refusing, letters) == 30_000
