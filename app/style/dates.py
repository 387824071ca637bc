"""Dates and times as the window writes them, the same in every system's language. No Qt."""

from datetime import datetime, timezone

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_and_time(then: datetime) -> str:
    """Return a local time as it stands in names of models and everywhere beside them.

    Such as `4 May 13.37`: file names can hold no colon.
    """
    return f"{then.day} {_MONTHS[then.month - 1]} {then:%H.%M}"


def moment_in_words(seconds: float) -> str:
    """Return a time in seconds since 1970 as local day and time, such as `4 May 13.37`."""
    return day_and_time(datetime.fromtimestamp(seconds))


def local_time(moment: str) -> str:
    """Return an ISO time as local day and time, such as `4 May 13.37`; another text as it is."""
    then = _local(moment)
    return moment if then is None else day_and_time(then)


def local_date_and_time(moment: str) -> str:
    """Return an ISO time with its year, such as `4 May 2026, 13.37`; another text as it is."""
    then = _local(moment)
    return moment if then is None else f"{_date(then)}, {then:%H.%M}"


def date_in_words(moment: str) -> str:
    """Return the local day of an ISO time, such as `4 May 2026`; empty if it is none."""
    then = _local(moment)
    return "" if then is None else _date(then)


def _date(then: datetime) -> str:
    return f"{then.day} {_MONTHS[then.month - 1]} {then.year}"


def _local(moment: str) -> datetime | None:
    """Read an ISO time, of UTC where it names no zone; None if it is none."""
    try:
        # Python 3.10 does not read a Z; Keras puts an @ between day and time.
        then = datetime.fromisoformat(moment.replace("Z", "+00:00").replace("@", "T"))
    except ValueError:
        return None
    try:
        return then.astimezone() if then.tzinfo else then.replace(tzinfo=timezone.utc)
    except (OverflowError, OSError, ValueError):
        return None
