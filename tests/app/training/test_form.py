"""What is chosen in the panel is what a run gets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.training.form import TrainingForm
from app.training.recipe_editors import NumberBox
from app.widgets.data_box import DIALOG_ENTRIES, DataEntry
from model.recipes import RECIPES, Recipe, changed_recipe
from tests.app.wheel import scroll_down
from tests.made_recipes import recipe_with_momentum

DATA = (DataEntry("mnist", "MNIST"), DataEntry("fashion-mnist", "Fashion-MNIST"))


@pytest.fixture
def form(qtbot: QtBot) -> TrainingForm:
    form = TrainingForm(list(RECIPES.values()), DATA)
    qtbot.addWidget(form)
    return form


def changed_fields(recipe: Recipe) -> set[str]:
    own = RECIPES[recipe.name]
    return {
        field for field in recipe.__struct_fields__ if getattr(recipe, field) != getattr(own, field)
    }


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_comes_with_all_its_values(form: TrainingForm, name: str) -> None:
    form.show_recipe(name)
    assert form.chosen_recipe == changed_recipe(RECIPES[name], dataset="mnist")
    form.restore.click()
    assert form.chosen_recipe == RECIPES[name]
    assert form.recipe.currentText() == RECIPES[name].title
    shown = [label.text().rstrip(".") for label in form.findChildren(QLabel)]
    assert RECIPES[name].summary in shown
    assert name in shown
    assert not form.restore.isEnabled()


def test_every_field_can_be_changed(form: TrainingForm) -> None:
    values = {
        "network": "dense128",
        "epochs": 3,
        "batch_size": 128,
        "validation_split": 0.1,
        "optimizer": "sgd",
        "learning_rate": 0.0005,
        "schedule": "constant",
        "weight_decay": 0.02,
        "augmentation": "none",
        "augmentation_off_fraction": 0.2,
        "label_smoothing": 0.1,
        "seed": 7,
        "use_ema": True,
        "refusal": False,
    }
    for name, value in values.items():
        form.editor(name).set_value(value)
    form.dataset.setCurrentIndex(1)
    form.device.setCurrentIndex(1)
    form.start_from.setCurrentIndex(1)
    recipe = form.chosen_recipe
    assert recipe == changed_recipe(RECIPES["digitpad"], dataset="fashion-mnist", **values)
    assert set(recipe.__struct_fields__) - changed_fields(recipe) == {"name", "title", "summary"}
    assert (form.chosen_device, form.starts_from_current_model) == ("cpu", True)


def test_a_field_of_the_table_is_on_the_form(qtbot: QtBot) -> None:
    form = TrainingForm([recipe_with_momentum()], DATA)
    qtbot.addWidget(form)
    box = form.findChild(QDoubleSpinBox, "momentum")
    assert isinstance(box, QDoubleSpinBox)
    assert (box.accessibleName(), box.toolTip()) == ("Momentum", "Momentum of sgd")
    assert (box.value(), box.minimum(), box.maximum()) == (0.5, 0, 0.99)
    box.setValue(0.9)
    assert form.chosen_recipe == recipe_with_momentum(0.9)


def test_a_change_is_announced(form: TrainingForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.settings_changed):
        form.editor("epochs").set_value(4)
    assert form.chosen_recipe.epochs == 4


def test_a_new_recipe_is_announced_once(form: TrainingForm) -> None:
    announced: list[Recipe] = []
    form.settings_changed.connect(lambda: announced.append(form.chosen_recipe))
    form.show_recipe("conv5x5-dense1024")
    assert announced == [RECIPES["conv5x5-dense1024"]]


def test_restore_brings_the_recipes_values_back(form: TrainingForm) -> None:
    form.editor("epochs").set_value(99)
    assert form.restore.isEnabled()
    form.restore.click()
    assert form.editor("epochs").value() == RECIPES["digitpad"].epochs
    assert not form.restore.isEnabled()


def test_another_recipe_keeps_the_data_and_the_epochs_that_the_user_chose(
    form: TrainingForm,
) -> None:
    form.editor("epochs").set_value(3)
    form.show_recipe("conv64-dense128")
    recipe = form.chosen_recipe
    assert recipe == changed_recipe(RECIPES["conv64-dense128"], dataset="mnist", epochs=3)
    form.restore.click()
    assert form.chosen_recipe == RECIPES["conv64-dense128"]


def test_a_recipe_offers_its_own_data_and_swaps_none(form: TrainingForm) -> None:
    assert form.own_data.isHidden()
    form.show_recipe("dense128")
    assert form.dataset.chosen == "mnist"
    assert form.own_data.text().endswith("Fashion-MNIST")
    assert not form.own_data.isHidden()
    form.own_data.click()
    assert form.chosen_recipe == RECIPES["dense128"]
    assert form.own_data.isHidden()
    form.show_recipe("digitpad")
    assert form.dataset.chosen == "fashion-mnist"
    assert form.own_data.text().endswith("MNIST")
    assert not form.own_data.isHidden()


def test_advanced_calls_each_network_as_the_form_does(form: TrainingForm) -> None:
    box = form.editor("network").widget
    shown = {box.itemData(index): box.itemText(index) for index in range(box.count())}
    for name, title in shown.items():
        assert title == RECIPES[name].title
    form.editor("network").set_value("conv5x5")
    assert form.chosen_recipe.network == "conv5x5"


def test_a_switch_varies_the_images_as_the_recipe_does(form: TrainingForm) -> None:
    assert form.vary.isChecked()
    form.vary.click()
    assert form.chosen_recipe.augmentation == "none"
    form.editor("augmentation").set_value("affine")
    assert form.vary.isChecked()
    form.show_recipe("dense128")
    assert not form.vary.isChecked()
    form.vary.click()
    assert form.chosen_recipe.augmentation == "affine-elastic"


def test_refusal_can_be_taught_with_digits_alone(form: TrainingForm) -> None:
    switch = form.editor("refusal").widget
    form.show_refusal_possible(False)
    assert not switch.isEnabled()
    assert "0 to 9" in switch.toolTip()
    form.show_refusal_possible(True)
    assert switch.isEnabled()


def test_the_settings_of_a_run_are_taken_over(form: TrainingForm) -> None:
    settings = changed_recipe(RECIPES["conv5x5"], epochs=7, learning_rate=0.5, refusal=True)
    form.show_settings(settings)
    assert form.chosen_recipe == settings


@pytest.mark.parametrize("value", [float("nan"), 0.0, -1.0, 1e9])
def test_no_learning_rate_that_cannot_work_can_be_entered(form: TrainingForm, value: float) -> None:
    form.editor("learning_rate").set_value(value)
    assert 0 < form.chosen_recipe.learning_rate <= 10


def test_fields_refuse_numbers_out_of_range(form: TrainingForm) -> None:
    form.editor("epochs").set_value(0)
    form.editor("batch_size").set_value(10**6)
    form.editor("validation_split").set_value(99)
    recipe = form.chosen_recipe
    assert (recipe.epochs, recipe.batch_size, recipe.validation_split) == (1, 8192, 0.5)


@pytest.mark.parametrize(
    ("value", "text"), [(0.001, "0.001"), (0.01, "0.01"), (1.0, "1"), (1e-7, "0.0000001")]
)
def test_the_learning_rate_is_shown_without_needless_zeros(
    form: TrainingForm, value: float, text: str
) -> None:
    box = form.editor("learning_rate").widget
    assert isinstance(box, NumberBox)
    box.setValue(value)
    assert box.text() == text


@pytest.fixture(params=["C", "de_DE", "fr_FR", "nl_NL"])
def _locale(request: pytest.FixtureRequest) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield
    QLocale.setDefault(before)


@pytest.mark.usefixtures("_locale")
def test_enter_leaves_a_number_as_it_is_in_every_locale(qtbot: QtBot) -> None:
    box = NumberBox(1e-7, 10.0)
    qtbot.addWidget(box)
    box.setValue(0.01)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert (box.value(), box.text()) == (0.01, "0.01")


@pytest.mark.usefixtures("_locale")
@pytest.mark.parametrize(("typed", "value"), [("0.005", 0.005), ("0,005", 0.005), ("1,5", 1.5)])
def test_a_typed_point_or_comma_is_the_decimal_point_in_every_locale(
    qtbot: QtBot, typed: str, value: float
) -> None:
    box = NumberBox(1e-7, 10.0)
    qtbot.addWidget(box)
    box.selectAll()
    qtbot.keyClicks(box, typed)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == value


@pytest.mark.parametrize("entry", DIALOG_ENTRIES)
def test_own_data_is_asked_for_and_nothing_chosen_meanwhile(
    form: TrainingForm, qtbot: QtBot, entry: str
) -> None:
    form.dataset.setCurrentIndex(1)
    place = form.dataset.findData(entry)
    form.dataset.setCurrentIndex(place)
    with qtbot.waitSignal(form.dataset.dialog_requested) as blocker:
        form.dataset.activated.emit(place)
    assert blocker.args == [entry]
    assert form.chosen_recipe.dataset == "fashion-mnist"


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_End])
def test_stepping_past_the_last_data_asks_for_none(
    form: TrainingForm, qtbot: QtBot, key: Qt.Key
) -> None:
    asked: list[str] = []
    form.dataset.dialog_requested.connect(asked.append)
    form.dataset.setCurrentIndex(1)
    for _ in range(3):
        qtbot.keyClick(form.dataset, key)
    assert (asked, form.dataset.currentText()) == ([], "Fashion-MNIST")


def test_scrolling_past_the_last_data_asks_for_none(form: TrainingForm, qtbot: QtBot) -> None:
    asked: list[str] = []
    form.dataset.dialog_requested.connect(asked.append)
    form.show()
    qtbot.waitExposed(form)
    form.activateWindow()
    form.dataset.setFocus()
    qtbot.waitUntil(form.dataset.hasFocus)
    form.dataset.setCurrentIndex(1)
    scroll_down(form.dataset)
    assert (asked, form.dataset.currentText()) == ([], "Fashion-MNIST")


@pytest.mark.parametrize("entry", DIALOG_ENTRIES)
def test_every_dialog_can_be_reached_with_the_keyboard(
    form: TrainingForm, qtbot: QtBot, entry: str
) -> None:
    form.show()
    qtbot.waitExposed(form)
    form.dataset.setCurrentIndex(1)
    qtbot.keyClick(form.dataset, Qt.Key.Key_Down)
    qtbot.keyClick(form.dataset, Qt.Key.Key_Space)
    entries = form.dataset.view()
    for _ in range(form.dataset.findData(entry) - 1):
        qtbot.keyClick(entries, Qt.Key.Key_Down)
    with qtbot.waitSignal(form.dataset.dialog_requested) as blocker:
        qtbot.keyClick(entries, Qt.Key.Key_Return)
    assert blocker.args == [entry]
    assert form.chosen_recipe.dataset == "fashion-mnist"


def test_own_data_is_listed_by_its_name_and_chosen_by_its_path(
    form: TrainingForm, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.npz"
    form.dataset.add(str(mine))
    assert form.dataset.currentText() == "mine.npz"
    assert form.chosen_recipe.dataset == str(mine)
    entries = form.dataset.count()
    form.dataset.add(str(mine))
    assert form.dataset.count() == entries


def test_remembered_data_that_is_gone_is_forgotten(form: TrainingForm, tmp_path: Path) -> None:
    form.dataset.choose(str(tmp_path / "gone.npz"))
    assert form.chosen_recipe.dataset == "mnist"
    there = tmp_path / "there.npz"
    there.touch()
    form.dataset.choose(str(there))
    assert form.chosen_recipe.dataset == str(there)


def test_an_unknown_recipe_changes_nothing(form: TrainingForm) -> None:
    form.show_recipe("from another version")
    assert form.chosen_recipe == RECIPES["digitpad"]


@pytest.mark.parametrize("name", ["recipe", "epochs", "learningRate"])
def test_scrolling_past_a_field_does_not_change_it(
    form: TrainingForm, qtbot: QtBot, name: str
) -> None:
    form.show()
    before = form.chosen_recipe
    field = form.findChild(QWidget, name)
    assert isinstance(field, QWidget)
    scroll_down(field)
    assert form.chosen_recipe == before


def test_logs_for_tensorboard_are_written_when_they_are_wanted(form: TrainingForm) -> None:
    assert not form.writes_tensorboard
    form.advanced.tensorboard.click()
    assert form.writes_tensorboard
