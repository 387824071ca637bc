"""Writes the README's table of data sets from the table that the program itself reads.

python benchmarks/readme_tables.py
"""

import sys

from page_tables import DOCS, markdown, put_table

from model.data.datasets import DATASETS, DatasetSource
from model.data.user_data import FORMS

README = DOCS.parent / "README.md"


def data_sets() -> str:
    """Return the table of data sets in Markdown."""
    rows = [[source.title, _what_it_is(source)] for source in DATASETS.values()]
    return markdown(["data", "what it is"], [*rows, ["your own", FORMS]])


def _what_it_is(source: DatasetSource) -> str:
    if not source.download_bytes:
        return source.summary
    return f"{source.summary}; downloaded once ({source.download_bytes / 1e6:.0f} MB)"


def main() -> int:
    """Write the table."""
    put_table(README, "data sets", data_sets())
    return 0


if __name__ == "__main__":
    sys.exit(main())
