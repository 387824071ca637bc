"""Pictures of synthetic digits: spoilt in many ways, and digits all the same."""

import numpy as np
import pytest

from model.ink import ink_from_strokes
from model.raster.pictures import ink_from_picture
from model.synthesis import pictures
from model.synthesis.pictures import SIDE, SPOILT, picture

SEVEN = [
    np.array([(10.0, 10.0), (80.0, 10.0), (40.0, 110.0)]),
    np.array([(30.0, 60.0), (75.0, 55.0)]),
]


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda spoil: spoil.__name__)
def test_a_spoilt_picture_is_still_of_the_same_digit(
    spoil: pictures.Spoil, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "SPOILT", (spoil,))
    random = np.random.default_rng(2)
    made = [picture(SEVEN, random) for _ in range(12)]
    assert {image.size for image in made} == {(SIDE, SIDE)}
    seven = ink_from_strokes(SEVEN)
    differences = [np.abs(ink_from_picture(image) - seven).mean() for image in made]
    assert np.median(differences) < 0.06


def test_the_same_seed_makes_the_same_picture() -> None:
    first, again, other = (
        np.asarray(picture(SEVEN, np.random.default_rng(seed))) for seed in (5, 5, 6)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_some_pictures_are_light_on_dark() -> None:
    random = np.random.default_rng(3)
    is_dark = [np.median(np.asarray(picture(SEVEN, random))) < 128 for _ in range(60)]
    assert 0.1 < np.mean(is_dark) < 0.5


def test_a_dot_is_drawn() -> None:
    random = np.random.default_rng(4)
    dot = [np.array([(3.0, 3.0)])]
    assert all(np.ptp(np.asarray(picture(dot, random))) > 50 for _ in range(20))
