"""Dates and times in the window: one format, whatever the system's language."""

from datetime import datetime, timezone

import pytest

from app.style.dates import date_in_words, local_date_and_time, local_time, moment_in_words


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2026-01-02@12:04:05", "2 Jan 2026"),
        ("2026-01-02T12:00:00Z", "2 Jan 2026"),
        ("0001-01-01T00:00:00+23:00", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_a_moment_is_shown_as_its_day(moment, shown):
    assert date_in_words(moment) == shown


def test_every_time_is_written_alike():
    then = datetime(2026, 5, 4, 13, 7, tzinfo=timezone.utc)
    local = then.astimezone()
    iso, shown = then.isoformat(), f"{local.day} May {local:%H.%M}"
    assert local_time(iso) == moment_in_words(then.timestamp()) == shown
    assert local_date_and_time(iso) == f"{local.day} May 2026, {local:%H.%M}"
    assert local_time("soon") == local_date_and_time("soon") == "soon"
