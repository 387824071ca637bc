"""The table of recorded runs, whose curves can be shown beside each other."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QPushButton,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.models.words import name_of_file
from app.style.dates import local_time
from app.style.plain_text import PlainLabel, set_tip, wrapping_label
from app.training.outcome import percent_right
from app.training.progress import duration
from app.training.run_marks import SWATCH, run_swatch
from model.data.datasets import dataset_title
from model.database.runs import Run, RunState
from model.recipes import RECIPES

COLUMNS = ("Run", "Network", "Data", "Epochs", "Accuracy", "Trained for")
NO_CURVE = "No curve: the run has no finished epoch."
NO_CURVE_YET = "No curve yet: the run's first epoch goes on."
FURTHER_TIP = "Go on from its weights with its settings; the model in use stays"
NO_MODEL = "This run left no model to go on from"
CHOOSE = "Choose a run in the list first"

FURTHER = ", further"
"""Follows the network of a run that began with a model; which one is said below the table."""

MOST_ROWS = 40
"""Older runs are remembered, but not listed."""

_BOX_PX = 16
_GAP_PX = 4
_WITH_MODEL = (RunState.FINISHED, RunState.STOPPED)
_STATES = {
    RunState.RUNNING: "running",
    RunState.FAILED: "failed",
    RunState.INTERRUPTED: "interrupted",
    RunState.STOPPED: "stopped",
    RunState.FINISHED: "–",
}


class RunsTable(QWidget):
    """The runs, newest first; a check mark shows a run's curve.

    Signals:
        curve_toggled (Run, bool): A run's curve is wanted, or not any more.
        settings_wanted (Run): The user wants its settings on the form.
        further_wanted (Run): The user wants its model trained further.
        report_wanted (Run): The user wants its model measured, and the report in a file.
        removal_wanted (Run): The user wants it off the list.
    """

    curve_toggled = Signal(object, bool)
    settings_wanted = Signal(object)
    further_wanted = Signal(object)
    report_wanted = Signal(object)
    removal_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs")
        self.table = _Rows(0, len(COLUMNS))
        self.take_over = QPushButton("Use its settings")
        self.take_over.setObjectName("takeOverButton")
        self.take_over.clicked.connect(lambda: self._emit_chosen(self.settings_wanted))
        self.further = QPushButton("Train further")
        self.further.setObjectName("trainFurtherButton")
        self.further.clicked.connect(lambda: self._emit_chosen(self.further_wanted))
        self.report = QPushButton("Report…")
        self.report.setObjectName("runReportButton")
        set_tip(
            self.report,
            "Asks where to save the report; then the run's model is measured and it is written",
        )
        self.report.clicked.connect(lambda: self._emit_chosen(self.report_wanted))
        self.remove = QPushButton("Remove")
        self.remove.setObjectName("removeRunButton")
        set_tip(self.remove, "Take the run off the list; its model stays")
        self.remove.clicked.connect(lambda: self._emit_chosen(self.removal_wanted))
        self._runs: list[Run] = []
        self._colours: dict[str, int] = {}
        self._is_filling = False
        self.table.itemChanged.connect(self._on_item_changed)
        self.table.itemSelectionChanged.connect(self._on_selection_changed)
        self.table.customContextMenuRequested.connect(self._on_menu_requested)
        self.menu = QMenu(self)
        self.reason = wrapping_label(name="runReason", role="quiet")
        heading = PlainLabel("Runs")
        heading.setProperty("role", "heading")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(heading)
        buttons.addStretch(1)
        for button in self._buttons:
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(buttons)
        layout.addWidget(self.table)
        layout.addWidget(self.reason)
        self._enable_buttons()
        self.hide()

    @property
    def runs(self) -> list[Run]:
        """The runs that are listed."""
        return self._runs

    def show_runs(self, runs: Sequence[Run], colours: dict[str, int]) -> None:
        """List runs.

        Args:
            runs: The newest first.
            colours: Which of `EARLIER_COLOURS` the shown curves have, by the run's id.
        """
        chosen = self._next_choice(runs)
        self._is_filling = True
        self._runs = list(runs[:MOST_ROWS])
        self._colours = dict(colours)
        self.table.clearSelection()  # or it would stay with the row, whose run is another one now
        self.table.setRowCount(len(self._runs))
        for row, run in enumerate(self._runs):
            for column, text in enumerate(row_of(run)):
                self._set_item(row, column, text, run)
            self._set_box(row)
            if run.id == chosen:
                self.table.selectRow(row)
        self._paint_swatches()
        self._is_filling = False
        self.table.fit_first_column()
        self.table.updateGeometry()
        self.setVisible(bool(self._runs))
        self._enable_buttons()

    def _next_choice(self, runs: Sequence[Run]) -> str:
        """Return the id of the run to choose: one that has just ended, or the one chosen before.

        Of the first list it is the newest that has ended; after a removal it is none.
        """
        ended = [run.id for run in runs if run.state is not RunState.RUNNING]
        if not self._runs:
            return ended[0] if ended else ""
        running = {run.id for run in self._runs if run.state is RunState.RUNNING}
        chosen = self._chosen_run
        before = chosen.id if chosen is not None else ""
        return next((run_id for run_id in ended if run_id in running), before)

    @property
    def _chosen_run(self) -> Run | None:
        rows = self.table.selectionModel().selectedRows()
        return self._runs[rows[0].row()] if rows and rows[0].row() < len(self._runs) else None

    def _set_item(self, row: int, column: int, text: str, run: Run) -> None:
        item = QTableWidgetItem(text)
        set_tip(item, _tip(run))
        _align(item, column)
        self.table.setItem(row, column, item)

    def _set_box(self, row: int) -> None:
        item, run = self.table.item(row, 0), self._runs[row]
        if item is None:
            return
        is_shown = bool(run.epochs) and run.id in self._colours
        item.setCheckState(Qt.CheckState.Checked if is_shown else Qt.CheckState.Unchecked)
        if not run.epochs:
            # A box all the same, or the first column would be ragged; it can't be checked.
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
            set_tip(item, _missing_curve(run))

    def _paint_swatches(self) -> None:
        """Give each run that is shown the colour and the marker of its curve."""
        for row, run in enumerate(self._runs):
            item, colour = self.table.item(row, 0), self._colours.get(run.id)
            if item is not None and colour is not None and run.epochs:
                item.setIcon(run_swatch(colour, self.palette(), self.devicePixelRatioF()))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._is_filling = True
            self._paint_swatches()
            self._is_filling = False

    def _on_item_changed(self, item: QTableWidgetItem) -> None:
        if not self._is_filling and item.column() == 0:
            is_shown = item.checkState() == Qt.CheckState.Checked
            self.curve_toggled.emit(self._runs[item.row()], is_shown)

    @property
    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.further, self.report, self.take_over, self.remove

    def _enable_buttons(self) -> None:
        run = self._chosen_run
        self.take_over.setEnabled(run is not None)
        self.remove.setEnabled(run is not None)
        has_model = run is not None and _left_model(run)
        self.further.setEnabled(has_model)
        no_further = CHOOSE if run is None else "" if has_model else NO_MODEL
        set_tip(self.further, no_further or FURTHER_TIP)
        self.further.setAccessibleDescription(no_further)
        self.report.setEnabled(run is not None and run.accuracy is not None)
        self.reason.setText("" if run is None else "\n".join(filter(None, _notes(run))))
        self.reason.setVisible(bool(self.reason.text()))

    def _on_menu_requested(self, place: QPoint) -> None:
        """Open the menu of the row below the pointer, or of the chosen one."""
        item = self.table.itemAt(place)
        if item is not None:
            self.table.selectRow(item.row())
        if self._chosen_run is None:
            return
        self._fill_menu(self.table.currentRow())
        self.menu.popup(self.table.viewport().mapToGlobal(place))

    def _fill_menu(self, row: int) -> None:
        self.menu.clear()
        first = self.table.item(row, 0)
        if first is not None:
            is_shown = first.checkState() == Qt.CheckState.Checked
            curve = self.menu.addAction("Hide its curve" if is_shown else "Show its curve")
            curve.setEnabled(bool(first.flags() & Qt.ItemFlag.ItemIsUserCheckable))
            other = Qt.CheckState.Unchecked if is_shown else Qt.CheckState.Checked
            curve.triggered.connect(lambda: first.setCheckState(other))
            self.menu.addSeparator()
        for button in self._buttons:
            action = self.menu.addAction(button.text())
            action.setEnabled(button.isEnabled())
            action.triggered.connect(button.click)

    def _on_selection_changed(self) -> None:
        if not self._is_filling:
            self._enable_buttons()

    def _emit_chosen(self, signal: SignalInstance) -> None:
        run = self._chosen_run
        if run is not None:
            signal.emit(run)


def row_of(run: Run) -> tuple[str, ...]:
    """Return a run's cells."""
    done, planned = len(run.epochs), run.planned_epochs
    return (
        local_time(run.started),
        f"{recipe_title(run.recipe)}{FURTHER if run.first_model else ''}",
        dataset_title(run.dataset),
        f"{planned}" if done == planned else f"{done} of {planned}",
        _STATES[run.state] if run.accuracy is None else _accuracy(run),
        "" if run.seconds is None else duration(run.seconds),
    )


