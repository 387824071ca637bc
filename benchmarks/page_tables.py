"""Rows stored as JSON, and the Markdown tables made from them in docs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

DOCS = Path(__file__).resolve().parents[1] / "docs"
NETWORK_PAGE = DOCS / "bundled-network.md"


class Row(Protocol):
    """A row with a name."""

    @property
    def name(self) -> str:
        """Name by which a row is replaced."""
        ...


R = TypeVar("R", bound=Row)


def kept_rows(file: Path, kind: type[R]) -> list[R]:
    """Read the rows of a file; none if there is no file."""
    return msgspec.json.decode(file.read_bytes(), type=list[kind]) if file.is_file() else []


def keep_row(file: Path, row: R, order: Sequence[str]) -> list[R]:
    """Put a row into a file in place of the one of its name.

    Args:
        file: A JSON list; it is made if it is missing.
        row: The new row.
        order: Names in the order of the rows; rows of other names are dropped.

    Returns:
        All rows.
    """
    by_name = {each.name: each for each in kept_rows(file, type(row))} | {row.name: row}
    rows = [by_name[name] for name in order if name in by_name]
    file.write_bytes(msgspec.json.format(msgspec.json.encode(rows), indent=1) + b"\n")
    return rows


def markdown(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; every row has as many cells as there are titles."""
    if any(len(row) != len(titles) for row in rows):
        raise ValueError(f"expected {len(titles)} cells in every row")
    head, *body = ("| " + " | ".join(cells) + " |" for cells in (titles, *rows))
    return "\n".join([head, "|" + "-|" * len(titles), *body])


def put_table(page: Path, name: str, table: str) -> None:
    """Replace what stands between `<!-- NAME -->` and `<!-- end of NAME -->` in a page.

    Raises:
        ValueError: If the page does not hold both markers once, in this order.
    """
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, found_begin, rest = page.read_text(encoding="utf-8").partition(begin)
    _old, found_end, after = rest.partition(end)
    if not found_begin or not found_end or begin in after:
        raise ValueError(f"{page.name}: expected {begin.strip()} and {end} once each")
    page.write_text(f"{before}{begin}\n{table}\n\n{end}{after}", encoding="utf-8")
