"""The composition root: makes everything, and connects it."""

import signal
import sys
from collections.abc import Sequence
from itertools import filterfalse
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app import startup
from app.context import AppContext
from app.drawing.file_presenter import FileKind, FilePresenter
from app.evaluation.feature import EvaluationFeature
from app.explain.feature import ExplainFeature
from app.hand.feature import HandFeature
from app.help.feature import HelpFeature
from app.inside.feature import InsideFeature
from app.main_window import MainWindow
from app.models.feature import ModelsFeature
from app.models.library import ModelLibrary
from app.recognition.answer_words import Answer, one_line, what_to_draw
from app.recognition.current_model import CurrentModel, LoadedModel, bundled_model
from app.recognition.learning_network import LearningNetwork
from app.recognition.presenter import RecognitionPresenter
from app.settings import SettingsFile, ThemeName
from app.style.icons import window_icon
from app.style.theme import apply_theme
from app.training.feature import DATA_SUFFIXES, TrainingFeature
from app.widgets.problem_reporter import ProblemReporter
from model.errors import DigitpadError
from model.files.paths import models_folder
from model.metadata import shown_name

RETURN_MEMORY_MS = 10_000
"""Time between two returns of free memory to the system."""

STYLE = "fusion"
"""Qt's style, the same on every desktop."""

SAVE_DELAY_MS = 500
"""Changes of settings within this time are written together."""

PAD_ALONE = "none"
"""Remembered in place of a lens's name if no lens was shown."""

SAVE_FILTERS = ["PNG picture (*.png)", "SVG drawing (*.svg)", "Strokes (*.json)"]


