import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data.labelled_strokes import LabelledDrawing
from model.data.unipen import read_unipen
from model.errors import DatasetError

TEXT = """\
.INCLUDE some.doc
.LEXICON "0" "1" "2"
.HIERARCHY DIGIT

.SEGMENT DIGIT 0 ? "7"
.COMMENT 7 3 41
.DT 100
.PEN_DOWN
 100  400
 180  410
 120  250
.PEN_UP
.DT 100

.SEGMENT DIGIT 1-2 ? "4"
.COMMENT 4 12 42
.PEN_DOWN
 90  420
 80  300
.PEN_UP
.DT 100
.PEN_DOWN
 130  350
.PEN_UP
.DT 100

.SEGMENT DIGIT 3 ? "1"
.COMMENT 1 12 43
"""


def test_digits_come_with_label_writer_and_strokes_y_down() -> None:
    seven, four = read_unipen(TEXT, name="small.tra")
    assert (seven.label, seven.writer) == (7, "0003")
    assert seven.strokes == [[(100, 100), (180, 90), (120, 250)]]
    assert (four.label, four.writer) == (4, "0012")
    assert four.strokes == [[(90, 80), (80, 200)], [(130, 150)]]


def test_line_endings_of_any_system_are_read() -> None:
    rows = read_unipen(TEXT.replace("\n", "\r\n"), name="small.tra")
    assert rows == read_unipen(TEXT, name="small.tra")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('.SEGMENT DIGIT 0 ? "7"', '.SEGMENT DIGIT 0 ? "seven"', 5),
        (" 180  410", " 180", 10),
        (" 180  410", " 180 4.1e2", 10),
        (" 180  410", "1" * 5000, 10),
    ],
)
def test_a_line_that_makes_no_sense_is_named(old: str, new: str, line: int) -> None:
    with pytest.raises(DatasetError, match=rf"Line {line} of small\.tra"):
        read_unipen(TEXT.replace(old, new), name="small.tra")


@given(
    st.lists(
        st.sampled_from([*TEXT.splitlines(), ".PEN_DOWN", " 1 2", "rubbish", " 1 ٣", "\x85"])
        | st.text(max_size=20)
    )
)
def test_garbage_is_an_error_or_digits(lines: list[str]) -> None:
    result = rows_or_sentence("\n".join(lines))
    if isinstance(result, str):
        assert "of x is not" in result
    else:
        assert all(row.label in range(10) and row.strokes for row in result)


def rows_or_sentence(text: str) -> list[LabelledDrawing] | str:
    try:
        return read_unipen(text, name="x")
    except DatasetError as error:
        return error.sentence
