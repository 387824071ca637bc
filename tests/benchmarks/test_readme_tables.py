"""The README says of data sets what their table says."""

from readme_tables import README, data_sets


def test_the_readme_lists_the_data_sets_of_the_table() -> None:
    page = README.read_text(encoding="utf-8")
    assert f"<!-- data sets -->\n\n{data_sets()}\n\n<!-- end of" in page
