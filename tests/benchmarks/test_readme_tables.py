"""The README says of data sets what their table says."""

from readme_tables import README, data_sets

from model.recipes import RECIPES

NUMBERS = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
]


def test_the_readme_lists_the_data_sets_of_the_table() -> None:
    page = README.read_text(encoding="utf-8")
    assert f"<!-- data sets -->\n\n{data_sets()}\n\n<!-- end of" in page


def test_the_readme_counts_the_recipes_of_the_menu() -> None:
    assert f" {NUMBERS[len(RECIPES)]} recipes;" in README.read_text(encoding="utf-8")
