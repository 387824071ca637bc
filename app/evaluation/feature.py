"""Testing in the window: the lens, made when it is first seen."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.context import AppContext, Feature
from app.models.library import IF_DELETED, ModelLibrary, missing_words
from model.metadata import printable

if TYPE_CHECKING:  # importing them for real would make the window's start slower
    from app.evaluation.panel import EvaluationPanel
    from app.evaluation.plot import Plot
    from app.evaluation.presenter import EvaluationPresenter
    from app.evaluation.run_reports import RunReports
    from app.widgets.close_dialog import OpenWork

LENS_NAME = "test"

KEEP = "Keep measuring"

NUMBERS_SUMMARY = "1,400 numbers of two to six digits, composed of the pen digits' test part"


class EvaluationFeature(Feature):
    """Owns the Test lens; a child of the application.

    Attributes:
        panel: The lens; None until it is first seen.
        presenter: Its presenter; None until then.
    """

    def __init__(self, context: AppContext, library: ModelLibrary, parent: QObject) -> None:
        super().__init__(context, parent)
        self._library = library
        self.panel: EvaluationPanel | None = None
        self.presenter: EvaluationPresenter | None = None
        self._has_reports = False
        self._window.add_lens(LENS_NAME, "Test", self._made_panel, widest_badge="100 %")
        self._window.add_close_guard(self._may_close)
        self._window.add_work(lambda: self._open_work)
        self._window.work_given_up.connect(self._give_work_up)
        self._window.lenses.lens_shown.connect(self._on_lens_shown)

    def report_on(self, model_file: Path, dataset: str) -> None:
        """Ask where to save a report about a model, then measure it and write the report.

        The Test lens and its measurement stay as they are.

        Args:
            model_file: Of the user's models.
            dataset: What it was trained with; MNIST where that is for training alone.
        """
        from app.evaluation.run_reports import ReportOrder
        from app.evaluation.saving import ask_for_report_file
        from app.models.words import name_of_file
        from model.data.datasets import dataset_title, holder_of_test_split
        from model.evaluation.saving import ReportFileError

        if not model_file.is_file():
            missing = missing_words(name_of_file(model_file), is_replaced=False)
            sentence = f"{missing}, so it can't be measured; {IF_DELETED}."
            self._reporter.report(ReportFileError(sentence))
            return
        data = holder_of_test_split(dataset)
        title = printable(dataset_title(data), 40)
        name = f"{model_file.stem} on {title}"

        def begin(file: Path) -> None:
            self._run_reports.add(ReportOrder(model_file, data, title, file))

        ask_for_report_file(
            self._window,
            f"Save report: {name} is measured first",
            name,
            self._settings_file,
            begin,
        )

    def _ask_where_to_save(self) -> None:
        from app.evaluation.saving import ask_where_to_save

        if self.panel is not None and self.presenter is not None:
            ask_where_to_save(
                self.panel, self.presenter.evaluation, self._settings_file, self._reporter
            )

    def _on_plot_save_requested(self, plot: "Plot") -> None:
        from app.evaluation.paper import PlotSheet
        from app.evaluation.saving import ask_where_to_save_plot
        from app.evaluation.words import headline

        if self.presenter is not None and self.presenter.evaluation is not None:
            sheet = PlotSheet(plot, headline(self.presenter.evaluation))
            ask_where_to_save_plot(sheet, self._settings_file, self._reporter)

    @cached_property
    def _run_reports(self) -> "RunReports":
        from app.evaluation.run_reports import RunReports

        self._has_reports = True
        return RunReports(
            say=self._window.say,
            report=self._reporter.report,
            show_state=lambda text: self._window.set_activity(
                "report", f"report {text}" if text else ""
            ),
            parent=self,
        )

    def end_children(self) -> None:
        """End the measurements."""
        if self.presenter is not None:
            self.presenter.end_now()
        if self._has_reports:
            self._run_reports.end_now()

    def _give_work_up(self) -> None:
        """Stop what is measured: the user agreed that it ends."""
        if self.presenter is not None and self.presenter.is_measuring:
            self.presenter.stop()
        if self._has_reports and self._run_reports.orders:
            self._run_reports.stop()

    def _may_close(self) -> bool:
        """Return whether the window may close: a measurement and its report would end with it."""
        work = self._open_work
        if not work:
            return True
        from app.widgets.close_dialog import CloseDialog

        return CloseDialog.ask(work[0].with_others(work[1:]), self._window)

    @property
    def _open_work(self) -> "list[OpenWork]":
        return list(filter(None, (self._open_measurement, self._open_reports)))

    @property
    def _open_measurement(self) -> "OpenWork | None":
        if self.presenter is None or not self.presenter.is_measuring:
            return None
        from app.widgets.close_dialog import OpenWork

        return OpenWork(
            "Test is still measuring.",
            "Closing stops the measurement; it leaves no figures.",
            KEEP,
        )

    @property
    def _open_reports(self) -> "OpenWork | None":
        orders = self._run_reports.orders if self._has_reports else ()
        if not orders:
            return None
        from app.widgets.close_dialog import OpenWork

        files = ", ".join(order.file.name for order in orders)
        what = "A report is" if len(orders) == 1 else f"{len(orders)} reports are"
        return OpenWork(
            f"{what} not written yet.",
            f"Closing stops the measurement and gives up {files}.",
            KEEP,
        )

    def _made_panel(self) -> QWidget:
        from app.evaluation.disturbing import DisturbancePresenter
        from app.evaluation.kept_count import KeptCount
        from app.evaluation.panel import EvaluationPanel
        from app.evaluation.presenter import EvaluationPresenter
        from app.widgets.data_box import DataEntry
        from model.data.datasets import DATASETS
        from model.data.number_rows import NAME as NUMBERS

        entries = [
            DataEntry(source.name, source.title, source.summary)
            for source in DATASETS.values()
            if not source.tested_on
        ]
        entries.append(DataEntry(NUMBERS, "Numbers", NUMBERS_SUMMARY))
        self.panel = panel = EvaluationPanel(entries)
        presenter = EvaluationPresenter(
            panel,
            self._window.drawing_pad,
            self._library,
            self._current_model,
            report=self._reporter.report,
            show_state=self._show_state,
            parent=self,
        )
        self.presenter = presenter
        disturbing = DisturbancePresenter(
            panel, self._window.drawing_pad, self._recognition, self._current_model, self
        )
        KeptCount(panel, panel.data, self)
        presenter.shown.connect(disturbing.take)
        presenter.said.connect(self._reporter.say)
        panel.data.dialog_requested.connect(self._on_data_dialog_requested)
        panel.save_requested.connect(self._ask_where_to_save)
        panel.plot_save_requested.connect(self._on_plot_save_requested)
        return panel

    def _on_lens_shown(self, name: str) -> None:
        """List models that were added, renamed or deleted while the lens was not seen."""
        if name == LENS_NAME and self.presenter is not None:
            self.presenter.refresh_models()

    def _show_state(self, text: str) -> None:
        """Show on the tab and in the title how far the measurement is; empty for none."""
        self._window.set_badge(LENS_NAME, text)
        self._window.set_activity(LENS_NAME, f"measuring {text}" if text else "")

    def _on_data_dialog_requested(self, entry: str) -> None:
        """Ask for the user's own data."""
        from PySide6.QtWidgets import QFileDialog

        from app.widgets.data_box import OWN_FILE
        from app.widgets.file_dialogs import first_folder

        folder = first_folder(self._settings_file.settings.open_folder)
        dialog = QFileDialog(self._window, "Data to measure on", folder)
        if entry == OWN_FILE:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.setNameFilters(["Data (*.npz *.jsonl *.jsonl.gz *.csv)", "All files (*)"])
        else:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._on_data_chosen)
        dialog.open()

    def _on_data_chosen(self, name: str) -> None:
        self._settings_file.change(open_folder=str(Path(name).parent))
        if self.panel is not None:
            self.panel.data.add(str(Path(name)))
