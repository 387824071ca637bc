"""How the window looks: two palettes, light and dark, and one small style sheet.

Widgets that paint themselves take their colours from the palette's roles, so they know nothing of
themes: `Base` is paper, `Text` is ink, `Accent` marks the answer, `Midlight` and `Mid` are
hairlines and `PlaceholderText` is quiet text.
"""

from dataclasses import dataclass

from PySide6.QtCore import QDir, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from app.settings import ThemeName
from app.style.icons import ICON_FOLDER
from app.style.text_sizes import TextSize, body_pixels


@dataclass(frozen=True)
class Theme:
    """The colours of one look.

    Quiet text keeps a contrast of 4.5 to window and paper, and a border of 3. `tick` is the icon of
    a checked box.
    """

    window: str
    paper: str
    raised: str
    hairline: str
    border: str
    text: str
    quiet: str
    disabled: str
    accent: str
    accent_soft: str
    on_accent: str
    tick: str


LIGHT = Theme(
    window="#f4f5f7",
    paper="#ffffff",
    raised="#e9ebef",
    hairline="#e3e5ea",
    border="#828a97",
    text="#191c22",
    quiet="#5c6370",
    disabled="#a4a9b3",
    accent="#3457d5",
    accent_soft="#dfe6fb",
    on_accent="#ffffff",
    tick="check-light",
)

DARK = Theme(
    window="#141619",
    paper="#1c1f24",
    raised="#272b32",
    hairline="#2c3038",
    border="#737c8b",
    text="#eceef1",
    quiet="#9ba2ae",
    disabled="#5d636e",
    accent="#8ba6ff",
    accent_soft="#283356",
    on_accent="#10131a",
    tick="check-dark",
)


def apply_theme(application: QApplication, name: ThemeName) -> Theme:
    """Show the application in a theme.

    Args:
        application: What is shown in it.
        name: Which look; "system" asks the desktop.

    Returns:
        The look that was chosen by it.
    """
    theme = _resolved(application, name)
    # A path in the style sheet itself could hold an apostrophe, which would end the sheet there.
    QDir.setSearchPaths("icons", [str(ICON_FOLDER)])
    application.setPalette(palette_of(theme))
    font = application.font()
    font.setPixelSize(body_pixels())
    application.setFont(font)
    application.setStyleSheet(style_sheet_of(theme))
    return theme


def _resolved(application: QApplication, name: ThemeName) -> Theme:
    hints = application.styleHints()
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    # Tells the desktop too, so that native dialogs and title bars follow.
    hints.setColorScheme(schemes.get(name, Qt.ColorScheme.Unknown))
    if name == "system":
        return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT
    return DARK if name == "dark" else LIGHT


