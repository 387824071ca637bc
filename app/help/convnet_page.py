"""What a convnet is: a short page with pictures, in the program's own words."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.help.convnet_pictures import KERNELS, ConvnetPicture, convolved, pooled, seven
from app.style.plain_text import PlainLabel, wrapping_label

LEVEL = "level strokes"


class ConvnetPage(QDialog):
    """Paragraphs, each with its picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("convnetPage")
        self.setWindowTitle("What is a convnet?")
        self.resize(520, 600)
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(16, 16, 16, 16)
        self._column.setSpacing(8)
        self._fill()
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        scroll.setAccessibleName("What is a convnet?")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll)
        layout.addWidget(buttons)

    def _fill(self) -> None:
        image = seven()
        maps = {name: convolved(image, kernel) for name, kernel in KERNELS.items()}
        self._add(
            "A small window that slides",
            "A convolutional network, a convnet, reads a picture through a small window. Nine"
            " numbers, the kernel, lie in it. At each place the pixels below are multiplied by"
            " these numbers and added up. Here the sum is large where a level stroke has paper"
            " above and below it. What is below 0 is cut off; what is left is a map: where is"
            " there a level stroke?",
            ConvnetPicture(
                [("picture", image), ("kernel", KERNELS[LEVEL]), ("map", maps[LEVEL])],
                "A seven, a kernel of nine numbers, and the map where level strokes are bright",
                arrows=True,
            ),
        )
        self._add(
            "Many kernels, many maps",
            "One kernel finds one thing, wherever in the picture it is. A layer has many, such as"
            " 32, and so it gives as many maps. Nobody writes their numbers down: they begin at"
            " random.",
            ConvnetPicture(
                list(maps.items()),
                "Four maps of the same seven: level, upright, rising and falling strokes",
                arrows=False,
            ),
        )
        self._add(
            "Smaller, and again",
            "Pooling keeps the largest of four neighbours. The map becomes half as wide, and where"
            " exactly a stroke lies matters less. The next layer slides its windows over these"
            " maps, and finds what is made of strokes: corners, loops, crossings.",
            ConvnetPicture(
                [("map", maps[LEVEL]), ("pooled", pooled(maps[LEVEL]))],
                "A map, and the same map at half its width",
                arrows=True,
            ),
        )
        self._add(
            "From maps to an answer",
            "At the end each digit has a number for every place of the last maps: how much does it"
            " speak for me? The sums become probabilities, which are the bars under the pad.",
            None,
        )
        self._add(
            "How it learns",
            "It sees a picture whose digit is known, and answers. Then each of its numbers is"
            " moved a little in the direction that would have made the right answer more probable."
            " After some 60,000 pictures it is right on about 99 of 100 that it has never seen."
            " In Train you can watch it: the bars of your own digit move while it learns.",
            None,
        )

    def _add(self, title: str, words: str, picture: QWidget | None) -> None:
        heading = PlainLabel(title)
        heading.setProperty("role", "heading")
        text = wrapping_label(words)
        self._column.addWidget(heading)
        self._column.addWidget(text)
        if picture is not None:
            self._column.addWidget(picture)
        self._column.addSpacing(8)
