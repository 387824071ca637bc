"""The unit that is open: it slides, moves to other places, and shows how its number is computed."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QStyle

from app.drawing.marks import line_mark
from app.drawing.pad import DrawingPad
from app.inside import words
from app.inside.breaking import Breaking
from app.inside.edges import Edge
from app.inside.layers import ShownLayer
from app.inside.panel import InsidePanel
from app.inside.unit import OpenUnit, at_position, drawn_change, opened, window_lines
from app.inside.window_view import SeenWindow
from model.ink import empty_ink

if TYPE_CHECKING:  # importing them for real would load the runtime before the window is shown
    from model.activations.arithmetic import Arithmetic, Source
    from model.activations.look import Look
    from model.activations.receptive_field import ReceptiveField

SLIDE_MS = 400
"""How long the window stays at a place before it slides on by itself."""

UNIT_MS = 50
"""Least time between two repaints of the unit's numbers while the user draws."""

_FAINT = 0.05


class UnitPresenter(QObject):
    """Opens a unit of a layer in place."""

    def __init__(
        self, pad: DrawingPad, panel: InsidePanel, breaking: Breaking, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._pad, self._panel, self._breaking = pad, panel, breaking
        self._view = panel.unit_view
        self._look: Look | None = None
        self._ink = empty_ink()
        self._layers: tuple[ShownLayer, ...] = ()
        self._open: OpenUnit | None = None
        self._sources: tuple[Source, ...] = ()
        self._slide = QTimer(self, interval=SLIDE_MS)
        self._slide.timeout.connect(self._on_slide)
        self._soon = QTimer(self, singleShot=True, interval=UNIT_MS)
        self._soon.timeout.connect(self.show_again)
        panel.unit_opened.connect(self._on_unit_opened)
        self._view.closed.connect(self.close)
        self._view.input_wanted.connect(self._on_input_wanted)
        self._view.output_wanted.connect(self._on_output_wanted)
        self._view.off_toggled.connect(self._on_off_toggled)
        self._view.noise_toggled.connect(self._on_noise_toggled)
        self._view.restore_wanted.connect(self._breaking.mend)
        self._view.window_view.place_chosen.connect(self._on_place_chosen)
        self._view.window_view.touched.connect(self._slide.stop)

    @property
    def opened(self) -> OpenUnit | None:
        """The unit that is open; None if none is."""
        return self._open

    def set_layers(self, layers: Sequence[ShownLayer]) -> None:
        """Open units of other layers from now on."""
        self.close()
        self._layers = tuple(layers)

    def set_look(self, look: "Look | None", ink: npt.NDArray[np.float32]) -> None:
        """Follow the drawing.

        Args:
            look: None if nothing is drawn.
            ink: float32 (28, 28) in [0, 1].
        """
        self._look, self._ink = look, ink
        if self._open is None:
            return
        if look is None:
            self.close()
            return
        self._pad.marks.show_marks(())
        if not self._soon.isActive():
            self._soon.start()

    def close(self) -> None:
        """Close the unit that is open."""
        if self._open is None:
            return
        row = self._open.row
        self._open = None
        self._slide.stop()
        focus = self._view.focusWidget()
        # Before it is hidden, as Qt would scroll to whatever comes next.
        if focus is not None and focus.hasFocus() and row < len(self._panel.rows):
            self._panel.rows[row].setFocus()
            QTimer.singleShot(0, self, partial(self._panel.reveal, row))
        self._panel.close_unit()
        self._pad.marks.show_marks(())

    def show_again(self) -> None:
        """Show the arithmetic of the open unit, its inputs, and its receptive field on the pad."""
        if self._open is None or self._look is None:
            return
        shown, look = self._layers[self._open.row], self._look
        position = self._open.position(shown)
        made, field, lines = self._explained(shown, look, position)
        self._sources = made.strongest(len(self._view.inputs)) if made is not None else ()
        heading = words.unit_name(shown.title, position, shown.class_names)
        self._view.show_unit(heading, shown.sentence, lines)
        self._show_inputs()
        self._view.window_view.show_window(self._window(shown, look, made, field))
        self._view.show_breaks(
            is_off=self._open.unit in self._breaking.off(shown.tensor),
            has_noise=self._breaking.has_noise(shown.tensor),
            can_break=shown.layer is not None,
            is_broken=self._breaking.is_broken,
        )
        self._show_edges()
        self._mark_field(field)

    def _explained(
        self, shown: ShownLayer, look: "Look", position: tuple[int, ...]
    ) -> "tuple[Arithmetic | None, ReceptiveField, tuple[str, ...]]":
        """Return the arithmetic of a unit, its receptive field, and both in words."""
        from model.activations.receptive_field import ReceptiveField, receptive_field
        from model.activations.unit_arithmetic import unit_arithmetic

        if shown.layer is None:
            value = float(look.values(shown.tensor)[position])
            side = ReceptiveField(0, 0, *self._ink.shape)
            if len(position) > 1:
                row, column = position[:2]
                scale = self._ink.shape[0] / shown.shape[0]
                left, top = column * scale, row * scale
                side = ReceptiveField(left, top, left + scale, top + scale)
            return None, side, (f"The ink here is {words.number(value)}.",)
        made = unit_arithmetic(look, shown.layer, position)
        lines = words.arithmetic_lines(made, look.shown(shown.layer, position))
        return made, receptive_field(look, shown.layer, position), lines

    def _window(
        self,
        shown: ShownLayer,
        look: "Look",
        made: "Arithmetic | None",
        field: "ReceptiveField",
    ) -> SeenWindow:
        unit = self._open or OpenUnit(0, 0)
        values, unit_map = look.values(shown.tensor), None
        if values.ndim in (2, 3):
            unit_map = values[..., unit.unit] if values.ndim == 3 else values
        sides = (field.left, field.top, field.right, field.bottom)
        return SeenWindow(unit_map, unit.place, self._ink, sides, window_lines(made))

    def _show_inputs(self) -> None:
        texts, can_go = [], []
        for source in self._sources:
            row = self._row_of(source.tensor)
            title = self._layers[row].title if row is not None else "a layer between"
            texts.append(words.source_text(source, title))
            can_go.append(row is not None and source.position is not None)
        self._view.show_inputs(texts, can_go)

    def _on_unit_opened(self, row: int, unit: int) -> None:
        if self._look is None:
            return
        if self._open is not None and (self._open.row, self._open.unit) == (row, unit):
            self.close()
            return
        self._open_unit(opened(self._look, self._layers[row], row, unit), slides=True)

    def _open_unit(self, unit: OpenUnit, *, slides: bool) -> None:
        self._open = unit
        self._panel.open_unit(unit.row, unit.unit)
        self.show_again()
        view = self._view.window_view
        view.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, self._reveal)
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        may_move = self._panel.style().styleHint(hint, None, self._panel) > 0
        is_map = len(self._layers[unit.row].shape) in (2, 3)
        if slides and may_move and is_map:
            self._slide.start()
        else:
            self._slide.stop()

    def _reveal(self) -> None:
        if self._open is not None:
            self._panel.reveal(self._open.row)
            self._show_edges()

    def _on_slide(self) -> None:
        """Slide to the next place that has something to show."""
        if self._open is None or self._look is None:
            return
        shown = self._layers[self._open.row]
        change = drawn_change(self._look.values(shown.tensor), self._open.unit)
        places = np.flatnonzero(change > _FAINT * change.max())
        if not len(places):
            return
        now = int(np.ravel_multi_index(self._open.place, change.shape))
        following = places[places > now]
        flat = int(following[0]) if len(following) else int(places[0])
        row, column = divmod(flat, change.shape[1])
        self._on_place_chosen((row, column))

    def _on_place_chosen(self, place: tuple[int, int]) -> None:
        if self._open is not None:
            self._open = OpenUnit(self._open.row, self._open.unit, place)
            self.show_again()

    def _row_of(self, tensor: int) -> int | None:
        """Return the row before the open one that shows a tensor."""
        before = len(self._layers) if self._open is None else self._open.row
        rows = [row for row in range(before) if self._layers[row].tensor == tensor]
        return rows[-1] if rows else None

    def _show_edges(self) -> None:
        if self._open is None:
            return
        panel, edges = self._panel, []
        own = panel.rows[self._open.row]
        end = own.mapTo(panel, own.place_of(self._open.unit))
        largest = max([abs(each.product) for each in self._sources] or [1.0]) or 1.0
        for source in self._sources:
            row = self._row_of(source.tensor)
            if row is not None and source.position is not None:
                before = panel.rows[row]
                shape = before.shown.shape
                unit = source.position[-1] if len(shape) == len(source.position) != 2 else 0
                start = before.mapTo(panel, before.place_of(unit))
                edges.append(Edge(start, end, source.product / largest))
        titles = [
            QRectF(QPointF(row.mapTo(panel, QPoint())), row.title_area.size()) for row in panel.rows
        ]
        panel.edges.show_edges(edges, titles)

    def _mark_field(self, field: "ReceptiveField") -> None:
        """Outline the unit's receptive field on the pad."""
        drawing = self._pad.drawing
        if not drawing.strokes or self._pad.is_drawing:
            return
        from model.ink import ink_steps

        steps = ink_steps([stroke.points for stroke in drawing.strokes])
        if steps is None:
            return
        left, top, right, bottom = field.left, field.top, field.right, field.bottom
        corners = np.array(
            [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]], np.float64
        )
        accent = self._pad.palette().color(QPalette.ColorRole.Accent)
        width = max(drawing.strokes[0].pen_width * 0.2, 4.0)
        mark = line_mark(steps.on_drawing(corners), width, accent, is_dashed=True)
        self._pad.marks.show_marks([mark])

    # ── walking ──

    def _on_input_wanted(self, number: int) -> None:
        if number >= len(self._sources):
            return
        source = self._sources[number]
        row = self._row_of(source.tensor)
        if row is not None and source.position is not None:
            self._walk_to(row, source.position)

    def _on_output_wanted(self) -> None:
        from model.activations.walking import strongest_output

        if self._open is None or self._look is None:
            return
        shown = self._layers[self._open.row]
        position = self._open.position(shown)
        tensors = [each.tensor for each in self._layers]
        unit = strongest_output(self._look, shown.tensor, position, among=tensors)
        if unit is not None:
            self._walk_to(tensors.index(unit.tensor), unit.position)
            return
        is_last = self._open.row == len(self._layers) - 1
        self._view.show_dead_end(words.NO_NEXT_LAYER if is_last else words.NOTHING_MOVED)

    def _walk_to(self, row: int, position: tuple[int, ...]) -> None:
        shape = self._layers[row].shape
        if len(position) != len(shape):
            position = tuple(map(int, np.unravel_index(position[-1], shape)))
        self._open_unit(at_position(row, position), slides=False)

    def _on_off_toggled(self, is_off: bool) -> None:
        if self._open is not None and self._look is not None:
            tensor, unit = self._layers[self._open.row].tensor, self._open.unit
            self._breaking.switch(self._look.network, tensor, unit, is_off=is_off)

    def _on_noise_toggled(self, is_noisy: bool) -> None:
        if self._open is not None and self._look is not None:
            tensor = self._layers[self._open.row].tensor
            self._breaking.set_noise(self._look.network, tensor, is_noisy=is_noisy)
