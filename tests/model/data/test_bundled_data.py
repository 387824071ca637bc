import numpy as np
import pytest

from model.data import bundled_data
from model.data.bundled_data import bundled_training_part
from model.data.labelled_images import NO_CLASS, LabelledImages
from model.data.labelled_strokes import LabelledDrawing

SCANS = 500 * bundled_data.SCAN_COPIES
PENS = 2 * bundled_data.PEN_COPIES


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch) -> LabelledImages:
    monkeypatch.setattr(bundled_data, "BUILT_IN_DIGITS", 20)
    monkeypatch.setattr(bundled_data, "NON_DIGITS", 6)
    monkeypatch.setattr(bundled_data, "PICTURES", 12)
    mnist = LabelledImages(np.zeros((500, 28, 28), np.uint8), np.arange(500) % 10)
    pen_rows = [
        LabelledDrawing(7, [[(0, 0), (5, 0), (2, 9)]], writer="ada"),
        LabelledDrawing(1, [[(0, 0), (0, 9)]], writer="bob"),
    ]
    return bundled_training_part(mnist, pen_rows, seed=3)


def test_every_source_is_in_the_mix(part: LabelledImages) -> None:
    assert len(part) == SCANS + PENS + 20 + 6 + 12
    assert (part.labels == NO_CLASS).sum() == 6
    assert part.labels[SCANS : SCANS + PENS].tolist() == [7, 1] * bundled_data.PEN_COPIES


def test_a_writer_is_one_group_in_every_copy(part: LabelledImages) -> None:
    assert part.groups is not None
    pens = part.groups[SCANS : SCANS + PENS]
    ada, bob = set(pens[::2]), set(pens[1::2])
    assert len(ada) == len(bob) == 1
    assert ada != bob
    assert not (ada | bob) & set(part.groups[:SCANS])
    assert len(set(part.groups[SCANS + PENS :])) == 38


def test_a_scan_is_in_one_group_in_every_copy(part: LabelledImages) -> None:
    assert part.groups is not None
    copies = part.groups[:SCANS].reshape(bundled_data.SCAN_COPIES, 500)
    assert (copies == copies[0]).all()


def test_each_source_has_its_own_number(part: LabelledImages) -> None:
    assert part.origins is not None
    assert np.bincount(part.origins).tolist() == [SCANS, PENS, 20, 6, 12]


def test_copies_are_drawn_with_different_pens(part: LabelledImages) -> None:
    copies = part.images[SCANS : SCANS + PENS : 2].astype(int).sum(axis=(1, 2))
    assert len(set(copies.tolist())) > 1


def test_the_mix_is_the_same_each_time(part: LabelledImages) -> None:
    mnist = LabelledImages(part.images[:500], part.labels[:500])
    pen_rows = [
        LabelledDrawing(7, [[(0, 0), (5, 0), (2, 9)]], writer="ada"),
        LabelledDrawing(1, [[(0, 0), (0, 9)]], writer="bob"),
    ]
    again = bundled_training_part(mnist, pen_rows, seed=3)
    assert (again.images == part.images).all()
