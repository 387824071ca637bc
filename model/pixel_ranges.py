"""The table of pixel ranges: the values a network may expect as input, by name and in words."""

from dataclasses import dataclass

from model.errors import ModelFileError
from model.metadata import InputFormat

_MNIST_MEAN, _MNIST_DEVIATION = 0.1307, 0.3081
"""Of MNIST's training pixels in [0, 1]: many tutorials normalise by them."""


@dataclass(frozen=True)
class PixelRange:
    """One row of the table.

    Attributes:
        name: On the command line; `-inverted` follows where ink is dark.
        title: On the screen.
        scale: From paper to full ink.
        offset: Added after scaling.
    """

    name: str
    title: str
    scale: float
    offset: float = 0.0


RANGES = (
    PixelRange("0-1", "0 to 1", 1.0),
    PixelRange("0-255", "0 to 255", 255.0),
    PixelRange("signed", "−1 to 1", 2.0, -1.0),
    PixelRange(
        "standardized",
        "mean 0, deviation 1 over MNIST (−0.42 to 2.82)",
        1 / _MNIST_DEVIATION,
        -_MNIST_MEAN / _MNIST_DEVIATION,
    ),
    PixelRange("0-16", "0 to 16", 16.0),
)
"""Every range, the most usual first."""

_INVERTED = "-inverted"

PIXELS: dict[str, InputFormat] = {
    row.name + suffix: InputFormat(
        scale=row.scale, offset=row.offset, is_inverted=suffix == _INVERTED
    )
    for suffix in ("", _INVERTED)
    for row in RANGES
}
"""The pixel ranges by the names that the command line uses."""


def pixels_named(name: str | None) -> InputFormat | None:
    """Return the input format of a name in `PIXELS`; None for None.

    Raises:
        ModelFileError: If there is no such name.
    """
    if name is None:
        return None
    if name not in PIXELS:
        raise ModelFileError(
            f"There is no pixel range {name[:40]!r}; choose one of {', '.join(PIXELS)}."
        )
    return PIXELS[name]


def pixels_name(wanted: InputFormat) -> str:
    """Return the name in `PIXELS` of a format, whatever its shape.

    Raises:
        ValueError: If there is none.
    """
    name = find_pixels_name(wanted)
    if name is None:
        raise ValueError(f"wanted: expected a scale and offset of `PIXELS`, got {wanted}")
    return name


def find_pixels_name(wanted: InputFormat) -> str | None:
    """Return the name in `PIXELS` of a format, whatever its shape; None if there is none."""
    return next((name for name, known in PIXELS.items() if known.has_same_pixels(wanted)), None)


def pixels_in_words(wanted: InputFormat) -> str:
    """Say which pixels a network wants."""
    ink = "dark ink on bright paper" if wanted.is_inverted else "bright ink on dark paper"
    for row in RANGES:
        if (row.scale, row.offset) == (wanted.scale, wanted.offset):
            return f"{row.title}, {ink}"
    return f"{wanted.offset:g} to {wanted.offset + wanted.scale:g}, {ink}"