def curve_name(run: Run) -> str:
    """Return what the legend of the curves calls a run."""
    return f"{local_time(run.started)}, {recipe_title(run.recipe)} on {dataset_title(run.dataset)}"


def recipe_title(name: str) -> str:
    """Return a recipe's title; its name where it is of another version of the program."""
    recipe = RECIPES.get(name)
    return name if recipe is None else recipe.title or name


def _accuracy(run: Run) -> str:
    """Return the accuracy with the split that it was measured on."""
    split = run.accuracy_data.partition(":")[0]
    return f"{percent_right(run.accuracy or 0.0)} {split}".strip()


def _tip(run: Run) -> str:
    accuracy = ""
    if run.accuracy is not None:
        accuracy = f"{percent_right(run.accuracy)} ({run.accuracy_data})"
    kept = Path(run.model_file).stem if _left_model(run) else ""
    lines = (
        f"{run.recipe} on {run.dataset}",
        accuracy,
        run.state.value,
        f"Kept in Models as {kept}" if kept else "",
        *_notes(run),
    )
    return "\n".join(filter(None, lines))


def _left_model(run: Run) -> bool:
    """Return whether a run has ended with weights: not one that was stopped before it had any."""
    return run.state in _WITH_MODEL and bool(run.model_file) and not run.reason


