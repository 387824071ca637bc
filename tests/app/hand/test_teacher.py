"""Who answers with a hand, and keeps what is said of a drawing."""

import sqlite3

import pytest

from app.hand.teacher import Teacher
from app.hand.work import prepared_network
from model.database.database import FILE_NAME, Database
from model.database.hands import Hands
from model.database.schema import SCHEMA_VERSION
from model.errors import UserDatabaseError
from model.files.paths import user_data_folder
from model.ink import ink_from_strokes
from model.recognizer import Recognizer
from tests.taught_drawings import FLAGGED_ONE, drawing, odd_hand, shaken

WAIT_MS = 30_000


def label(teacher: Teacher, strokes=FLAGGED_ONE) -> str:
    return teacher.recognizer.recognize(ink_from_strokes(strokes)).label


def kept(teacher: Teacher, one):
    found = []
    teacher.keep(one, found.append)
    return found[0]


def assert_count(teacher: Teacher, count: int) -> None:
    assert len(teacher.state.drawings) == count


def test_what_is_kept_is_known_before_the_event_is_over(teacher):
    assert label(teacher) == "7"
    kept(teacher, drawing("1"))
    assert label(teacher) == "1"
    assert label(teacher, shaken(FLAGGED_ONE, 1)) == "1"


def test_what_is_kept_is_in_the_database_at_once_and_read_soon(teacher, qtbot):
    one = kept(teacher, drawing("1"))
    with Database() as database:
        assert [each.id for each in Hands(database).drawings("me")] == [one.id]
    qtbot.waitUntil(lambda: assert_count(teacher, 1), timeout=WAIT_MS)
    assert label(teacher) == "1"
    assert teacher.state.figures.drawings == 1


def test_a_kept_drawing_can_be_taken_back(teacher, qtbot):
    one = kept(teacher, drawing("1"))
    with qtbot.waitSignal(teacher.state_changed, timeout=WAIT_MS):
        teacher.discard(teacher.name, [one.id])
        assert label(teacher) == "7"
    assert_count(teacher, 0)


def test_a_kept_drawing_can_be_said_anew(teacher, qtbot):
    one = kept(teacher, drawing("4"))
    teacher.relabel(one, "1")
    assert label(teacher) == "1"

    def assert_labels() -> None:
        assert [each.label for each in teacher.state.drawings] == ["1"]

    qtbot.waitUntil(assert_labels, timeout=WAIT_MS)
    assert label(teacher) == "1"


def test_another_hand_answers_by_its_own_drawings(teacher, qtbot):
    kept(teacher, drawing("1"))
    teacher.choose("another")
    assert label(teacher) == "7"
    teacher.choose("me")
    qtbot.waitUntil(lambda: assert_count(teacher, 1), timeout=WAIT_MS)
    assert label(teacher) == "1"
    teacher.choose("")
    assert teacher.recognizer is None


def test_what_another_window_keeps_is_noticed(teacher, qtbot):
    with Database() as database:
        Hands(database).keep("me", [drawing("1")])
    qtbot.waitUntil(lambda: assert_count(teacher, 1), timeout=WAIT_MS)
    assert label(teacher) == "1"


def test_a_correction_while_the_model_is_prepared_counts_afterwards(qtbot, recognizer):
    teacher = Teacher()
    teacher.begin("me")
    teacher.get_ready()
    teacher.set_model(recognizer)
    found = []
    teacher.keep(drawing("1"), found.append)

    def is_known() -> None:
        assert found
        assert teacher.recognizer is not None
        assert label(teacher) == "1"

    qtbot.waitUntil(is_known, timeout=60_000)
    teacher.end()
    teacher.finish()
    teacher.deleteLater()


def test_learning_takes_what_is_better_and_goes_back_to_nothing(teacher, qtbot):
    teacher.run(lambda work: work.keep(odd_hand()))
    learnt = []
    teacher.run(lambda work: work.learn(), learnt.append)
    qtbot.waitUntil(lambda: _assert_true(learnt), timeout=WAIT_MS)
    assert learnt[0].judgement.is_accepted
    assert teacher.recognizer.head is not None
    back = []
    teacher.run(lambda work: work.go_back(0), back.append)
    qtbot.waitUntil(lambda: _assert_true(back), timeout=WAIT_MS)
    assert not teacher.recognizer.is_taught
    assert label(teacher) == "7"
    teacher.run(lambda work: work.hands.remove_step("me", back[0].id))
    qtbot.waitUntil(lambda: _assert_true(teacher.recognizer.is_taught), timeout=WAIT_MS)
    assert teacher.recognizer.head is not None


