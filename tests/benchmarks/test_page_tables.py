"""Tables in pages: replaced as a whole, and nothing else is touched."""

from pathlib import Path

import msgspec
import pytest
from page_tables import NETWORK_PAGE, keep_row, kept_rows, markdown, put_table


class Row(msgspec.Struct, frozen=True):
    name: str
    value: int


def test_a_row_takes_the_place_of_the_one_of_its_name(tmp_path: Path) -> None:
    file = tmp_path / "rows.json"
    order = ("first", "second")
    keep_row(file, Row("second", 2), order)
    keep_row(file, Row("first", 1), order)
    assert keep_row(file, Row("second", 3), order) == [Row("first", 1), Row("second", 3)]
    assert kept_rows(file, Row) == [Row("first", 1), Row("second", 3)]


def test_rows_of_names_that_are_gone_are_dropped(tmp_path: Path) -> None:
    file = tmp_path / "rows.json"
    keep_row(file, Row("old", 1), ("old",))
    assert keep_row(file, Row("new", 2), ("new",)) == [Row("new", 2)]


def test_there_are_no_rows_where_there_is_no_file(tmp_path: Path) -> None:
    assert kept_rows(tmp_path / "rows.json", Row) == []


def test_a_table_is_markdown() -> None:
    table = markdown(["name", "right"], [["a", "99 %"], ["b", "98 %"]])
    assert table == "| name | right |\n|-|-|\n| a | 99 % |\n| b | 98 % |"


def test_a_row_with_too_few_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells"):
        markdown(["name", "right"], [["a"]])


def test_only_what_stands_between_the_markers_is_replaced(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- pens -->\nold\n<!-- end of pens -->\nafter\n", encoding="utf-8")
    put_table(page, "pens", "| new |")
    put_table(page, "pens", "| newer |")
    expected = "before\n<!-- pens -->\n\n| newer |\n\n<!-- end of pens -->\nafter\n"
    assert page.read_text(encoding="utf-8") == expected


def test_a_page_without_the_markers_is_left_as_it_is(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- pens -->\nno end\n", encoding="utf-8")
    with pytest.raises(ValueError, match="end of pens"):
        put_table(page, "pens", "| new |")
    assert page.read_text(encoding="utf-8") == "<!-- pens -->\nno end\n"


@pytest.mark.parametrize("name", ["quality", "candidates", "data mixes"])
def test_the_page_of_the_network_has_a_place_for_every_table(tmp_path: Path, name: str) -> None:
    page = tmp_path / NETWORK_PAGE.name
    page.write_bytes(NETWORK_PAGE.read_bytes())
    put_table(page, name, "| a table |")
    assert page.read_text(encoding="utf-8").count("| a table |") == 1
