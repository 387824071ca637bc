"""Pictures that Undo brings back are the same, and take little memory meanwhile."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.drawing.drawing import Drawing, Picture
from app.drawing.packed_pictures import LARGE_BYTES, packed
from app.drawing.pad import DrawingPad

SIDE = 512
LINE = [[(20, 20), (60, 120)]]


def picture(number: int, mode: str = "RGBA") -> Picture:
    image = Image.new("RGBA", (SIDE, SIDE), "white")
    ImageDraw.Draw(image).line([(40, 30 + number), (400, 300)], fill="black", width=20)
    return Picture(image.convert(mode), np.full((28, 28), number / 10, np.float32), f"no {number}")


def photo(mode: str) -> Picture:
    noise = np.random.default_rng(1).integers(0, 256, (SIDE, 2 * SIDE, len(mode)), np.uint8)
    return Picture(Image.fromarray(noise, mode), np.zeros((28, 28), np.float32))


def is_loaded(image: Image.Image) -> bool:
    """Whether the pixels are there, not only a file that they are decoded from."""
    return not getattr(image, "tile", None)


@pytest.fixture
def pad(qtbot) -> DrawingPad:
    pad = DrawingPad()
    qtbot.addWidget(pad)
    return pad


def step_pictures(pad: DrawingPad) -> list[Picture]:
    steps = [pad.undo_stack.command(number) for number in range(pad.undo_stack.count())]
    return [picture for step in steps if (picture := step.after.picture)]


def test_only_the_picture_on_the_pad_takes_the_memory_of_its_pixels(pad, qtbot):
    for number in range(4):
        pad.set_picture(picture(number))

    def are_packed() -> None:
        assert [is_loaded(each.image) for each in step_pictures(pad)] == [False] * 3 + [True]

    qtbot.waitUntil(are_packed)
    pad.undo()
    assert is_loaded(pad.drawing.picture.image)
    pad.redo()
    qtbot.waitUntil(are_packed)


def test_undo_and_redo_bring_the_same_pictures_back(pad, qtbot):
    shown = [picture(0), picture(1, "P"), picture(2, "L"), picture(3, "1")]
    for each in shown:
        pad.set_picture(each)
    qtbot.waitUntil(lambda: _assert(not is_loaded(step_pictures(pad)[2].image)))
    for step in (pad.undo, pad.undo, pad.undo, pad.redo, pad.redo):
        step()
        now = pad.drawing.picture
        one = next(each for each in shown if each.caption == now.caption)
        assert now.image.mode == one.image.mode
        assert now.image.convert("RGBA").tobytes() == one.image.convert("RGBA").tobytes()
        assert now.ink is one.ink


def test_small_images_stay_as_they_are(pad):
    small = Picture(Image.new("L", (28, 28)), np.zeros((28, 28), np.float32))
    pad.set_picture(small)
    pad.clear()
    pad.undo()
    assert pad.drawing.picture is small


def test_a_photo_takes_less_than_its_png_and_looks_alike():
    smooth = Image.fromarray(
        np.random.default_rng(1).integers(60, 200, (64, 128, 3), np.uint8)
    ).resize((2 * SIDE, SIDE), Image.Resampling.BICUBIC)
    noise = np.random.default_rng(2).integers(-6, 7, (SIDE, 2 * SIDE, 3))
    image = Image.fromarray(np.clip(np.asarray(smooth) + noise, 0, 255).astype(np.uint8))
    kept = packed(Picture(image, np.zeros((28, 28), np.float32))).image
    assert kept.format == "JPEG"
    assert len(kept.fp.getvalue()) < LARGE_BYTES
    assert np.abs(np.asarray(kept, np.int16) - np.asarray(image, np.int16)).mean() < 4


def test_a_transparent_photo_stays_transparent():
    image = photo("RGBA").image
    kept = packed(photo("RGBA")).image
    assert kept.tobytes() == image.tobytes()


def test_an_act_that_can_be_done_again_stays_in_its_place_and_another_one_goes(pad):
    log: list[str] = []
    history = pad.undo_stack
    pad.set_strokes(LINE)
    line = pad.drawing
    kept = history.add_act("Kept.", lambda: log.append("-kept"), lambda: log.append("+kept"))
    pad.clear()
    pad.undo()
    pad.undo()
    assert (log, kept.is_over, pad.drawing) == (["-kept"], True, line)
    pad.redo()
    assert (log, kept.is_over) == (["-kept", "+kept"], False)
    pad.redo()
    assert pad.drawing.is_empty
    history.take_back(kept)  # out of its turn: it is not done again
    pad.undo()
    assert history.index() == 1
    pad.redo()
    assert log == ["-kept", "+kept", "-kept"]
    history.add_act("Deleted.", lambda: log.append("-deleted"))
    pad.undo()
    assert not history.canRedo()


def test_what_is_done_in_one_step_is_undone_and_done_again_in_one(pad):
    log: list[str] = []
    history = pad.undo_stack
    pad.set_strokes(LINE)
    line = pad.drawing
    with history.one_step():
        history.add_act("Kept.", lambda: log.append("-kept"), lambda: log.append("+kept"))
        pad.clear()
    pad.undo()
    assert (log, pad.drawing) == (["-kept"], line)
    pad.redo()
    assert log == ["-kept", "+kept"]
    assert pad.drawing.is_empty
    pad.undo()
    pad.undo()
    assert pad.drawing.is_empty


def _assert(condition: object) -> None:
    assert condition


def test_a_preview_is_left_in_its_turn_and_what_is_drawn_on_it_leads_back_below_it(qtbot):
    pad = DrawingPad()
    qtbot.addWidget(pad)
    pad.set_strokes([[(10.0, 10.0), (60.0, 60.0)]])
    below = pad.drawing
    done: list[str] = []
    pad.undo_stack.show_preview(below, Drawing())
    pad.undo_stack.add_act("Deleted", lambda: done.append("taken back"))
    pad.undo()
    assert done == ["taken back"]  # it came after the preview
    assert pad.drawing is not below
    pad.undo()
    assert pad.drawing is below
    pad.undo_stack.show_preview(below, Drawing())
    with qtbot.waitSignal(pad.undo_stack.preview_ended):
        pad.set_strokes([[(10.0, 60.0), (60.0, 10.0)]])
    assert not pad.undo_stack.end_preview()
    pad.undo()
    assert pad.drawing is below
