"""Numbers on pictures: rows read, others refused, and single digits as ever."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw

from model.errors import PictureError
from model.numbers import pictures
from model.numbers.pictures import read_picture, recognize_picture
from model.raster.pictures import find_ink, ink_from_picture, open_picture
from model.recognizer import Recognizer
from model.verdicts import Verdict
from tests.made_pictures import PICTURES
from tests.model.numbers.drawn_numbers import in_a_row


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.bundled()


def sheet(
    names: list[str], *, step: float = 90, pen: int = 9, rows: int = 1, margin: int = 40
) -> Image.Image:
    """Return digits side by side, 100 high, dark on light."""
    size = (int(step * len(names)) + 2 * margin, 100 * rows + 60 * (rows - 1) + 2 * margin)
    picture = Image.new("L", size, 245)
    draw = ImageDraw.Draw(picture)
    for row in range(rows):
        for stroke in in_a_row(names, step=step, top=160 * row):
            path = [(x + margin, y + margin) for x, y in stroke.tolist()]
            draw.line(path, fill=30, width=pen, joint="curve")
            for x, y in path:
                draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=30)
    return picture


@pytest.mark.parametrize(
    "names",
    [
        ["2", "0", "2", "6"],
        ["7 barred", "0", "4 in two"],
        ["1", "1"],
        ["5 in two", "2"],
        ["6", "0 slashed", "1 with flag and foot"],
    ],
)
def test_digits_in_a_row_are_read(recognizer: Recognizer, names: list[str]) -> None:
    reading = read_picture(sheet(names), recognizer)
    assert reading.text == "".join(name[0] for name in names)
    assert reading.verdict is Verdict.DIGIT
    for index, group in enumerate(reading.groups):
        left, top, width, height = group.box
        assert 40 + 90 * index - 8 <= left <= left + width <= 40 + 90 * index + 70
        assert 30 <= top <= 45
        assert 95 <= height <= 115


def test_digits_that_touch_are_cut(recognizer: Recognizer) -> None:
    assert read_picture(sheet(["2", "0", "6"], step=64), recognizer).text == "206"


def test_rows_are_read_from_top_to_bottom(recognizer: Recognizer) -> None:
    assert read_picture(sheet(["2", "6"], rows=2), recognizer).text == "26\n26"


def test_light_digits_on_dark_are_read(recognizer: Recognizer) -> None:
    inverted = Image.fromarray(255 - np.asarray(sheet(["2", "0"])))
    assert read_picture(inverted, recognizer).text == "20"


def test_a_small_row_on_a_large_picture_is_looked_at_from_closer(recognizer: Recognizer) -> None:
    large = Image.new("L", (6000, 4000), 245)
    large.paste(sheet(["2", "0", "6"]), (3000, 2500))
    reading = read_picture(large, recognizer)
    assert reading.text == "206"
    left, top, _, height = reading.groups[0].box
    assert abs(left - 3040) < 20
    assert abs(top - 2540) < 20
    assert abs(height - 110) < 20


def test_a_row_on_patterned_paper_is_read(recognizer: Recognizer) -> None:
    pixels = np.asarray(sheet(["2", "0", "6"]), np.float32)
    y, x = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    print_ = 60 * (np.cos(2 * np.pi * (y + 5 * np.sin(x / 9)) / 8) > 0.5)
    noise = np.random.default_rng(1).normal(0, 6, pixels.shape)
    patterned = np.minimum(pixels, 245 - print_) + noise
    picture = Image.fromarray(np.clip(patterned, 0, 255).astype(np.uint8))
    assert read_picture(picture, recognizer).text == "206"


def test_points_and_dirt_are_left_out(recognizer: Recognizer) -> None:
    picture = sheet(["2", "0", "6"])
    draw = ImageDraw.Draw(picture)
    for place in ((120, 138), (20, 20), (300, 150)):
        draw.ellipse((*place, place[0] + 9, place[1] + 9), fill=30)
    assert read_picture(picture, recognizer).text == "206"


def test_one_digit_is_answered_as_ever(recognizer: Recognizer, tmp_path: Path) -> None:
    for picture in PICTURES:
        image = open_picture(picture.save(tmp_path))
        today = recognizer.recognize(ink_from_picture(image))
        if today.verdict is not Verdict.DIGIT:
            continue
        (group,) = read_picture(image, recognizer).groups
        np.testing.assert_array_equal(group.recognition.probabilities, today.probabilities)


def test_no_picture_of_one_digit_is_called_several(recognizer: Recognizer, tmp_path: Path) -> None:
    for picture in PICTURES:
        answer = recognize_picture(open_picture(picture.save(tmp_path)), recognizer)
        assert answer.verdict is not Verdict.SEVERAL, picture.name


@pytest.mark.parametrize("names", [["2", "0", "6"], ["1", "1"], ["4 in two", "0"]])
@pytest.mark.parametrize("step", [72, 90, 130])
def test_several_digits_are_never_one(
    recognizer: Recognizer, names: list[str], step: float
) -> None:
    answer = recognize_picture(sheet(names, step=step), recognizer)
    assert answer.verdict is not Verdict.DIGIT


def test_what_stands_beside_the_digit_is_not_silent() -> None:
    assert find_ink(sheet(["2", "6"], step=130)).has_others
    assert not find_ink(sheet(["2"])).has_others


def grid() -> Image.Image:
    """Return a sudoku with a digit in each third cell."""
    picture = Image.new("L", (460, 460), 255)
    draw = ImageDraw.Draw(picture)
    for at in range(5, 460, 50):
        draw.line((at, 5, at, 455), fill=0, width=2)
        draw.line((5, at, 455, at), fill=0, width=2)
    for cell in range(0, 81, 3):
        left, top = 20 + cell % 9 * 50, 15 + cell // 9 * 50
        draw.line((left, top, left + 18, top, left + 6, top + 30), fill=0, width=4)
    return picture


def word() -> Image.Image:
    """Return letters that are no digits."""
    picture = Image.new("L", (520, 180), 255)
    draw = ImageDraw.Draw(picture)
    for index, strokes in enumerate(
        (
            [(0, 100), (0, 0), (40, 60), (80, 0), (80, 100)],
            [(0, 100), (40, 0), (80, 100), (62, 55), (20, 55)],
            [(70, 0), (0, 0), (0, 50), (50, 50), (0, 50), (0, 100), (70, 100)],
            [(0, 0), (0, 100), (0, 50), (60, 0), (0, 50), (60, 100)],
        )
    ):
        path = [(x + 40 + 115 * index, y + 40) for x, y in strokes]
        draw.line(path, fill=0, width=9, joint="curve")
    return picture


@pytest.mark.parametrize("answer", [read_picture, recognize_picture])
@pytest.mark.parametrize("picture", [grid(), word()], ids=["sudoku", "word"])
def test_what_is_no_number_is_refused(
    recognizer: Recognizer, picture: Image.Image, answer: Callable[..., Any]
) -> None:
    try:
        verdict = answer(picture, recognizer).verdict
    except PictureError:  # refused in a sentence
        return
    assert verdict is not Verdict.DIGIT


@pytest.mark.parametrize(
    "picture",
    [
        Image.fromarray(np.random.default_rng(1).integers(0, 2, (1500, 1500), np.uint8) * 255),
        Image.fromarray(np.kron(np.eye(60, dtype=np.uint8) * 255, np.ones((20, 20), np.uint8))),
        Image.new("L", (30_000, 2), 0),
        Image.new("L", (1, 1)),
    ],
    ids=["noise", "diagonal", "a line", "one pixel"],
)
def test_odd_pictures_are_answered_or_said(
    recognizer: Recognizer, picture: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = []

    class Counting:
        def recognize_batch(self, inks: np.ndarray) -> list:
            images.append(len(inks))
            return recognizer.recognize_batch(inks)

    try:
        reading = read_picture(picture, Counting())
    except PictureError:
        return
    assert reading.verdict is not Verdict.DIGIT or len(reading.groups) < 12
    assert sum(images) < 2500


def test_a_picture_that_is_too_large_is_refused(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.raster.pictures.MAX_PIXELS", 100)
    with pytest.raises(PictureError, match="crop it"):
        read_picture(sheet(["2"]), recognizer)


def test_more_rows_than_a_number_has_are_several(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_ROWS", 1)
    reading = read_picture(sheet(["2", "6"], rows=2), recognizer)
    assert (reading.groups, reading.verdict) == ((), Verdict.SEVERAL)


@pytest.mark.parametrize("margin", [0, 1, 5])
@pytest.mark.parametrize("names", [["2", "0", "6"], ["1", "1"], ["4 in two", "7 barred"]])
def test_a_picture_cropped_to_its_row_is_several_and_read(
    recognizer: Recognizer, names: list[str], margin: int
) -> None:
    picture = sheet(names)
    left, top, right, bottom = ImageChops.invert(picture.point(lambda v: 255 * (v > 128))).getbbox()
    picture = picture.crop((left - margin, top - margin, right + margin, bottom + margin))
    assert recognize_picture(picture, recognizer).verdict is Verdict.SEVERAL
    assert read_picture(picture, recognizer).text == "".join(name[0] for name in names)


def test_a_margin_and_a_ruled_line_are_no_other_digits(recognizer: Recognizer) -> None:
    picture = sheet(["6"], margin=60)
    draw = ImageDraw.Draw(picture)
    draw.line((12, 0, 12, picture.height), fill=30, width=5)
    draw.line((0, 205, picture.width, 205), fill=30, width=5)
    assert recognize_picture(picture, recognizer).verdict is Verdict.DIGIT


SEGMENTS = {
    "0": "abcdef",
    "1": "bc",
    "2": "abged",
    "3": "abgcd",
    "4": "fgbc",
    "7": "abc",
    "8": "abcdefg",
}
"""The bars of a seven-segment display, from the top clockwise, the middle one last."""

BARS = {
    "a": (12, 0, 50, 10),
    "b": (52, 12, 62, 46),
    "c": (52, 54, 62, 88),
    "d": (12, 90, 50, 100),
    "e": (0, 54, 10, 88),
    "f": (0, 12, 10, 46),
    "g": (12, 45, 50, 55),
}


def display(text: str) -> Image.Image:
    """Return light bars on dark, apart as on a clock."""
    picture = Image.new("L", (95 * len(text) + 80, 180), 20)
    draw = ImageDraw.Draw(picture)
    for index, name in enumerate(text):
        for bar in SEGMENTS[name]:
            left, top, right, bottom = BARS[bar]
            x = 40 + 95 * index
            draw.rectangle((left + x, top + 40, right + x, bottom + 40), fill=240)
    return picture


@pytest.mark.parametrize("text", ["1208", "34", "70", "2143"])
def test_a_display_of_separate_bars_is_refused(recognizer: Recognizer, text: str) -> None:
    reading = read_picture(display(text), recognizer)
    assert reading.verdict is Verdict.SEVERAL
    assert reading.text == ""
    assert recognize_picture(display(text), recognizer).verdict is not Verdict.DIGIT


@pytest.mark.parametrize("seed", range(4))
def test_a_row_between_lines_and_dots_is_read_or_doubted(recognizer: Recognizer, seed: int) -> None:
    rng = np.random.default_rng(seed)
    picture = sheet(["2", "6", "0", "4 in two"])
    draw = ImageDraw.Draw(picture)
    for _ in range(2):
        ends = [(0, int(rng.integers(180))), (picture.width, int(rng.integers(180)))]
        draw.line(ends, fill=90, width=2)
    for x, y in rng.integers((picture.width, 180), size=(60, 2)).tolist():
        draw.ellipse((x, y, x + 2, y + 2), fill=90)
    reading = read_picture(picture, recognizer)
    assert reading.text == "2604" or reading.verdict is not Verdict.DIGIT
    assert recognize_picture(picture, recognizer).verdict is not Verdict.DIGIT
