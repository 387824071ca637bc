"""A sheet on a table is not the ink; what is written on it is."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.raster.pictures import ink_from_picture
from model.raster.sheets import sheet_in
from model.recognizer import Recognizer

SIZE = (450, 350)


def sheet_with_four(angle: float, table: int, paper: int, pen: int) -> Image.Image:
    """Return a 4 on a sheet, turned on a table of another brightness."""
    sheet = Image.new("L", SIZE, 0)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((80, 60, 370, 290), fill=paper)
    draw.line([(200, 110), (165, 195), (260, 200)], fill=pen, width=9, joint="curve")
    draw.line([(240, 150), (225, 260)], fill=pen, width=9)
    turned = sheet.rotate(angle, Image.Resampling.BICUBIC)
    cover = Image.new("L", SIZE, 0)
    ImageDraw.Draw(cover).rectangle((80, 60, 370, 290), fill=255)
    picture = Image.new("L", SIZE, table)
    picture.paste(turned, mask=cover.rotate(angle, Image.Resampling.BICUBIC))
    noise = np.random.default_rng(1).normal(0, 3, SIZE[::-1])
    return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("angle", [-11, 0, 6, 20])
@pytest.mark.parametrize(
    ("table", "paper", "pen"), [(60, 240, 30), (110, 240, 30), (235, 90, 20), (200, 40, 230)]
)
def test_what_is_written_on_a_sheet_is_read(angle, table, paper, pen):
    answer = Recognizer.bundled().recognize(
        ink_from_picture(sheet_with_four(angle, table, paper, pen))
    )
    assert (answer.label, answer.verdict.value) == ("4", "digit")


def rectangle_with_hole(hole: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what is taken for ink, and how light it is."""
    mask = np.zeros((200, 240), bool)
    mask[30:170, 40:200] = True
    mask[60 : 60 + hole, 100 : 100 + hole] = False
    return mask, mask.astype(np.float32)


def test_a_sheet_is_found_without_its_edge_and_with_its_ink():
    sheet = sheet_in(*rectangle_with_hole(30))
    assert sheet[32:168, 42:198].all()
    assert not sheet[:31].any()
    assert not sheet[:, :41].any()


@pytest.mark.parametrize("hole", [0, 4, 90])
def test_a_blank_rectangle_and_a_fat_zero_are_no_sheets(hole):
    assert sheet_in(*rectangle_with_hole(hole)) is None


def test_what_is_small_or_round_is_no_sheet():
    assert sheet_in(np.zeros((100, 100), bool), np.zeros((100, 100), np.float32)) is None
    small = np.zeros((900, 900), bool)
    small[:200, :240] = rectangle_with_hole(30)[0]
    assert sheet_in(small, small.astype(np.float32)) is None
    y, x = np.mgrid[-1:1:200j, -1:1:200j]
    ring = (x**2 + y**2 < 0.9) & (np.hypot(x, y) > 0.2)
    assert sheet_in(ring, ring.astype(np.float32)) is None
