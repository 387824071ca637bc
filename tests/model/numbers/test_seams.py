"""Seams through blots."""

import numpy as np

from model.numbers.seams import seams


def bridged() -> np.ndarray:
    """Return two blocks, 20 wide and 40 high, with a bridge of 4 rows between them."""
    ink = np.zeros((40, 50), bool)
    ink[:, :20] = ink[:, 30:] = True
    ink[18:22] = True
    return ink


def test_the_thinnest_place_is_cut_first() -> None:
    found = seams(bridged(), 40)
    assert min(seam.length for seam in found) == 4
    thinnest = min(found, key=lambda seam: seam.length)
    assert 20 <= thinnest.columns.min() <= thinnest.columns.max() <= 30


def test_thick_ink_is_not_cut() -> None:
    assert seams(np.ones((40, 50), bool), 40) == []


def test_seams_go_from_left_to_right_and_keep_their_distance() -> None:
    ink = np.concatenate([bridged(), bridged()[:, 10:], bridged()[:, 10:]], axis=1)
    middles = [seam.columns.mean() for seam in seams(ink, 40)]
    assert middles == sorted(middles)
    assert np.diff(middles).min() >= 0.12 * 40


def test_a_slanted_gap_is_followed() -> None:
    ink = np.ones((30, 60), bool)
    for row in range(30):
        ink[row, 40 - row // 2 : 44 - row // 2] = False
    ink[14:17] = True
    assert min(seam.length for seam in seams(ink, 30)) == 3


def test_one_row_is_no_trouble() -> None:
    assert isinstance(seams(np.ones((1, 3), bool), 4), list)