class Application(QObject):
    """Owns the presenters; a child of the window, so it lives as long.

    Attributes:
        window: The window.
        reporter: Shows problems.
        recognition: Keeps the answer in step with the drawing.
        files: Opens and saves.
        settings_file: What is remembered.
        current_model: The model that answers.
        explain: Says why the answer is what it is.
        inside: Shows the network's layers.
        training: Trains.
        models: Opens, lists, compares and exports models.
        hand: Teaches the model how its user writes.
        help: Tour, pages and about.
    """

    def __init__(
        self, window: MainWindow, settings_file: SettingsFile, reporter: ProblemReporter
    ) -> None:
        super().__init__(window)
        self.window = window
        self.reporter = reporter
        self.settings_file = settings_file
        self.recognition = RecognitionPresenter(
            window.drawing_pad, window.answer_panel, reporter.report, self
        )
        self.files = FilePresenter(window.drawing_pad, reporter.report, self)
        self.current_model = CurrentModel(self)
        self.current_model.changed.connect(self._on_current_model_changed)
        context = AppContext(
            window=window,
            recognition=self.recognition,
            settings_file=settings_file,
            reporter=reporter,
            current_model=self.current_model,
            learning=LearningNetwork(self),
        )
        library = ModelLibrary(models_folder(), lambda: settings_file.settings.recent_files)
        self.explain = ExplainFeature(context, self)
        self.inside = InsideFeature(context, self)
        self.training = TrainingFeature(context, library, self)
        self.models = ModelsFeature(context, library, self.files, self)
        self.evaluation = EvaluationFeature(context, library, self)
        self.hand = HandFeature(context, self)
        self.help = HelpFeature(context, self)
        self._save_timer = QTimer(self, singleShot=True, interval=SAVE_DELAY_MS)
        self._has_said_unsaved = False
        self._memory_timer = QTimer(self, interval=RETURN_MEMORY_MS)
        self._memory_timer.timeout.connect(startup.return_free_memory)
        self._connect()
        self._restore()

    def _on_current_model_changed(self, model: LoadedModel) -> None:
        self.window.set_model_name(model.name, model.tip)
        self._let_refuse(model)
        self.recognition.set_recognizer(model.recognizer)

    def _let_refuse(self, model: LoadedModel) -> None:
        """Let the bundled network refuse non-digits where a model of digits cannot."""
        from model.recognizer import Recognizer  # 0.2 s, so not before the window is shown
        from model.refusal import let_bundled_refuse

        if isinstance(model.recognizer, Recognizer):
            try:
                let_bundled_refuse(model.recognizer)
            except DigitpadError as error:
                self.reporter.report(error)

    def _connect(self) -> None:
        window, files, actions = self.window, self.files, self.window.actions_by_name
        self.recognition.load_with(self._load_first_model)
        self.recognition.wording_changed.connect(self._on_wording_changed)
        self.recognition.class_names_changed.connect(self._on_class_names_changed)
        window.first_painted.connect(self.recognition.load)
        window.start_finished.connect(window.answer_panel.bars.begin_moving)
        window.start_finished.connect(window.drawing_pad.empty_sheet.begin_writing)
        window.start_finished.connect(self._memory_timer.start)
        window.open_requested.connect(files.open_path)
        window.save_requested.connect(files.save_to)
        window.mime_dropped.connect(self._on_mime_dropped)
        window.theme_chosen.connect(self._on_theme_chosen)
        window.closing.connect(self._on_closing)
        files.opened.connect(window.end_problem)
        files.picture_shown.connect(window.end_problem)
        files.said.connect(self.reporter.say)
        self.hand.tuning_requested.connect(self.training.fine_tune)
        self.models.model_deleted.connect(self.training.forget_model)
        self.models.model_renamed.connect(self.training.rename_model)
        self.training.fine_tuned.connect(self.hand.remember_fine_tuning)
        self.training.report_requested.connect(self.evaluation.report_on)
        files.register(FileKind("Data sets", DATA_SUFFIXES, self.training.choose_data))
        files.register_folders(self.training.choose_data)
        files.opened.connect(lambda path: self._remember(open_folder=str(path.parent)))
        files.saved.connect(self._on_saved)
        actions["open"].triggered.connect(self._on_open_triggered)
        actions["save"].triggered.connect(self._on_save_triggered)
        actions["paste"].triggered.connect(files.paste)
        actions["copy"].triggered.connect(self._on_copy_triggered)
        actions["copy"].setEnabled(False)
        actions["copy_drawing"].triggered.connect(files.copy_drawing)
        actions["split"].triggered.connect(self.recognition.split_digit)
        actions["join"].triggered.connect(self.recognition.join_digits)
        actions["numbers"].toggled.connect(self._on_numbers_toggled)
        actions["why"].triggered.connect(lambda: window.go_to_lens("explain"))
        window.answer_panel.why_requested.connect(actions["why"].trigger)
        self.settings_file.on_change = self._save_timer.start
        self._save_timer.timeout.connect(self._on_settings_changed)
        hints = QApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_color_scheme_changed)

    def _restore(self) -> None:
        settings, window = self.settings_file.settings, self.window
        window.mark_theme(settings.theme)
        window.restoreGeometry(QByteArray.fromBase64(settings.geometry.encode()))
        if settings.pad_fraction:
            window.set_pad_fraction(settings.pad_fraction)
        window.drawing_pad.set_pen_width(settings.pen_width)
        window.actions_by_name["numbers"].setChecked(settings.reads_numbers)
        if self.settings_file.complaint:
            self.reporter.report(DigitpadError(self.settings_file.complaint))

    def restore_lens(self) -> None:
        """Show the lens that was shown last; call it when all lenses are added."""
        lens, window = self.settings_file.settings.lens, self.window
        if lens == PAD_ALONE:
            window.show_pad_alone()
        else:
            names = window.lenses.names
            window.show_lens(lens if lens in names else names[0])

    def _load_first_model(self) -> None:
        try:
            self.current_model.set(bundled_model())
        except DigitpadError as error:
            self.window.set_model_name("No network")
            self.reporter.report(error)
        self.models.restore()

    def _on_wording_changed(self, answer: Answer) -> None:
        actions = self.window.actions_by_name
        actions["copy"].setEnabled(bool(answer.text))
        actions["split"].setEnabled(self.recognition.can_split)
        actions["join"].setEnabled(self.recognition.can_join)
        self.window.set_answer_in_title(one_line(answer.text))

    def _on_class_names_changed(self, class_names: tuple[str, ...]) -> None:
        sheet = self.window.drawing_pad.empty_sheet
        sheet.set_words(what_to_draw(class_names), "or drop a picture")

    def _on_mime_dropped(self, mime: QMimeData) -> None:
        path = self.files.take(mime, "Dropped picture")
        if path is not None:
            self.models.show_lens_for(path)

    def _on_copy_triggered(self) -> None:
        text = self.recognition.text
        QApplication.clipboard().setText(text)
        self.reporter.say(f"Copied: {one_line(text)}")

    def _on_open_triggered(self) -> None:
        folder = self.settings_file.settings.open_folder
        self.window.ask_for_file(folder, self.files.open_filters())

    def _on_save_triggered(self) -> None:
        self.window.ask_where_to_save(self.settings_file.settings.save_folder, SAVE_FILTERS)

    def _on_saved(self, path: Path) -> None:
        self._remember(save_folder=str(path.parent))
        self.reporter.say(f"Saved as {shown_name(path.name)}.")

    def _on_numbers_toggled(self, reads: object) -> None:
        self._remember(reads_numbers=bool(reads))
        self.recognition.set_reads_numbers(bool(reads))

    def _on_theme_chosen(self, name: ThemeName) -> None:
        self._remember(theme=name)
        self._dress()

    def _on_color_scheme_changed(self) -> None:
        if self.settings_file.settings.theme == "system":
            self._dress()

    def _dress(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application, self.settings_file.settings.theme)
        self.window.mark_theme(self.settings_file.settings.theme)

    def _remember(self, **changes: object) -> None:
        self.settings_file.change(**changes)

    def _on_settings_changed(self) -> None:
        """Write them now: a crash or the end of the session comes without a close event."""
        complaint = self.settings_file.save()
        if complaint and not self._has_said_unsaved:
            self._has_said_unsaved = True
            self.reporter.report(DigitpadError(complaint))

    def _on_closing(self) -> None:
        window = self.window
        self._remember(
            geometry=bytes(window.saveGeometry().toBase64().data()).decode(),
            pen_width=window.drawing_pad.pen_width,
            lens=window.open_lens or PAD_ALONE,
            pad_fraction=window.pad_fraction,
        )
        self._save_timer.stop()
        complaint = self.settings_file.save()
        if complaint:
            sys.stderr.write(f"digitpad: {complaint}\n")


