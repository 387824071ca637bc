import numpy as np
import pytest

from model.data import bundled_data
from model.data.bundled_data import bundled_training_part
from model.data.labelled_images import NO_CLASS, LabelledImages
from model.data.labelled_strokes import LabelledDrawing


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch) -> LabelledImages:
    monkeypatch.setattr(bundled_data, "BUILT_IN_DIGITS", 20)
    monkeypatch.setattr(bundled_data, "NON_DIGITS", 6)
    mnist = LabelledImages(np.zeros((500, 28, 28), np.uint8), np.arange(500) % 10)
    pen_rows = [
        LabelledDrawing(7, [[(0, 0), (5, 0), (2, 9)]], writer="ada"),
        LabelledDrawing(1, [[(0, 0), (0, 9)]], writer="bob"),
    ]
    return bundled_training_part(mnist, pen_rows, seed=3)


def test_every_source_is_in_the_mix(part: LabelledImages) -> None:
    assert len(part) == 500 + 2 * bundled_data.PEN_COPIES + 20 + 6
    assert (part.labels == NO_CLASS).sum() == 6
    assert part.labels[500:508].tolist() == [7, 1, 7, 1, 7, 1, 7, 1]


def test_a_writer_is_one_group_in_every_copy(part: LabelledImages) -> None:
    assert part.groups is not None
    pens = part.groups[500:508]
    assert pens[0] == pens[2] == pens[4] == pens[6] != pens[1]
    assert not set(pens) & set(part.groups[:500])
    assert len(set(part.groups[508:])) == 26


def test_each_source_has_its_own_number(part: LabelledImages) -> None:
    assert part.origins is not None
    assert np.bincount(part.origins).tolist() == [500, 2 * bundled_data.PEN_COPIES, 20, 6]


def test_copies_are_drawn_with_different_pens(part: LabelledImages) -> None:
    copies = part.images[500:508:2].astype(int).sum(axis=(1, 2))
    assert len(set(copies.tolist())) > 1


def test_the_mix_is_the_same_each_time(part: LabelledImages) -> None:
    mnist = LabelledImages(part.images[:500], part.labels[:500])
    pen_rows = [
        LabelledDrawing(7, [[(0, 0), (5, 0), (2, 9)]], writer="ada"),
        LabelledDrawing(1, [[(0, 0), (0, 9)]], writer="bob"),
    ]
    again = bundled_training_part(mnist, pen_rows, seed=3)
    assert (again.images == part.images).all()
