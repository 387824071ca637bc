"""Hands, their kept drawings and their history in the user's database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from model.database.database import Database
from model.database.hands import Hands, KeptDrawing, Step, StepKind
from model.errors import HandError, UserDatabaseError


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path / "db") as opened:
        yield opened


@pytest.fixture
def hands(database: Database) -> Hands:
    return Hands(database)


def drawing(label: str, x: float = 1.25) -> KeptDrawing:
    return KeptDrawing(
        label=label,
        strokes=(((x, 2.0), (3.0, 4.5)), ((5.0, 6.0),)),
        answer="7",
        model_sha256="ab" * 32,
    )


def step(kind: StepKind = StepKind.LEARNED, **values: int) -> Step:
    return Step(
        kind=kind,
        model_sha256="ab" * 32,
        known_until=values.get("known_until", 2),
        known_again_after=values.get("known_again_after", 2),
        figures={"own": 20, "loss": 0.25},
        head=b"weights" if kind is StepKind.LEARNED else None,
    )


def test_a_hand_begins_with_its_first_drawing(hands: Hands):
    kept = hands.keep("Ada", [drawing("1"), drawing("2")])
    assert hands.sizes() == {"Ada": 2}
    assert hands.drawings("Ada") == kept
    assert [each.label for each in kept] == ["1", "2"]
    assert kept[0].strokes == drawing("1").strokes
    assert kept[0].time
    assert 0 < kept[0].id < kept[1].id
    assert hands.drawings("Ada", after=kept[0].id) == kept[1:]


def test_hands_are_kept_apart(hands: Hands):
    hands.keep("Ada", [drawing("1")])
    hands.keep("Bea", [drawing("2"), drawing("3")])
    assert hands.sizes() == {"Ada": 1, "Bea": 2}
    assert [each.label for each in hands.drawings("Ada")] == ["1"]
    bea = [each.id for each in hands.drawings("Bea")]
    assert hands.discard("Ada", bea) == []
    hands.remove("Ada")
    assert hands.sizes() == {"Bea": 2}
    with pytest.raises(HandError, match="Ada"):
        hands.drawings("Ada")


def test_discarded_drawings_come_back_in_their_place(hands: Hands):
    kept = hands.keep("Ada", [drawing(label) for label in "123"])
    discarded = hands.discard("Ada", [kept[1].id, 999])
    assert discarded == [kept[1]]
    assert [each.label for each in hands.drawings("Ada")] == ["1", "3"]
    hands.keep("Ada", discarded)
    assert hands.drawings("Ada") == kept


def test_the_id_of_a_discarded_drawing_is_not_given_to_another(hands: Hands):
    (first,) = hands.keep("Ada", [drawing("1")])
    hands.discard("Ada", [first.id])
    (second,) = hands.keep("Ada", [drawing("2")])
    assert second.id > first.id


def test_drawings_are_kept_all_or_none(hands: Hands):
    (first,) = hands.keep("Ada", [drawing("1")])
    with pytest.raises(UserDatabaseError):
        hands.keep("Ada", [drawing("2"), first])
    assert hands.drawings("Ada") == [first]


def test_a_label_can_be_said_anew(hands: Hands):
    (kept,) = hands.keep("Ada", [drawing("1")])
    hands.relabel("Ada", kept.id, "7")
    assert [each.label for each in hands.drawings("Ada")] == ["7"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\nb", "\x1b[2J"])
def test_a_name_that_cannot_be_shown_is_refused(hands: Hands, name: str):
    with pytest.raises(HandError, match="name"):
        hands.keep(name, [drawing("1")])
    assert hands.sizes() == {}


def test_a_hand_is_renamed_unless_another_has_the_name(hands: Hands):
    hands.keep("Ada", [drawing("1")])
    hands.keep("Bea", [drawing("2")])
    hands.rename("Ada", " Cleo ")
    assert hands.sizes() == {"Cleo": 1, "Bea": 1}
    with pytest.raises(HandError, match="already"):
        hands.rename("Cleo", "Bea")
    with pytest.raises(HandError):
        hands.rename("Cleo", "")
    assert hands.sizes() == {"Cleo": 1, "Bea": 1}


def test_the_history_is_kept_in_order(hands: Hands):
    hands.keep("Ada", [drawing("1")])
    added = [hands.add_step("Ada", step()), hands.add_step("Ada", step(StepKind.DECLINED))]
    assert hands.steps("Ada") == added
    assert added[0].head == b"weights"
    assert added[0].figures == {"own": 20, "loss": 0.25}
    with pytest.raises(HandError):
        hands.add_step("Bea", step())


def test_a_step_knows_drawings_up_to_it_and_those_after_a_way_back(hands: Hands):
    kept = hands.keep("Ada", [drawing(label) for label in "1234"])
    back = step(StepKind.BACK, known_until=kept[0].id, known_again_after=kept[2].id)
    assert [back.knows(each) for each in kept] == [True, False, False, True]


def test_removing_everything_leaves_no_stroke_in_the_file(database: Database, hands: Hands):
    hands.keep("Ada", [drawing("1", x=123456.75) for _ in range(50)])
    hands.add_step("Ada", step())
    aside = database.path.with_name(f"{database.path.stem}-damaged-1")
    aside.write_bytes(b"[[123456.75,")
    hands.remove_all()
    assert hands.sizes() == {}
    assert database.read("SELECT count(*) FROM drawings") == [(0,)]
    assert database.read("SELECT count(*) FROM steps") == [(0,)]
    for path in database.path.parent.iterdir():
        assert b"123456.75" not in path.read_bytes()


def test_what_another_window_changes_is_read_again(tmp_path: Path):
    path = tmp_path / "db"
    with Database(path) as one, Database(path) as other:
        mine, theirs = Hands(one), Hands(other)
        first, second = mine.keep("Ada", [drawing("1", 1.0), drawing("2", 2.0)])
        assert theirs.drawings("Ada") == [first, second]
        mine.relabel("Ada", first.id, "7")
        (third,) = mine.keep("Ada", [drawing("3", 3.0)])
        mine.discard("Ada", [second.id])
        assert [each.label for each in theirs.drawings("Ada")] == ["7", "3"]
        mine.keep("Ada", [second])
        assert theirs.drawings("Ada")[1:] == [second, third]


def test_a_writer_gets_ready_without_changing_anything(database: Database, hands: Hands):
    kept = hands.keep("Ada", [drawing("1")])
    database.prepare_to_write()
    assert hands.drawings("Ada") == kept


def test_a_name_that_is_no_text_is_no_hand(hands: Hands):
    with pytest.raises(HandError, match="There is no hand"):
        hands.drawings("\udcff")
