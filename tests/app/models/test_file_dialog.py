"""One file from the first look to its use, and what it holds."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.models.facts import ModelFacts
from app.models.file_dialog import ModelFileDialog
from model.run_events import LayerRow

ROWS = [("Format", "Keras archive"), ("SHA-256", "ab" * 32)]
LAYERS = [LayerRow(name="conv", kind="Conv2D", output_shape=(None, 26, 26, 4), parameters=40)]


@pytest.fixture
def dialog(qtbot) -> ModelFileDialog:
    dialog = ModelFileDialog("<b>stranger</b>.keras")
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def test_while_there_is_nothing_to_agree_to_nothing_can_be_agreed_to(dialog, qtbot):
    dialog.show_activity("Looking into the file", None)
    assert dialog.sentence.text() == "Looking into the file…"
    assert not dialog.use_button.isEnabled()
    with qtbot.assertNotEmitted(dialog.use_requested):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_the_facts_come_before_the_use(dialog, qtbot):
    dialog.show_facts(ROWS, ["The names are a guess."], LAYERS)
    assert dialog.facts.rows["Format"] == "Keras archive"
    assert dialog.facts.remarks.text() == "The names are a guess."
    assert dialog.facts.layers.table.rowCount() == 1
    with qtbot.waitSignal(dialog.use_requested):
        dialog.use_button.click()


def test_a_file_that_can_not_be_used_can_be_looked_at(dialog):
    dialog.show_facts(ROWS, [], LAYERS, obstacle="It takes in sound.")
    assert dialog.sentence.text() == "It takes in sound."
    assert dialog.facts.isVisible()
    assert not dialog.use_button.isEnabled()


def test_a_question_has_an_answer_proposed(dialog, qtbot):
    dialog.show_facts(ROWS, [], LAYERS)
    dialog.show_activity("Starting", None)
    dialog.ask("Which pixels?", {"0 to 1": "unit", "0 to 255": "bytes"})
    assert dialog.use_button.isDefault()
    assert [button.isChecked() for button in dialog.choices] == [True, False]
    dialog.choices[1].click()
    with qtbot.waitSignal(dialog.use_requested) as made:
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert made.args == ["bytes"]
    dialog.show_activity("Converting the network", 0.25)
    assert dialog.choices == ()
    assert dialog.progress.value() == dialog.progress.maximum() // 4


def test_a_failure_leaves_only_the_way_out(dialog, qtbot):
    dialog.ask("Which pixels?", {"0 to 1": "unit", "0 to 255": "bytes"})
    dialog.show_failure("It is refused.")
    assert dialog.sentence.text() == "It is refused."
    assert not dialog.use_button.isEnabled()
    assert not dialog.choices
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_strangers_words_are_no_markup(qtbot):
    facts = ModelFacts()
    qtbot.addWidget(facts)
    facts.show_facts([("Data", "<img src=x>")], ["<h1>big</h1>"], [])
    assert facts.remarks.textFormat() is Qt.TextFormat.PlainText
    facts.show_facts([("Format", "HDF5")], [], [])
    assert facts.rows == {"Format": "HDF5"}
    assert not facts.remarks.isVisibleTo(facts)