def palette_of(theme: Theme) -> QPalette:
    """Return a theme's colours as Qt's roles."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.paper,
        role.AlternateBase: theme.window,
        role.Text: theme.text,
        role.PlaceholderText: theme.quiet,
        role.Button: theme.paper,
        role.ButtonText: theme.text,
        role.BrightText: theme.on_accent,
        role.Light: theme.paper,
        role.Midlight: theme.hairline,
        role.Mid: theme.border,
        role.Dark: theme.border,
        role.Shadow: theme.border,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.ToolTipBase: theme.text,
        role.ToolTipText: theme.window,
    }
    palette = QPalette()
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.disabled))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(theme.border))
    return palette


def style_sheet_of(theme: Theme) -> str:
    """Return the style sheet of a theme; it names icons by the search path `icons:`."""
    sizes = {f"{size.name.lower()}_px": size.pixels for size in TextSize}
    return _STYLE_SHEET % {**vars(theme), **sizes}


_STYLE_SHEET = """
QMainWindow, QDialog { background: %(window)s; }
QMenuBar { background: %(window)s; padding: 2px 8px; }
QMenuBar::item { padding: 4px 8px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected { background: %(raised)s; }
QMenu { background: %(paper)s; border: 1px solid %(border)s; border-radius: 8px; padding: 6px; }
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 6px; }
QMenu::item:selected { background: %(accent_soft)s; color: %(text)s; }
QMenu::item:disabled { color: %(disabled)s; }
QMenu::separator { height: 1px; background: %(hairline)s; margin: 6px 8px; }
QMenu::indicator { width: 14px; height: 14px; margin-left: 6px; }
QToolBar { background: %(window)s; border: none; spacing: 2px; padding: 0 12px; }
QToolBarExtension { padding: 0; border-radius: 4px; }
QToolBar::separator { background: %(hairline)s; width: 1px; margin: 8px 6px; }
QToolTip {
  background: %(text)s; color: %(window)s; border: none; border-radius: 8px; padding: 6px 8px;
}
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollArea[role="bars"] { border: 2px solid transparent; border-radius: 6px; }
QScrollArea[role="bars"]:focus { border-color: %(accent)s; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle {
  background: %(border)s; border-radius: 3px; margin: 2px; min-height: 28px; min-width: 28px;
}
QScrollBar::handle:hover { background: %(quiet)s; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QSplitter::handle { background: transparent; }
QPushButton {
  background: %(paper)s; border: 1px solid %(border)s; border-radius: 8px; padding: 6px 14px;
  outline: none;
}
QPushButton:hover { background: %(raised)s; }
QPushButton:pressed { background: %(hairline)s; }
QPushButton:focus { border: 2px solid %(accent)s; padding: 5px 13px; }
QPushButton:disabled { color: %(disabled)s; border-color: %(hairline)s; }
QPushButton:default, QPushButton[role="primary"] {
  background: %(accent)s; color: %(on_accent)s; border-color: %(accent)s;
}
QPushButton:default:focus, QPushButton[role="primary"]:focus { border: 2px solid %(text)s; }
QPushButton[role="primary"]:disabled, QPushButton:default:disabled {
  background: %(raised)s; color: %(disabled)s; border-color: %(raised)s;
}
QToolButton {
  background: transparent; border: 2px solid transparent; border-radius: 8px; padding: 5px;
}
QToolButton:hover { background: %(raised)s; }
QToolButton:pressed { background: %(hairline)s; }
QToolButton:checked { background: %(accent_soft)s; color: %(accent)s; }
QToolButton:focus { border: 2px solid %(accent)s; }
QToolButton:disabled { color: %(disabled)s; }
QToolButton[role="class"] { padding: 0; border-radius: 6px; }
QToolButton[role="class"]:checked { font-weight: 600; border-color: %(accent)s; }
QToolButton[role="more"]::menu-indicator { image: none; width: 0; }
QToolButton[role="menu"] { border: 1px solid %(border)s; padding: 4px 22px 4px 9px; }
QToolButton[role="menu"]:focus { border: 2px solid %(accent)s; padding: 3px 21px 3px 8px; }
QToolButton::menu-indicator {
  image: url(icons:down.svg); width: 10px; height: 10px; right: 6px;
  subcontrol-origin: padding; subcontrol-position: center right;
}
QToolButton[role="chip"] { border: 1px solid %(border)s; border-radius: 12px; padding: 3px 11px; }
QToolButton[role="chip"]:checked { border-color: %(accent)s; }
QToolButton[role="chip"]:focus { border: 2px solid %(accent)s; padding: 2px 10px; }
QLineEdit, QComboBox, QAbstractSpinBox {
  background: %(paper)s; border: 1px solid %(border)s; border-radius: 8px; padding: 5px 8px;
  selection-background-color: %(accent)s; selection-color: %(on_accent)s;
}
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; padding: 0 6px; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {
  border: 2px solid %(accent)s; padding: 4px 7px;
}
QAbstractSpinBox QLineEdit:focus, QComboBox QLineEdit:focus { border: none; padding: 0 6px; }
#nameEditor QLineEdit { padding: 1px 8px; }
#nameEditor QLineEdit:focus { padding: 0 7px; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {
  background: %(window)s; color: %(disabled)s; border-color: %(hairline)s;
}
QComboBox { combobox-popup: 0; }
QComboBox QAbstractItemView::item { min-height: 18px; padding: 4px 8px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow, QAbstractSpinBox::down-arrow {
  image: url(icons:down.svg); width: 10px; height: 10px;
}
QAbstractSpinBox::up-arrow { image: url(icons:up.svg); width: 10px; height: 10px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 20px; }
QComboBox QAbstractItemView {
  background: %(paper)s; border: 1px solid %(border)s; border-radius: 0; outline: none;
  padding: 0; selection-background-color: %(accent_soft)s; selection-color: %(text)s;
}
QRadioButton, QCheckBox { spacing: 8px; }
QRadioButton:disabled, QCheckBox:disabled { color: %(disabled)s; }
QRadioButton::indicator {
  width: 12px; height: 12px; border: 2px solid %(quiet)s; border-radius: 8px; background: %(paper)s;
}
QRadioButton::indicator:checked {
  width: 6px; height: 6px; border: 5px solid %(accent)s; background: %(on_accent)s;
}
QRadioButton::indicator:disabled { border-color: %(disabled)s; }
QCheckBox::indicator, QTableView::indicator {
  width: 14px; height: 14px; border: 1px solid %(border)s; border-radius: 4px;
  background: %(paper)s;
}
QCheckBox::indicator:checked, QTableView::indicator:checked {
  border-color: %(accent)s; background: %(accent)s; image: url(icons:%(tick)s.svg);
}
QCheckBox::indicator:disabled, QTableView::indicator:disabled { border-color: %(disabled)s; }
QCheckBox::indicator:checked:disabled {
  border-color: %(disabled)s; background: %(disabled)s;
}
QRadioButton, QCheckBox { border: 2px solid transparent; border-radius: 6px; padding: 1px; }
QRadioButton:focus, QCheckBox:focus { border: 2px solid %(accent)s; }
QProgressBar {
  background: %(raised)s; border: none; border-radius: 4px; text-align: center; min-height: 8px;
}
QProgressBar::chunk { background: %(accent)s; border-radius: 4px; }
QProgressBar[role="thin"] { min-height: 4px; max-height: 4px; border-radius: 2px; }
QProgressBar[role="thin"]::chunk { border-radius: 2px; }
QToolButton[role="disclosure"] { padding: 4px 2px; font-weight: 600; }
QToolButton[role="disclosure"]:checked { background: transparent; color: %(text)s; }
QToolButton[role="disclosure"]:hover { background: %(raised)s; }
QTabWidget::pane { border: none; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab {
  background: transparent; color: %(quiet)s; border: none; border-bottom: 2px solid transparent;
  padding: 6px 8px; margin-right: 8px;
}
QTabBar::tab:hover { color: %(text)s; }
QTabBar::tab:selected { color: %(text)s; border-bottom-color: %(accent)s; font-weight: 600; }
QHeaderView::section {
  background: %(paper)s; color: %(quiet)s; border: none; border-bottom: 1px solid %(hairline)s;
  padding: 4px 3px;
}
QTableView, QTreeView, QListView, QPlainTextEdit, QTextEdit {
  background: %(paper)s; border: 2px solid %(hairline)s; border-radius: 8px;
  gridline-color: %(hairline)s; selection-background-color: %(accent_soft)s;
  selection-color: %(text)s;
}
QTableView:focus, QTreeView:focus, QListView:focus, QPlainTextEdit:focus, QTextEdit:focus {
  border-color: %(accent)s;
}
QTableView[role="figures"] { border-color: transparent; font-size: %(small_px)spx; }
QTableView[role="figures"]:focus { border-color: %(accent)s; }
QTableView[role="figures"] QHeaderView::section { padding: 3px 2px; font-size: %(small_px)spx; }
QSlider { border: 2px solid transparent; border-radius: 8px; }
QSlider:focus { border-color: %(accent)s; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: %(border)s; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: %(accent)s; }
QSlider::handle:horizontal {
  width: 12px; height: 12px; margin: -6px 0; border-radius: 8px;
  background: %(paper)s; border: 2px solid %(accent)s;
}
QFrame[role="card"] {
  background: %(paper)s; border: 1px solid %(hairline)s; border-radius: 12px;
}
QFrame[role="toast"] {
  background: %(raised)s; border: 1px solid %(border)s; border-radius: 8px;
}
QFrame[role="separator"] { background: %(hairline)s; border: none; }
QLabel[role="quiet"] { color: %(quiet)s; }
QLabel[role="caption"] { color: %(quiet)s; font-size: %(small_px)spx; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="badge"] {
  background: %(accent_soft)s; color: %(text)s; border-radius: 6px; padding: 0 6px;
  font-size: %(small_px)spx;
}
"""
