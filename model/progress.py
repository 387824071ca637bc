"""The type of functions that report the progress of slow work."""

from collections.abc import Callable

ReportProgress = Callable[[str, float | None], None]
"""Gets the current activity, such as "Downloading MNIST", and the fraction that is done, in [0, 1],
or None if that is unknown."""
