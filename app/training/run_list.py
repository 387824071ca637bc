"""The runs below the curves: comparing curves, reusing settings, removing."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from app.style.dates import local_time
from app.training.panel import NEXT_EXAMPLE, TrainingPanel
from app.training.run_records import ANOTHER_VERSION, RunRecords, settings_of
from app.training.runs_table import curve_name
from app.widgets.toast import UNDO, ToastAction
from model.database.runs import Run


class RunList(QObject):
    """Keeps the table of runs in step with the database, and the curves with the table."""

    def __init__(
        self,
        panel: TrainingPanel,
        records: RunRecords,
        *,
        say: Callable[..., object],
        report: Callable[[Run], object],
        further: Callable[[Run], object],
        parent: QObject | None = None,
    ) -> None:
        """Connect a panel with the records.

        Args:
            panel: Shows the runs.
            records: Remembers them.
            say: Shows a sentence, perhaps with an action.
            report: Writes a report about a run's model.
            further: Prepares a run that goes on from a run's model.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._panel = panel
        self._records = records
        self._say = say
        self._further = further
        self._shown: dict[str, int] = {}
        records.runs_changed.connect(self._on_runs_changed)
        panel.runs.curve_toggled.connect(self._on_curve_toggled)
        panel.runs.report_wanted.connect(report)
        panel.runs.further_wanted.connect(self._on_further_wanted)
        panel.runs.settings_wanted.connect(self._on_settings_wanted)
        panel.runs.removal_wanted.connect(self._on_removal_wanted)

    def _on_runs_changed(self, runs: list[Run]) -> None:
        known = {run.id for run in runs}
        for run_id in self._shown.keys() - known:
            self._hide(run_id)
        for run in runs:
            if run.id in self._shown:
                self._panel.curves.show_earlier(run.id, run.epochs, curve_name(run))
        self._list(runs)
        self._fill_empty_plots(runs)

    def _fill_empty_plots(self, runs: list[Run]) -> None:
        """Show the last run, pale, or an example, where no run is drawn."""
        if self._panel.is_running or not self._panel.curves.is_empty:
            return
        last = next((run for run in runs if run.epochs), None)
        if last is not None:
            note = f"Your last run, {local_time(last.started)}"
            self._panel.curves.show_last(last.epochs, note)
        elif not runs:
            self._panel.show_example()
        else:
            self._panel.curves.show_example(NEXT_EXAMPLE)

    def _list(self, runs: list[Run]) -> None:
        self._panel.runs.show_runs(runs, self._shown)
        with_curve = sum(bool(run.epochs) for run in runs)
        self._panel.curves.legend.keep_room(with_curve)

    def _on_curve_toggled(self, run: Run, is_shown: bool) -> None:
        if is_shown:
            name = curve_name(run)
            self._shown[run.id] = self._panel.curves.show_earlier(run.id, run.epochs, name)
        else:
            self._hide(run.id)
        self._list(self._panel.runs.runs)
        self._fill_empty_plots(self._panel.runs.runs)

    def _hide(self, run_id: str) -> None:
        self._shown.pop(run_id, None)
        self._panel.curves.hide_earlier(run_id)

    def _on_settings_wanted(self, run: Run) -> None:
        settings = settings_of(run)
        if self._panel.is_running:
            self._say("A run is going on; its settings stay until it ends.", is_problem=True)
        elif settings is None:
            self._say(ANOTHER_VERSION, is_problem=True)
        else:
            self._panel.form.show_settings(settings)
            first = Path(run.first_model) if run.first_model else None
            self._panel.form.begin_with(first)
            self._panel.show_form(settings_from(run))

    def _on_further_wanted(self, run: Run) -> None:
        if self._panel.is_running:
            self._say("A run is going on; go on from this one when it has ended.", is_problem=True)
        else:
            self._further(run)

    def _on_removal_wanted(self, run: Run) -> None:
        self._records.remove(run.id)
        undo = ToastAction(
            UNDO,
            lambda: self._records.restore(run),
            redo=lambda: self._records.remove(run.id),
        )
        self._say("The run is off the list; its model stays.", action=undo)


def settings_from(run: Run) -> str:
    """Say beside Train of which run the settings on the form are."""
    return f"Settings of the run of {local_time(run.started)}."