def _notes(run: Run) -> tuple[str, str, str]:
    """Return what a run began with if not with random weights, and why it lacks model or curve."""
    name = _first_model(run)
    began = f"Began with the weights of {name}." if name else ""
    return began, run.reason, _missing_curve(run)


def _missing_curve(run: Run) -> str:
    """Return why a run has no curve; empty if it has one."""
    if run.epochs:
        return ""
    return NO_CURVE_YET if run.state is RunState.RUNNING else NO_CURVE


def _first_model(run: Run) -> str:
    """Return the name of the model that a run began with; empty for random weights."""
    return name_of_file(Path(run.first_model)) if run.first_model else ""


def _align(item: QTableWidgetItem, column: int) -> None:
    """Put words at the left and figures at the right."""
    side = Qt.AlignmentFlag.AlignRight if column >= 3 else Qt.AlignmentFlag.AlignLeft
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)


class _Rows(QTableWidget):
    """A table as high as its rows: the lens around it scrolls."""

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__(rows, columns)
        self.setProperty("role", "figures")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName("Runs")
        for column, name in enumerate(COLUMNS):
            item = QTableWidgetItem(name)
            _align(item, column)  # as the cells below
            self.setHorizontalHeaderItem(column, item)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(30)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setIconSize(SWATCH)
        self.setTabKeyNavigation(False)  # Tab leaves the table; the arrows go through it
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def fit_first_column(self) -> None:
        """Give box, swatch and time room: Qt leaves the style sheet's box out of its hint."""
        texts = (self.item(row, 0) for row in range(self.rowCount()))
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(item.text()) for item in texts if item), default=0)
        self.setColumnWidth(0, widest + _BOX_PX + SWATCH.width() + 5 * _GAP_PX)

    @override
    def sizeHint(self) -> QSize:
        rows = self.verticalHeader().length()
        bar = self.horizontalScrollBar().sizeHint().height()
        height = self.horizontalHeader().sizeHint().height() + rows + 2 * self.frameWidth() + bar
        return QSize(240, height)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())
