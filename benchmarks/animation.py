"""Pictures of a window as an animated GIF."""

from pathlib import Path

from PIL import Image
from PySide6.QtGui import QImage, QPixmap

COLOURS = 128
"""Number of colours: enough for a flat window, and more would enlarge the file."""

LONGEST_MS = 12_000
"""Longest duration; of a longer series, pictures are left out evenly."""


class Animation:
    """Collects pictures, and how long each is shown."""

    def __init__(self) -> None:
        self._pictures: list[Image.Image] = []
        self._durations_ms: list[int] = []

    def add(self, picture: QPixmap, duration_ms: int) -> None:
        """Add a picture.

        Args:
            picture: All of them have one size.
            duration_ms: How long it is shown.
        """
        image = picture.toImage().convertToFormat(QImage.Format.Format_RGB888)
        rows = Image.frombuffer(
            "RGB",
            (image.width(), image.height()),
            bytes(image.constBits()),
            "raw",
            "RGB",
            image.bytesPerLine(),
            1,
        )
        self._pictures.append(rows.copy())
        self._durations_ms.append(duration_ms)

    def hold(self, duration_ms: int) -> None:
        """Show the last picture for longer."""
        self._durations_ms[-1] += duration_ms

    def save(self, path: Path) -> None:
        """Write the GIF; it plays again and again.

        Raises:
            OSError: If the file can't be written.
        """
        kept = self._kept()
        palette = self._palette(kept)
        frames = [
            self._pictures[i].quantize(palette=palette, dither=Image.Dither.NONE) for i in kept
        ]
        frames[0].save(
            path,
            save_all=True,
            append_images=frames[1:],
            duration=[self._durations_ms[i] for i in kept],
            loop=0,
            optimize=True,
        )

    def _palette(self, kept: list[int]) -> Image.Image:
        """Colours for all pictures, from the first, middle and last of them."""
        sample = [self._pictures[kept[i]] for i in (0, len(kept) // 2, -1)]
        width, height = sample[0].size
        together = Image.new("RGB", (width, height * len(sample)))
        for i, picture in enumerate(sample):
            together.paste(picture, (0, i * height))
        return together.quantize(COLOURS, dither=Image.Dither.NONE)

    def _kept(self) -> list[int]:
        """Indices of the pictures that are shown: the first, the last, and short ones in turn."""
        too_long = sum(self._durations_ms) / LONGEST_MS
        every = max(1, round(too_long))
        last = len(self._pictures) - 1
        return [
            i
            for i, duration in enumerate(self._durations_ms)
            if i in (0, last) or duration > 500 or i % every == 0
        ]
