"""Thumbnails of wrongly answered pictures; a click puts one on the pad."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPalette, QPixmap, QResizeEvent
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget
from typing_extensions import override

from app.evaluation.wrong_pictures import ShownPicture
from app.style.inked import inked
from app.style.plain_text import set_tip

THUMBNAIL_PX = 64
MOST_SHOWN = 200
FIRST_SHOWN = 24
"""So many are shown before all are wanted."""

FEW_MORE = 12
"""So many more are shown at once: a button to show them would say little."""

_LOWEST_PX = THUMBNAIL_PX + 48


class PictureList(QListWidget):
    """Pictures side by side, as high as their rows: the lens around them scrolls.

    Signals:
        picture_chosen: Number of the picture that the user wants on the pad.
    """

    picture_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: list[npt.NDArray[np.uint8]] = []
        self.setObjectName("wrongPictures")
        self.setAccessibleName("Wrong pictures")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setIconSize(QSize(THUMBNAIL_PX, THUMBNAIL_PX))
        self.setUniformItemSizes(True)
        self.setSpacing(4)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(_LOWEST_PX)
        self.itemClicked.connect(self._on_item_chosen)
        self.itemActivated.connect(self._on_item_chosen)

    def show_pictures(self, pictures: Sequence[ShownPicture]) -> None:
        """Show the first 200 pictures, all as wide as the first."""
        self.clear()
        if pictures:
            height, width = pictures[0].image.shape
            self.setIconSize(QSize(THUMBNAIL_PX * width // height, THUMBNAIL_PX))
        first = FIRST_SHOWN + (FEW_MORE if len(pictures) <= FIRST_SHOWN + FEW_MORE else 0)
        self._images = [picture.image for picture in pictures[:MOST_SHOWN]]
        for picture in pictures[:MOST_SHOWN]:
            item = QListWidgetItem(_icon(picture.image, self.palette()), picture.caption)
            item.setData(Qt.ItemDataRole.UserRole, picture.number)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, picture.words)
            set_tip(item, picture.words)
            self.addItem(item)
            item.setHidden(self.count() > first)
        # Return puts it on the pad; it looks chosen once it is there.
        self.setCurrentRow(0, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._fit()

    @property
    def has_more(self) -> bool:
        """Whether pictures are hidden."""
        return self.count() > 0 and self.item(self.count() - 1).isHidden()

    def show_all(self) -> None:
        """Show all pictures."""
        for row in range(self.count()):
            self.item(row).setHidden(False)
        self._fit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        """Paint the pictures anew where the theme changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for row, image in enumerate(self._images):
                self.item(row).setIcon(_icon(image, self.palette()))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        """Be as high as the pictures that are shown."""
        self.doItemsLayout()
        items = (self.item(row) for row in range(self.count()))
        bottoms = [self.visualItemRect(item).bottom() for item in items if not item.isHidden()]
        needed = max(bottoms, default=0) + 2 * self.spacing() + 2 * self.frameWidth()
        self.setFixedHeight(max(needed, _LOWEST_PX))

    def _on_item_chosen(self, item: QListWidgetItem) -> None:
        item.setSelected(True)
        self.picture_chosen.emit(item.data(Qt.ItemDataRole.UserRole))


def _icon(image: npt.NDArray[np.uint8], palette: QPalette) -> QIcon:
    """Return a picture as ink in the colour of text."""
    ink = np.ascontiguousarray(image)
    height, width = ink.shape
    alpha = QImage(ink.data, width, height, width, QImage.Format.Format_Alpha8).copy()
    large = inked(alpha, palette).scaledToHeight(THUMBNAIL_PX)
    icon = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # or Qt tints a chosen one
        icon.addPixmap(QPixmap.fromImage(large), mode)
    return icon
