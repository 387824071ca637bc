"""What the lens of a hand says."""

import pytest

from app.hand.words import figures_words
from model.hand.hand import OwnFigures


@pytest.mark.parametrize(
    ("drawings", "before", "now", "words"),
    [
        (1, 0, 0, "1 drawing kept; the network alone answers it wrong. Keep a second one"),
        (1, 1, 1, "1 drawing kept; the network alone answers it right. Keep a second one"),
        (2, 0, 2, "Both of your drawings are answered right; without your hand none."),
        (2, 0, 1, "1 of your 2 drawings is answered right; without your hand none."),
        (2, 0, 0, "None of your 2 drawings are answered right, as without your hand."),
        (3, 3, 3, "All 3 of your drawings are answered right, as without your hand."),
        (12, 9, 11, "11 of your 12 drawings are answered right; without your hand 9."),
    ],
)
def test_each_count_of_drawings_has_a_sentence_that_can_be_read(drawings, before, now, words):
    said = figures_words(OwnFigures(drawings, before, now), drawings)
    assert said.startswith(words)
    assert " 0 " not in said
