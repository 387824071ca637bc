"""Non-digits: every kind, from a seed, and an honest split into parts."""

import itertools

import numpy as np
import pytest

from model.ink import ink_from_strokes
from model.synthesis.curves import curves
from model.synthesis.letter_templates import (
    HANDWRITTEN,
    WITHHELD_FONTS,
    WITHHELD_LETTERS,
    hershey_letters,
)
from model.synthesis.mark_templates import MARKS, WITHHELD_MARKS
from model.synthesis.non_digits import (
    KINDS,
    MIRRORED_STYLES,
    WITHHELD_MIRRORED_STYLES,
    Part,
    generate_non_digits,
)
from model.synthesis.scribbles import SCRIBBLERS, WITHHELD_SCRIBBLES, scribbles

LOOKALIKES = set("BDGIOQSZbgloqsz")

RECORDED_KINDS = [
    "letter",
    "shape",
    "scribble",
    "letter",
    "letter",
    "digits side by side",
    "crossed-out digit",
    "letter",
    "shape",
    "letter",
]
RECORDED = [
    (3, 3.111),
    (1, 3.531),
    (2, 24.027),
    (2, 2.677),
    (3, 2.001),
    (2, 3.424),
    (2, 8.962),
    (1, 2.973),
    (1, 4.281),
    (1, 2.936),
]


def test_the_same_seed_gives_the_same_drawings() -> None:
    first, again = (generate_non_digits(60, 3) for _ in range(2))
    assert first[1] == again[1]
    for one, two in zip(first[0], again[0], strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


@pytest.mark.parametrize("part", ["all", "train", "validation"])
def test_every_part_has_every_kind(part: Part) -> None:
    drawings, kinds = generate_non_digits(700, 1, part=part)
    assert set(kinds) == set(KINDS)
    assert len(drawings) == len(kinds) == 700
    for stroke in itertools.chain.from_iterable(drawings):
        assert stroke.ndim == 2
        assert stroke.shape[1] == 2
        assert len(stroke) >= 1
        assert np.isfinite(stroke).all()


def test_every_drawing_leaves_ink() -> None:
    drawings, _ = generate_non_digits(200, 6)
    assert all(ink_from_strokes(drawing).any() for drawing in drawings)


def test_only_the_chosen_kinds_are_drawn() -> None:
    _, kinds = generate_non_digits(20, 5, kinds=["arrow", "dot"])
    assert set(kinds) == {"arrow", "dot"}


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError, match="sonnet"):
        generate_non_digits(3, 0, kinds=["sonnet"])


def test_no_drawings_are_no_drawings() -> None:
    assert generate_non_digits(0, 0) == ([], [])


def test_letters_that_look_like_digits_are_left_out() -> None:
    assert not LOOKALIKES & set(HANDWRITTEN)
    for letters in hershey_letters().values():
        assert not LOOKALIKES & set(letters)


def test_every_other_letter_is_there_in_two_hands_and_a_font() -> None:
    letters = {chr(code) for code in (*range(65, 91), *range(97, 123))} - LOOKALIKES
    assert set(HANDWRITTEN) == letters
    assert all(len(templates) >= 2 for templates in HANDWRITTEN.values())
    fonts = hershey_letters()
    assert letters - set(fonts["simplex roman"]) - set(fonts["simplex script"]) <= set("JY")


def test_every_template_can_be_read() -> None:
    for letters in hershey_letters().values():
        for template in letters.values():
            assert curves(template)
    for families in MARKS.values():
        for template in itertools.chain.from_iterable(families.values()):
            assert curves(template)


def test_what_is_withheld_exists_and_leaves_something_to_train_on() -> None:
    assert set(HANDWRITTEN) > WITHHELD_LETTERS
    assert set(hershey_letters()) > WITHHELD_FONTS
    assert set(SCRIBBLERS) > WITHHELD_SCRIBBLES
    for kind, families in MARKS.items():
        assert set(families) > WITHHELD_MARKS[kind]
        assert WITHHELD_MARKS[kind]


def shares_of_dots(part: Part) -> set[int]:
    """Numbers of strokes among drawings of the kind dot."""
    drawings, _ = generate_non_digits(60, 9, kinds=["dot"], part=part)
    return {len(drawing) for drawing in drawings}


def test_training_never_sees_what_is_withheld() -> None:
    """Three dots in a row are withheld: of the dots, only they have three strokes."""
    assert 3 in shares_of_dots("validation")
    assert 3 in shares_of_dots("all")
    assert 3 not in shares_of_dots("train")


@pytest.mark.parametrize("family", SCRIBBLERS)
def test_scribbles_have_more_line_than_a_digit(family: str) -> None:
    """The line is longer than a digit's, which is at most some four heights."""
    lengths = []
    for drawing in scribbles(family, 20, np.random.default_rng(2)):
        extent = np.ptp(np.concatenate(drawing), axis=0).max()
        line = sum(np.hypot(*np.diff(stroke, axis=0).T).sum() for stroke in drawing)
        lengths.append(line / extent)
    assert np.median(lengths) > 2.5


def test_a_mirrored_digit_is_never_one_that_is_itself_when_mirrored() -> None:
    assert {style[0] for style in MIRRORED_STYLES} <= set("3479")
    assert set(MIRRORED_STYLES) > WITHHELD_MIRRORED_STYLES
    assert WITHHELD_MIRRORED_STYLES


def test_digits_side_by_side_do_not_touch() -> None:
    drawings, _ = generate_non_digits(30, 4, kinds=["digits side by side"])
    for drawing in drawings:
        columns = sorted((stroke[:, 0].min(), stroke[:, 0].max()) for stroke in drawing)
        height = np.ptp(np.concatenate(drawing)[:, 1])
        right, widest = columns[0][1], 0.0
        for low, high in columns[1:]:
            widest = max(widest, low - right)
            right = max(right, high)
        assert widest > 0.05 * height


def test_the_hershey_fonts_carry_their_acknowledgement() -> None:
    import assets

    stored = (assets.FOLDER / "hershey_letters.json").read_text(encoding="utf-8")
    assert "Dr. A. V. Hershey" in stored
    assert "James Hurt" in stored


def outline(drawing: list[np.ndarray]) -> tuple[int, float]:
    """Strokes, and length of line to the larger side."""
    extent = np.ptp(np.concatenate(drawing), axis=0).max()
    length = sum(np.hypot(*np.diff(stroke, axis=0).T).sum() for stroke in drawing)
    return len(drawing), float(length / extent)


def test_drawings_are_the_recorded_ones() -> None:
    """Notice unintended changes; a changed template or step of chance changes these on purpose."""
    drawings, kinds = generate_non_digits(10, 2026)
    assert kinds == RECORDED_KINDS
    np.testing.assert_allclose([outline(drawing) for drawing in drawings], RECORDED, atol=0.02)
