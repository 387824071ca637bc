"""Salt and pepper, and half-inverted paper, are gone before ink is judged."""

import numpy as np
import pytest
from PIL import Image

from model.raster.cleaning import cleaned
from model.raster.pictures import ink_from_picture
from tests.made_pictures import coverage, drawing_of, hand_drawings

SIDE = 240


def page(label: int = 3, **how: object) -> np.ndarray:
    """Return a grey picture of a digit, dark on white, uint8 (240, 240)."""
    ink = coverage(drawing_of(label), size=(SIDE, SIDE), **{"height": 0.7, "pen": 24, **how})
    return np.round(255 * (1 - ink)).astype(np.uint8)


def colours(grey: np.ndarray) -> np.ndarray:
    return np.repeat((grey / np.float32(255))[..., np.newaxis], 3, axis=2).astype(np.float32)


def noisy(grey: np.ndarray, *, grain: int, share: float = 0.15) -> np.ndarray:
    """Lay grains of salt and pepper over a picture."""
    random = np.random.default_rng(3)
    cells = (SIDE // grain, SIDE // grain)
    grains = np.where(random.random(cells) < share, random.choice([0, 255], cells), -1)
    large = np.kron(grains, np.ones((grain, grain), int))
    return np.where(large < 0, grey, large).astype(np.uint8)


@pytest.mark.parametrize("grain", [1, 2, 4, 8])
@pytest.mark.parametrize("is_light_on_dark", [False, True])
def test_salt_and_pepper_hardly_matter(grain: int, is_light_on_dark: bool) -> None:
    grey = 255 - page() if is_light_on_dark else page()
    found = ink_from_picture(Image.fromarray(noisy(grey, grain=grain)))
    assert np.abs(found - ink_from_picture(Image.fromarray(grey))).mean() < 0.05


def inverted(grey: np.ndarray, *, first: int, last: int, is_across: bool) -> np.ndarray:
    """Invert columns, or rows where `is_across`."""
    half = grey.copy()
    part = np.s_[first:last, :] if is_across else np.s_[:, first:last]
    half[part] = 255 - half[part]
    return half


@pytest.mark.parametrize("is_across", [False, True])
@pytest.mark.parametrize(("first", "last"), [(0, 60), (0, 120), (60, 180), (216, 240)])
def test_half_inverted_paper_is_turned_back(first: int, last: int, is_across: bool) -> None:
    for label in (2, 3, 5, 7, 8):
        half = inverted(page(label), first=first, last=last, is_across=is_across)
        difference = ink_from_picture(Image.fromarray(half)) - ink_from_picture(
            Image.fromarray(page(label))
        )
        assert np.abs(difference).mean() < 0.03, label


def test_a_1_from_edge_to_edge_is_no_inverted_part() -> None:
    stem = np.full((SIDE, 80), 255, np.uint8)
    stem[:, 30:50] = 0
    assert cleaned(colours(stem)) == pytest.approx(colours(stem))


def test_a_clean_picture_stays_as_it_is() -> None:
    for label, drawing in hand_drawings():
        ink = coverage(drawing, size=(SIDE, SIDE), pen=12)
        picture = colours(np.round(255 * (1 - ink)))
        assert np.array_equal(cleaned(picture), picture), label


def test_a_digit_made_of_dots_stays() -> None:
    grey = np.full((SIDE, SIDE), 255, np.uint8)
    for angle in np.linspace(0, 2 * np.pi, 40, endpoint=False):
        x, y = round(120 + 60 * np.cos(angle)), round(120 + 80 * np.sin(angle))
        grey[y - 2 : y + 3, x - 2 : x + 3] = 0
    assert np.array_equal(cleaned(colours(grey)), colours(grey))
