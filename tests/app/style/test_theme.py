"""Light and dark can both be read."""

import itertools
import shutil

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QComboBox

import app.style.theme
from app.actions import ACTIONS
from app.recognition.bars import pale_accent
from app.style.icons import ICON_FOLDER, themed_icon
from app.style.text_sizes import TextSize
from app.style.theme import DARK, LIGHT, apply_theme, style_sheet_of


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    parts = [part / 255 for part in QColor(colour).getRgb()[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_words_stand_out_as_wcag_wants(theme):
    for ground in (theme.window, theme.paper, theme.raised, theme.accent_soft):
        assert contrast(theme.text, ground) >= 7
    for ground in (theme.window, theme.paper):
        assert contrast(theme.quiet, ground) >= 4.5
        assert contrast(theme.accent, ground) >= 4.5
    assert contrast(theme.on_accent, theme.accent) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_borders_of_controls_and_the_focus_ring_stand_out_from_their_ground(theme):
    for ground in (theme.window, theme.paper):
        assert contrast(theme.border, ground) >= 3
        assert contrast(theme.accent, ground) >= 3


@pytest.mark.parametrize(("name", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_a_compared_model_s_bar_stands_out_and_is_paler(qapp, name, theme):
    apply_theme(qapp, name)
    colour = pale_accent().name()
    apply_theme(qapp, "system")
    assert contrast(colour, theme.hairline) >= 2
    assert contrast(colour, theme.paper) < contrast(theme.accent, theme.paper)


def test_text_has_four_sizes_and_none_is_smaller_than_eleven_pixels(qapp):
    apply_theme(qapp, "light")
    assert [size.pixels for size in TextSize] == [28, 17, 13, 11]
    font = qapp.font()
    font.setPixelSize(26)
    qapp.setFont(font)
    assert [size.pixels for size in TextSize] == [56, 34, 26, 22]
    font.setPixelSize(13)
    qapp.setFont(font)
    apply_theme(qapp, "system")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_short_bar_stands_out_from_its_track(theme):
    assert contrast(theme.quiet, theme.hairline) >= 3
    assert contrast(theme.accent, theme.hairline) >= 3


def test_the_style_sheet_has_no_hole():
    assert "%(" not in style_sheet_of(LIGHT)


def test_a_path_with_quotation_marks_keeps_the_style_sheet(qapp, qtbot, tmp_path, monkeypatch):
    usual = _picture_of_a_combo_box(qapp, qtbot)
    awkward = tmp_path / 'Zoë\'s ("pad"); icons'
    shutil.copytree(ICON_FOLDER, awkward)
    monkeypatch.setattr(app.style.theme, "ICON_FOLDER", awkward)
    assert _picture_of_a_combo_box(qapp, qtbot) == usual
    monkeypatch.undo()
    apply_theme(qapp, "system")


def _picture_of_a_combo_box(qapp, qtbot):
    qapp.setStyleSheet("")
    apply_theme(qapp, "light")
    box = QComboBox()
    qtbot.addWidget(box)
    box.addItem("MNIST")
    return box.grab().toImage()


@pytest.mark.parametrize(("name", "expected"), [("light", LIGHT), ("dark", DARK)])
def test_the_chosen_theme_dresses_the_application(qapp, name, expected):
    assert apply_theme(qapp, name) is expected
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(expected.window)
    apply_theme(qapp, "system")


@pytest.mark.parametrize("name", sorted({spec.icon for spec in ACTIONS if spec.icon}))
def test_each_action_s_icon_exists(name):
    assert (ICON_FOLDER / f"{name}.svg").is_file()


def test_an_icon_follows_the_theme_and_its_button_and_is_sharp_at_any_scale(qapp):
    icon = themed_icon("pen")
    pictures = []
    for theme in ("light", "dark"):
        apply_theme(qapp, theme)
        for mode, state in (
            (QIcon.Mode.Normal, QIcon.State.Off),
            (QIcon.Mode.Normal, QIcon.State.On),
            (QIcon.Mode.Disabled, QIcon.State.Off),
        ):
            pictures.append(icon.pixmap(QSize(20, 20), 1.0, mode, state).toImage())
    apply_theme(qapp, "system")
    assert all(one != other for one, other in itertools.combinations(pictures, 2))
    assert pictures[0].hasAlphaChannel()
    assert icon.pixmap(QSize(20, 20), 1.5).size() == QSize(30, 30)
