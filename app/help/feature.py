"""Help in the window: a tour, a page about convnets, and about the program.

Each is made when it is asked for.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog

from app.context import AppContext, Feature
from app.widgets.toast import ToastAction

if TYPE_CHECKING:  # importing it for real would make the window's start slower
    from app.help.tour import Tour

OFFER = "New here? A tour of five steps shows what there is."


class HelpFeature(Feature):
    """Fills the Help menu, and offers the tour at the first start.

    Attributes:
        tour: The tour; None before it is taken.
    """

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(context, parent)
        self.tour: Tour | None = None
        menu = self._window.menu("&Help")
        for text, slot in (
            ("&Tour", self.start_tour),
            ("&What is a convnet?", self.show_convnet_page),
            ("&About Digitpad", self.show_about),
        ):
            menu.addAction(text).triggered.connect(slot)
        self._window.start_finished.connect(self.offer_tour)

    def offer_tour(self) -> None:
        """Offer the tour at the first start only, until something is on the pad.

        It is offered again where the first stroke, perhaps an accident, is undone.
        """
        if self._settings_file.settings.was_tour_offered:
            return
        self._settings_file.change(was_tour_offered=True)
        self._offer()
        self._window.drawing_pad.undo_stack.canRedoChanged.connect(self._on_undone)

    def _offer(self) -> None:
        tour = ToastAction("Take the tour", self.start_tour, stays=True)
        self._window.say(OFFER, action=tour)
        self._window.drawing_pad.stroke_begun.connect(self._end_offer)
        self._window.drawing_pad.drawing_changed.connect(self._end_offer)

    def start_tour(self) -> None:
        """Show the first bubble."""
        from app.help.tour import Tour, steps_of

        if self.tour is None:
            self.tour = Tour(self._window)
        self.tour.start(steps_of(self._window))

    def show_convnet_page(self) -> None:
        """Show what a convnet is."""
        from app.help.convnet_page import ConvnetPage

        self._show(ConvnetPage)

    def show_about(self) -> None:
        """Show what the program is made of."""
        from app.help.about import AboutDialog

        self._show(AboutDialog)

    def _show(self, kind: type[QDialog]) -> None:
        dialog = self._window.findChild(kind)
        if not isinstance(dialog, QDialog) or not dialog.isVisible():
            dialog = kind(self._window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _on_undone(self, can_redo: bool) -> None:
        if not can_redo or self.tour is not None:
            return
        history = self._window.drawing_pad.undo_stack
        if history.index() == 0 and history.count() == 1:
            self._offer()

    def _end_offer(self) -> None:
        self._window.drawing_pad.stroke_begun.disconnect(self._end_offer)
        self._window.drawing_pad.drawing_changed.disconnect(self._end_offer)
        if self._window.status_text == OFFER:
            self._window.say("")
