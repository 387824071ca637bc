"""The tabs at the right: views of the same drawing, each made when it is first seen."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QScrollArea,
    QStyle,
    QStyleOptionTab,
    QTabBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.style.plain_text import plain_tip

ORDER = ("explain", "inside", "train", "test", "hand", "models")
"""Names of the lenses from left to right; the first has the shortcut Ctrl+1, and so on."""

PANEL_MARGINS_PX = (0, 8, 8, 8)
"""Around what a lens shows (left, top, right, bottom), so that all begin at the same edge."""

_SMALLEST = QSize(240, 72)


@dataclass(frozen=True)
class Lens:
    """A view of the drawing.

    Attributes:
        name: One of `ORDER`; its page has the objectName `NAMELens`.
        title: On its tab.
        factory: Makes what it shows when it is first seen, after the window's start.
        widest_badge: The widest state that work shows on its tab, which has room for it as long as
            there is one: the tabs move when work begins and ends, and not while it goes on.
    """

    name: str
    title: str
    factory: Callable[[], QWidget]
    widest_badge: str = ""


class Lenses(QTabWidget):
    """Lenses by name, one of them shown.

    Signals:
        lens_shown: Name of the lens that is seen now.
    """

    lens_shown = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lenses")
        self.setAccessibleName("Lenses")
        self._bar = CalmTabBar()
        self.setTabBar(self._bar)
        self.tabBar().setAccessibleName("Lenses")
        self.setDocumentMode(True)
        self._lenses: list[Lens] = []
        self._can_fill = False
        self._covered_px = 0
        self.currentChanged.connect(self._on_current_changed)

    @property
    def names(self) -> tuple[str, ...]:
        """The lenses there are, in their order."""
        return tuple(lens.name for lens in self._lenses)

    @property
    def current(self) -> str:
        """Name of the lens that is shown; empty if there is none."""
        return self._lenses[self.currentIndex()].name if self._lenses else ""

    def add_lens(self, lens: Lens) -> None:
        """Add a lens at its place.

        Raises:
            ValueError: If its name is not in `ORDER`, or taken.
        """
        if lens.name in self.names or lens.name not in ORDER:
            raise ValueError(f"there is no place for a lens {lens.name!r}")
        place = ORDER.index(lens.name)
        index = sum(ORDER.index(name) < place for name in self.names)
        self._lenses.insert(index, lens)
        self._bar.widest_texts.insert(index, "")
        page = LensPage(lens)
        page.set_covered(self._covered_px)
        self.insertTab(index, page, lens.title)
        self.setTabToolTip(index, plain_tip(f"{lens.title}  (Ctrl+{place + 1})"))

    def show_lens(self, name: str) -> None:
        """Show the lens of that name."""
        self.setCurrentIndex(self.names.index(name))

    def page(self, name: str) -> "LensPage":
        """Return the page of that name."""
        page = self.widget(self.names.index(name))
        if not isinstance(page, LensPage):
            raise TypeError(f"{name} is no lens")
        return page

    def focus_content(self) -> None:
        """Bring the keyboard to the first control of the lens that is shown."""
        if self.currentIndex() >= 0:
            self.page(self.names[self.currentIndex()]).focus_first()

    def set_badge(self, name: str, text: str) -> None:
        """Show a state beside a lens's title, such as "54 %"; an empty text ends it."""
        index = self.names.index(name)
        lens = self._lenses[index]
        self._bar.widest_texts[index] = f"{lens.title} {lens.widest_badge}" if text else ""
        self.setTabText(index, f"{lens.title} {text}".strip())

    def set_covered(self, height_px: int) -> None:
        """Say how much of the lens, from below, is covered by something else: it makes room."""
        if height_px != self._covered_px:
            self._covered_px = height_px
            for name in self.names:
                self.page(name).set_covered(height_px)

    def fill(self) -> None:
        """Make what the current lens shows, and from now on each lens when it is first seen."""
        self._can_fill = True
        self._fill_current()

    def minimumSizeHint(self) -> QSize:
        """A page scrolls, so it may be small."""
        return _SMALLEST + QSize(0, self.tabBar().sizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(600, 600)

    def _on_current_changed(self) -> None:
        self._fill_current()
        page = self.currentWidget()
        if isinstance(page, LensPage):
            page.return_to_place()
        if self._lenses:
            self.lens_shown.emit(self.current)

    def _fill_current(self) -> None:
        page = self.currentWidget()
        if self._can_fill and not self.isHidden() and isinstance(page, LensPage):
            page.fill()


class LensContent(QWidget):
    """What a lens shows, a part of which stays in sight while the rest scrolls.

    Attributes:
        foot: That part; its page puts it below what scrolls.
    """

    foot: QWidget


class LensPage(QScrollArea):
    """A page that is empty until it is filled, and scrolls what does not fit.

    Of a `LensContent` the foot does not scroll.

    Attributes:
        content: What it shows; None until `fill`.
    """

    def __init__(self, lens: Lens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{lens.name}Lens")
        self.setAccessibleName(lens.title)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # It scrolls to whatever in it gets the focus.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.content: QWidget | None = None
        self._factory = lens.factory
        self._foot: QWidget | None = None
        self._place = 0

    def set_covered(self, height_px: int) -> None:
        """Leave so many pixels at the lower edge empty."""
        self.setViewportMargins(0, 0, 0, height_px)

    def return_to_place(self) -> None:
        """Scroll to where the page was when it was left, not to what has the focus in it."""
        self.verticalScrollBar().setValue(self._place)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._place = self.verticalScrollBar().value()

    def fill(self) -> None:
        """Make the content, unless it is there."""
        if self.content is None:
            from app.widgets.wheel_guard import guard_fields  # not for the start of the window

            self.content = self._factory()
            place = QWidget()
            layout = QVBoxLayout(place)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.addWidget(self.content)
            if isinstance(self.content, LensContent):
                self._take_foot(self.content.foot)
            self.setWidget(place)
            place.show()  # now, and not when the layout comes to it
            self.content.show()
            guard_fields(self.content)
            for view in self.content.findChildren(QAbstractItemView):
                # A closed box's list is a window of its own, which Qt makes anew with the style.
                is_in_page = view.window() is self.window() and not isinstance(view, QHeaderView)
                if is_in_page and view.selectionModel() is not None:
                    follow = partial(self._on_current_changed, view)
                    view.selectionModel().currentChanged.connect(follow)

    def focus_first(self) -> None:
        """Bring the keyboard to the first control, as Tab does from the page itself."""
        # Not by `nextInFocusChain`: for Python, the widget that it returns becomes a child of the
        # one that is asked. When a row of maps that had been asked was deleted, Python forgot all
        # actions, lists and bars of the window that Qt had made.
        was = self.window().focusWidget()
        self.setFocus(Qt.FocusReason.TabFocusReason)
        self.focusNextChild()
        if was is not None and not self.isAncestorOf(self.window().focusWidget()):
            was.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_foot(self, foot: QWidget) -> None:
        """Put a widget below the viewport, so that it stays in sight."""
        self._foot = foot
        foot.setParent(self)
        foot.installEventFilter(self)
        foot.show()
        self._place_foot()

    def _place_foot(self) -> None:
        """Give the foot the height that it needs at this width, and the viewport the rest."""
        if self._foot is None:
            return
        width = self.viewport().width()  # a scroll bar would lie over its end
        layout = self._foot.layout()
        needs_width = layout is not None and layout.hasHeightForWidth()
        least = self._foot.sizeHint().height()
        height = layout.totalHeightForWidth(width) if layout and needs_width else least
        self._foot.setGeometry(0, self.height() - height, width, height)
        if self.viewportMargins().bottom() != height:
            self.setViewportMargins(0, 0, 0, height)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._foot and event.type() == QEvent.Type.LayoutRequest:
            self._place_foot()
        return super().eventFilter(watched, event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_foot()
        super().resizeEvent(event)

    def _on_current_changed(
        self, view: QAbstractItemView, current: QModelIndex, _previous: QModelIndex
    ) -> None:
        """Scroll to where the keyboard is in a table that is as high as its rows."""
        place = self.widget()
        if view.hasFocus() and place is not None:
            cell = view.visualRect(current)
            middle = view.viewport().mapTo(place, cell.center())
            self.ensureVisible(middle.x(), middle.y(), 0, cell.height())


class CalmTabBar(QTabBar):
    """Tabs that stay where they are, and show where the keyboard is; no wheel switches them.

    Attributes:
        widest_texts: A text that each tab has room for besides its own; empty for none.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.widest_texts: list[str] = []

    @override
    def tabSizeHint(self, index: int) -> QSize:
        size = super().tabSizeHint(index)
        if index < len(self.widest_texts):
            option = QStyleOptionTab()
            self.initStyleOption(option, index)
            option.state &= ~QStyle.StateFlag.State_Selected
            font = QFont(self.font())
            font.setWeight(QFont.Weight.DemiBold)  # as the current tab's text is
            advance = QFontMetrics(font).horizontalAdvance
            widest = max(advance(self.widest_texts[index]), advance(self.tabText(index)))
            contents = QSize(widest, self.fontMetrics().height())
            kind = QStyle.ContentsType.CT_TabBarTab
            size.setWidth(self.style().sizeFromContents(kind, option, contents, self).width())
        return size

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tabs, and a ring around the current one where the keyboard is here."""
        super().paintEvent(event)
        if not self.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 2))
        ring: QRect = self.tabRect(self.currentIndex()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(ring, 6, 6)
        painter.end()