def build(argv: Sequence[str]) -> tuple[QApplication, MainWindow]:
    """Make the application and its window, which is not shown yet.

    Args:
        argv: The process's arguments, the program's name first. A file named there is opened as
            soon as the window is shown.

    Returns:
        The one `QApplication` and the window.
    """
    application, root = _made(argv)
    return application, root.window


def run(argv: Sequence[str]) -> int:
    """Show the window until it is closed; return the process's exit code."""
    application, root = _made(argv)
    root.reporter.install()
    root.window.first_painted.connect(startup.end)
    # Python would look at Ctrl+C only when the next event comes.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    root.window.show()
    code = application.exec()
    root.reporter.uninstall()
    return code


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _made(argv: Sequence[str]) -> tuple[QApplication, Application]:
    instance = QApplication.instance()
    if isinstance(instance, QApplication):
        application, arguments = instance, list(argv)
        application.setStyle(STYLE)
    else:
        # Qt takes only Unicode text, so it does not get file names that are not Unicode.
        names = [name for name in argv if _is_unicode(name)]
        # Named here, and not by `setStyle`: that returns a QStyle, whose names take 6 ms to make.
        application = QApplication([*names[:1], "-style", STYLE, *names[1:]])
        # Without Qt's own options and their values.
        arguments = [*application.arguments(), *filterfalse(_is_unicode, argv)]
    # Every point of a quick stroke counts, even if several wait for a busy window. Not earlier:
    # Qt's part for X11 sets it when the application is made.
    application.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    application.setApplicationName("digitpad")
    application.setDesktopFileName("digitpad")
    application.setWindowIcon(window_icon())
    settings_file = SettingsFile()
    apply_theme(application, settings_file.settings.theme)  # first: no widget is styled twice
    window = MainWindow()
    root = Application(window, settings_file, ProblemReporter(window))
    root.reporter.attach(window)
    root.restore_lens()
    file = next((Path(name).absolute() for name in arguments[1:] if not name.startswith("-")), None)
    if file is not None:
        window.first_painted.connect(lambda: window.open_requested.emit(file))
    return application, root
