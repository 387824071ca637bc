"""Explaining pictures: spots of ink for and against, and the way to the ink image."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.errors import PictureError
from model.explain.picture_pieces import SPOTS, explain_ink, ink_spots
from model.explain.picture_steps import picture_steps
from model.ink import empty_ink, ink_from_strokes
from model.raster.pictures import ink_from_picture
from model.recognizer import Recognizer

SEVEN = ink_from_strokes([[(0.0, 0.0), (0.9, 0.0), (0.3, 1.5)]])


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.bundled()


def test_spots_share_out_the_ink() -> None:
    spots = ink_spots(SEVEN)
    assert len(spots) == SPOTS
    np.testing.assert_allclose(spots.sum(axis=0), SEVEN)
    assert (spots.sum(axis=(1, 2)) > 0).all()
    one = empty_ink()
    one[3, 4] = 0.01
    np.testing.assert_array_equal(ink_spots(one), one[np.newaxis])


def test_what_tells_a_seven_from_a_one_speaks_for_it(recognizer: Recognizer) -> None:
    found = explain_ink(recognizer, SEVEN, against=1)
    assert (found.recognition.label, found.against) == ("7", 1)
    is_bar = np.array([np.argwhere(spot)[:, 0].mean() < 9 for spot in found.spots])
    assert found.weights[is_bar].mean() > 0
    assert len(found.without) == len(found.spots)


def test_no_ink_is_not_explained(recognizer: Recognizer) -> None:
    with pytest.raises(PictureError, match="no ink"):
        explain_ink(recognizer, empty_ink())


def test_steps_from_a_picture_to_its_ink() -> None:
    picture = Image.new("L", (300, 200), 240)
    ImageDraw.Draw(picture).line([(80, 40), (180, 40), (120, 170)], fill=20, width=12)
    steps = picture_steps(picture)
    np.testing.assert_array_equal(steps.ink, ink_from_picture(picture))
    height, width = steps.levels.shape
    assert steps.picture.shape == (height, width, 3)
    scale = width / 300
    edges = [edge / scale for edge in steps.box]
    np.testing.assert_allclose(edges, (74, 34, 186, 176), atol=6)
    assert steps.digit.shape == (
        round(steps.box.bottom - steps.box.top),
        round(steps.box.right - steps.box.left),
    )
    with pytest.raises(PictureError):
        picture_steps(Image.new("L", (50, 50), 255))