def test_another_model_is_taught_the_kept_drawings(teacher, qtbot, recognizer):
    kept(teacher, drawing("1"))
    teacher.set_model(None)
    assert teacher.recognizer is None
    teacher.set_model(recognizer)

    def is_known() -> None:
        assert teacher.recognizer is not None
        assert label(teacher) == "1"

    qtbot.waitUntil(is_known, timeout=60_000)


def test_a_database_that_is_locked_is_said_and_nothing_is_kept(teacher, qtbot):
    other = sqlite3.connect(user_data_folder() / FILE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    found = []
    with qtbot.waitSignal(teacher.failed) as failure:
        teacher.keep(drawing("1"), found.append)
    other.execute("ROLLBACK")
    other.close()
    assert isinstance(failure.args[0], UserDatabaseError)
    assert found == []
    assert label(teacher) == "7"
    kept(teacher, drawing("1"))
    assert label(teacher) == "1"


def test_a_database_of_a_newer_version_is_said(qtbot):
    with Database() as database, database.writing() as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    teacher = Teacher()
    with qtbot.waitSignal(teacher.failed, timeout=WAIT_MS) as failure:
        teacher.begin("me")
    assert "newer version" in failure.args[0].sentence
    teacher.end()
    teacher.finish()
    teacher.deleteLater()


def test_a_damaged_database_is_set_aside_and_said(qtbot):
    path = user_data_folder() / FILE_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"this is no database" * 400)
    teacher = Teacher()
    with qtbot.waitSignal(teacher.said, timeout=WAIT_MS) as said:
        teacher.begin("me")
    assert "damaged" in said.args[0]
    teacher.end()
    teacher.finish()
    teacher.deleteLater()


def test_drawings_are_exported_and_imported(teacher, qtbot, tmp_path):
    path = tmp_path / "drawings.jsonl"
    kept(teacher, drawing("1"))
    counts = []
    teacher.run(lambda work: work.write(path), counts.append)
    qtbot.waitUntil(lambda: _assert_true(counts), timeout=WAIT_MS)
    path.write_text(path.read_text() + '{"label": 3}\n')
    imported = []
    teacher.run(lambda work: work.read(path), imported.append)
    qtbot.waitUntil(lambda: _assert_true(imported), timeout=WAIT_MS)
    assert counts == [1]
    assert [each.label for each in imported[0].kept] == ["1"]
    assert len(imported[0].problems) == 1
    assert_count(teacher, 2)


def _assert_true(value: object) -> None:
    assert value


@pytest.mark.parametrize("name", ["", "x" * 60])
def test_a_hand_without_a_proper_name_is_refused(teacher, qtbot, name):
    with qtbot.waitSignal(teacher.failed, timeout=WAIT_MS):
        teacher.run(lambda work: work.hands.begin(name))


def test_a_taught_network_in_the_window_keeps_its_second_opinion():
    recognizer = Recognizer.bundled()
    recognizer.second_opinion = Recognizer.bundled()
    network, taught = prepared_network(recognizer)
    assert taught.network.recognizer.second_opinion is recognizer.second_opinion
    assert network.recognizer.second_opinion is None  # it answers in another thread


def test_what_is_kept_is_being_read_until_it_is_taught(qtbot, recognizer):
    with Database() as database:
        Hands(database).keep("me", [drawing("1")])
    teacher = Teacher()
    seen = []
    teacher.state_changed.connect(
        lambda: seen.append((teacher.is_preparing or teacher.is_reading, label_of(teacher)))
    )

    def label_of(one: Teacher) -> str:
        return "" if one.recognizer is None else label(one)

    teacher.set_model(recognizer)
    teacher.begin("me")
    qtbot.waitUntil(lambda: _assert_true(seen and seen[-1] == (False, "1")), timeout=WAIT_MS)
    # Never is a drawing shown as one that does not count before the model was asked.
    assert all(is_busy for is_busy, name in seen[1:] if name != "1")
    teacher.end()
    teacher.finish()
    teacher.deleteLater()
