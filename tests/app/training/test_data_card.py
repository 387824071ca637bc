"""What is said about the chosen data, and that no run begins with data that can't be used."""

import sys

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.models.library import ModelLibrary
from app.recognition.current_model import CurrentModel
from app.style.theme import apply_theme
from app.training.data_card import DataCard, runs_of
from app.training.form_presenter import FormPresenter
from app.training.panel import TrainingPanel
from app.training.run_controls import NOT_THESE_DATA
from app.widgets.data_box import DataEntry
from model.files.paths import models_folder
from model.metadata import DIGIT_NAMES
from model.protocol import encode_line
from model.recipes import RECIPES
from model.run_events import Failed
from model.task_events import DataChecked

SENTENCE = "There must be from 2 to 62 classes, a folder each; the folder one has 1 folder."
GOOD = DataChecked(
    title="MNIST",
    training_images=60_000,
    test_images=10_000,
    class_names=DIGIT_NAMES,
    class_counts=(6_000,) * 10,
    samples=(),
)


class Checks:
    """Command lines of children that say what they are told about the data."""

    def __init__(self) -> None:
        self.result: DataChecked | Failed = GOOD

    def __call__(self, *arguments: str) -> list[str]:
        line = encode_line(self.result) if arguments[0] == "data" else b""
        program = f"import sys; sys.stdout.buffer.write({line!r})"
        return [sys.executable, "-I", "-S", "-c", program]


@pytest.fixture
def checks() -> Checks:
    return Checks()


@pytest.fixture
def panel(qtbot: QtBot, checks: Checks):
    panel = TrainingPanel(list(RECIPES.values()), [DataEntry("mnist", "MNIST")])
    qtbot.addWidget(panel)
    panel.show()
    library = ModelLibrary(models_folder(), tuple)
    form = FormPresenter(panel, CurrentModel(panel), library, command_line=checks, parent=panel)
    panel.presenter = form
    yield panel
    form.end_now()


def test_data_that_can_not_be_trained_with_disable_train_and_say_why(
    panel: TrainingPanel, checks: Checks, qtbot: QtBot
) -> None:
    checks.result = Failed(kind="DatasetError", sentence=SENTENCE)
    panel.presenter.data.check()
    qtbot.waitUntil(lambda: not panel.foot.train_button.isEnabled())
    assert panel.foot.estimate.text() == NOT_THESE_DATA
    assert panel.foot.train_button.toolTip().replace("\n", " ") == SENTENCE
    assert panel.form.data_card.problem.text() == SENTENCE
    assert _inked(panel.form.data_card._sign)
    with qtbot.assertNotEmitted(panel.foot.train_requested):
        qtbot.mouseClick(panel.foot.train_button, Qt.MouseButton.LeftButton)
    checks.result = GOOD
    panel.presenter.data.check_again()
    qtbot.waitUntil(lambda: panel.foot.train_button.isEnabled() and panel.presenter.data.data)
    assert not panel.form.data_card.problem.isVisible()
    assert panel.foot.estimate.text() != NOT_THESE_DATA


@pytest.mark.parametrize("kind", ["DarkInkError", "ModelFileError", "FolderError"])
def test_where_a_run_says_more_than_the_check_train_stays_enabled(
    panel: TrainingPanel, checks: Checks, qtbot: QtBot, kind: str
) -> None:
    checks.result = Failed(kind=kind, sentence="The ink is dark.")
    panel.presenter.data.check()
    qtbot.waitUntil(lambda: panel.form.data_card.problem.isVisible())
    assert panel.foot.train_button.isEnabled()


def test_after_a_run_train_stays_disabled_for_data_that_can_not_be_used(
    panel: TrainingPanel,
) -> None:
    panel.show_beginning()
    panel.foot.show_obstacle(SENTENCE)
    panel.show_failure("It crashed.", "")
    assert not panel.foot.train_button.isEnabled()
    panel.foot.show_obstacle("")
    assert panel.foot.train_button.isEnabled()


def test_each_class_is_named_once_below_its_samples() -> None:
    labels = ["circle"] * 4 + ["square"] * 3 + ["triangle"] * 3
    assert runs_of(labels) == [("circle", 0, 4), ("square", 4, 3), ("triangle", 7, 3)]
    assert runs_of([]) == []


def test_activity_takes_the_place_of_a_problem(qtbot: QtBot) -> None:
    card = DataCard()
    qtbot.addWidget(card)
    card.show()
    card.show_problem(SENTENCE)
    assert card.problem.isVisible()
    card.show_activity("Checking the data", 0.5)
    assert not card.problem.isVisible()
    assert card.facts.text() == "Checking the data… 50 %"


def test_the_warning_sign_has_the_colours_of_the_theme(qtbot: QtBot) -> None:
    card = DataCard()
    qtbot.addWidget(card)
    card.show_problem(SENTENCE)
    application = QApplication.instance()
    colours = []
    for name in ("light", "dark"):
        apply_theme(application, name)
        colours.append(_inked(card._sign))
    apply_theme(application, "light")
    assert all(colours)
    assert not colours[0] & colours[1]


def _inked(widget: QWidget) -> set[int]:
    """Return the colours in a widget's picture that cover something fully."""
    image = QImage(widget.size(), QImage.Format.Format_ARGB32)
    image.fill(0)
    widget.render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    pixels = (image.pixel(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel for pixel in pixels if pixel >> 24 == 255}


@pytest.mark.parametrize("width", [560, 610])
def test_the_lens_does_not_jump_when_data_are_checked(
    panel: TrainingPanel, qtbot: QtBot, width: int
) -> None:
    panel.presenter.data.end_now()
    panel.resize(width, 900)
    form, card = panel.form, panel.form.data_card
    form.show_recipe("digitpad")
    places = []
    for show in (
        lambda: card.show_activity("Checking MNIST"),
        lambda: card.show_activity("Checking MNIST", 0.5),
        lambda: card.show_data(GOOD),
        lambda: card.show_problem(SENTENCE),
        lambda: form.own_data.show(),
        lambda: form.begin_with(models_folder() / "Lesson A.keras"),
        lambda: panel.foot.show_obstacle(SENTENCE),
    ):
        show()
        QApplication.processEvents()
        panel.layout().activate()
        places.append(panel.curves.y())
    assert len(set(places)) == 1, places
