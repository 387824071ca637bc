import io
import os
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features

from model.errors import PictureError, UnknownKindError
from model.ink import CENTRE, ink_from_strokes
from model.raster import pictures
from model.raster.pictures import FORMATS, ink_from_picture, open_picture, read_picture
from model.recognizer import Recognizer
from tests.made_pictures import PICTURES, coverage, drawing_of, hand_drawings


def sheet(label: int = 3, **how: object) -> Image.Image:
    """Return a grey picture of a digit, dark on white."""
    ink = coverage(drawing_of(label), **how)
    return Image.fromarray(np.round(255 * (1 - ink)).astype(np.uint8))


def ink_picture(label: int = 3) -> Image.Image:
    """Return an ink image as a picture of 28x28, white on black as in MNIST."""
    return Image.fromarray(np.round(ink_from_strokes(drawing_of(label)) * 255).astype(np.uint8))


def levels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture, np.float32) / 255


def test_at_least_19_of_20_pictures_are_recognised(tmp_path: Path) -> None:
    recognizer = Recognizer.bundled()
    answers = {
        picture.name: recognizer.recognize(
            ink_from_picture(open_picture(picture.save(tmp_path)))
        ).digit
        for picture in PICTURES
    }
    wrong = [
        f"{picture.name}: {picture.label} taken for {answers[picture.name]}"
        for picture in PICTURES
        if answers[picture.name] != picture.label
    ]
    assert len(PICTURES) == 20
    assert len(wrong) <= 1, wrong


def test_a_drawing_is_the_same_ink_as_strokes_and_as_a_picture() -> None:
    for label, strokes in hand_drawings():
        drawn = Image.fromarray((255 - 255 * coverage(strokes)).astype(np.uint8))
        difference = np.abs(ink_from_picture(drawn) - ink_from_strokes(strokes))
        assert difference.mean() < 0.02, label


@pytest.mark.parametrize("pen", [4, 8, 16, 24, 32, 40])
def test_the_width_of_the_pen_hardly_matters(pen: int) -> None:
    found = ink_from_picture(sheet(label=2, height=0.8, pen=pen))
    difference = np.abs(found - ink_from_strokes(drawing_of(2)))
    assert difference.mean() < 0.03


@pytest.mark.parametrize("place", [(0.2, 0.2), (0.8, 0.3), (0.5, 0.8)])
@pytest.mark.parametrize("height", [0.06, 0.15, 0.3])
def test_place_and_size_hardly_matter(place: tuple[float, float], height: float) -> None:
    big = sheet(size=(1200, 1200), height=height, place=place, pen=70 * height)
    difference = np.abs(ink_from_picture(big) - ink_from_strokes(drawing_of(3)))
    assert difference.mean() < 0.03


@pytest.mark.parametrize("label", range(10))
def test_an_ink_image_comes_through_as_it_is(label: int) -> None:
    picture = ink_picture(label)
    np.testing.assert_allclose(ink_from_picture(picture), levels(picture), atol=0.02)


@pytest.mark.parametrize("label", range(10))
def test_an_ink_image_on_white_is_inverted(label: int) -> None:
    picture = ink_picture(label)
    inverted = Image.fromarray(255 - np.asarray(picture))
    np.testing.assert_allclose(ink_from_picture(inverted), levels(picture), atol=0.02)


def test_digits_of_mnist_come_through_as_they_are(shared_datasets: Path) -> None:
    import gzip

    packed = (shared_datasets / "mnist" / "train-images-idx3-ubyte.gz").read_bytes()
    images = np.frombuffer(gzip.decompress(packed)[16 : 16 + 100 * 784], np.uint8)
    found = [ink_from_picture(Image.fromarray(image)) for image in images.reshape(-1, 28, 28)]
    changes = np.abs(np.array(found) - images.reshape(-1, 28, 28) / 255).max(axis=(1, 2))
    assert np.quantile(changes, 0.95) < 0.1


def test_a_28x28_picture_that_is_not_centred_is_prepared() -> None:
    shifted = Image.fromarray(np.roll(np.asarray(ink_picture()), (-4, 4), axis=(0, 1)))
    ink = ink_from_picture(shifted)
    middles = np.arange(28) + 0.5
    for axis in (0, 1):
        assert ink.sum(axis=axis) @ middles / ink.sum() == pytest.approx(CENTRE, abs=0.1)


MODES = ["1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I", "F", "LA", "PA", "RGBX"]


@pytest.mark.parametrize("mode", MODES)
def test_any_mode_gives_the_same_ink(mode: str) -> None:
    first = "P" if mode == "PA" else mode
    picture = sheet().convert(first).convert(mode)
    difference = np.abs(ink_from_picture(picture) - ink_from_picture(sheet()))
    assert difference.max() < 0.05


def test_premultiplied_and_lab_pictures_give_the_same_ink() -> None:
    plain = ink_from_picture(sheet())
    grey = Image.new("L", sheet().size, 128)
    for picture in (
        sheet().convert("LA").convert("La"),
        sheet().convert("RGBA").convert("RGBa"),
        Image.merge("LAB", [sheet(), grey, grey]),
    ):
        assert np.abs(ink_from_picture(picture) - plain).max() < 0.05


@pytest.mark.parametrize(
    "pixels",
    [
        np.uint16(40_000) - np.uint16(30_000) * coverage(drawing_of(3)).round().astype(np.uint16),
        (1e30 * coverage(drawing_of(3))).astype(np.float32),
        (1e-30 * coverage(drawing_of(3))).astype(np.float32),
    ],
)
def test_the_range_of_wide_greys_does_not_matter(pixels: np.ndarray) -> None:
    difference = np.abs(ink_from_picture(Image.fromarray(pixels)) - ink_from_picture(sheet()))
    assert difference.mean() < 0.01


def test_a_grey_that_is_not_a_number_is_paper_or_ink_but_no_crash() -> None:
    pixels = coverage(drawing_of(3)).copy()
    pixels[0, 0], pixels[5, 5] = np.nan, np.inf
    assert ink_from_picture(Image.fromarray(pixels)).any()


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_that_is_named_opens(tmp_path: Path, name: str) -> None:
    if name == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow has no AVIF")
    path = tmp_path / "digit"
    sheet().convert("RGB").save(path, format=name)
    assert np.abs(ink_from_picture(open_picture(path)) - ink_from_picture(sheet())).mean() < 0.02


def test_the_first_frame_counts(tmp_path: Path) -> None:
    path = tmp_path / "moving.gif"
    sheet(2).save(path, save_all=True, append_images=[sheet(7), sheet(8)])
    assert np.abs(ink_from_picture(open_picture(path)) - ink_from_picture(sheet(2))).mean() < 0.02


def test_a_large_photo_is_shrunk_while_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    Image.new("L", (6000, 4000), 255).save(path)
    assert max(open_picture(path).size) <= 1500


def test_a_cut_out_sheet_is_paper() -> None:
    picture = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    picture.paste(sheet().convert("RGBA"), (100, 100))
    assert np.abs(ink_from_picture(picture) - ink_from_picture(sheet())).mean() < 0.02


def test_the_bar_of_a_5_stays_and_dust_goes() -> None:
    clean = np.asarray(sheet(label=5, pen=12)).copy()
    dusty = clean.copy()
    for x, y in ((30, 40), (370, 60), (60, 350), (340, 330), (200, 20)):
        dusty[y : y + 6, x : x + 6] = 0
    found = ink_from_picture(Image.fromarray(dusty))
    np.testing.assert_allclose(found, ink_from_picture(Image.fromarray(clean)), atol=0.01)
    assert found[:9].sum() > 5  # the bar lies at the top


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("L", (400, 300), 255),
        Image.new("L", (400, 300), 0),
        Image.new("RGB", (1, 1), (12, 200, 3)),
        Image.new("L", (30_000, 1), 255),
        Image.new("RGBA", (50, 50), (0, 0, 0, 0)),
        Image.new("RGBA", (50, 50), (9, 9, 9, 128)),
        Image.new("L", (0, 0)),
        Image.fromarray(np.random.default_rng(1).integers(0, 256, (200, 200), np.uint8)),
    ],
    ids=["white", "black", "one pixel", "one line", "transparent", "veil", "nothing", "noise"],
)
def test_a_picture_without_a_digit_is_said(picture: Image.Image) -> None:
    with pytest.raises(PictureError) as raised:
        ink_from_picture(picture)
    assert raised.value.sentence.endswith(".")


@pytest.mark.parametrize("shape", [(900, 1200), (300, 300, 3), (200, 300), (200, 200)])
def test_noise_is_called_noise(shape: tuple[int, ...]) -> None:
    noise = np.random.default_rng(1).integers(0, 255, shape, np.uint8)
    with pytest.raises(PictureError, match="No ink can be told from the paper"):
        ink_from_picture(Image.fromarray(noise))


def test_a_digit_on_noisy_paper_is_no_noise() -> None:
    clean = np.asarray(sheet(label=5, pen=12), np.float64)
    noisy = clean + np.random.default_rng(1).normal(0, 20, clean.shape)
    picture = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
    assert np.abs(ink_from_picture(picture) - ink_from_picture(sheet(label=5, pen=12))).mean() < 0.1


def test_a_phones_picture_is_read_with_its_package() -> None:
    heif = pytest.importorskip("pillow_heif")
    drawn = sheet(label=5, pen=12).convert("RGB")
    file = io.BytesIO()
    heif.from_pillow(drawn).save(file)
    difference = np.abs(
        ink_from_picture(read_picture(file.getvalue(), "5.heic")) - ink_from_picture(drawn)
    )
    assert difference.mean() < 0.02


def test_a_phones_picture_without_its_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(PictureError, match=r"HEIC picture.*digitpad\[heic\]"):
        read_picture(b"\0\0\0\x18ftypheic" + bytes(40), "5.heic")


def test_a_damaged_phones_picture_is_said() -> None:
    pytest.importorskip("pillow_heif")
    with pytest.raises(PictureError):
        read_picture(b"\0\0\0\x18ftypheic" + bytes(400), "5.heic")


def test_a_digit_on_a_very_wide_picture_is_found() -> None:
    wide = Image.new("L", (30_000, 200), 255)
    wide.paste(sheet(size=(180, 180), pen=9), (21_000, 10))
    difference = np.abs(ink_from_picture(wide) - ink_from_picture(sheet(size=(180, 180), pen=9)))
    assert difference.mean() < 0.03


def saved(picture: Image.Image, name: str) -> bytes:
    file = io.BytesIO()
    picture.save(file, name)
    return file.getvalue()


@pytest.mark.parametrize("name", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"])
def test_a_picture_cut_short_is_said(tmp_path: Path, name: str) -> None:
    data = saved(sheet(size=(120, 120), pen=8), name)
    path = tmp_path / "cut"
    for percent in range(0, 90, 5):
        path.write_bytes(data[: len(data) * percent // 100])
        with pytest.raises(PictureError, match="cut"):
            open_picture(path)


def test_decoders_do_not_print(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cut.tif"
    sheet().save(path, compression="tiff_lzw")
    data = bytearray(path.read_bytes())
    data[20 : len(data) // 2] = b"\xff" * (len(data) // 2 - 20)
    path.write_bytes(data)
    with pytest.raises(PictureError):
        open_picture(path)
    assert capfd.readouterr().err == ""


def png_that_claims(width: int, height: int) -> bytes:
    """Return a small PNG file that says it has this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


@pytest.mark.parametrize("size", [(30_000, 30_000), (2**31 - 1, 2**31 - 1), (8001, 8000)])
def test_a_bomb_is_refused_by_its_size(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png_that_claims(*size))
    with pytest.raises(PictureError, match="64 million pixels"):
        open_picture(path)


def test_a_picture_in_memory_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 100)
    with pytest.raises(PictureError, match="crop it"):
        ink_from_picture(sheet())


def test_what_is_no_picture_is_said(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ada,")
    with pytest.raises(UnknownKindError, match="is not a picture that Digitpad knows"):
        open_picture(tmp_path / "letter.txt")
    with pytest.raises(PictureError, match="No such file"):
        open_picture(tmp_path / "none.png")
    with pytest.raises(PictureError, match="is not a file"):
        open_picture(tmp_path)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "seven.png is empty."),
        (b"\x01\x02\x03 noise", "seven.png is not a picture inside. Save or copy"),
        (b"\x89PNG noise", "seven.png is damaged: it does not go on as a PNG picture does."),
        (b"%PDF-1.4", "seven.png is a PDF document; save it as PNG or JPEG."),
        (
            b"%!PS-Adobe-3.0 EPSF-3.0\n",
            "seven.png is a PostScript document; save it as PNG or JPEG.",
        ),
        (b"<svg/>", "seven.png is an SVG drawing; save it as PNG or JPEG."),
        (b"version https://git-lfs.github.com/spec/v1\n", "`git lfs pull`"),
    ],
)
def test_files_of_other_programs_are_named(data: bytes, sentence: str) -> None:
    with pytest.raises(PictureError) as refused:
        read_picture(data, "seven.png")
    assert sentence in refused.value.sentence


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(PictureError, match="is not a file"):
        open_picture(tmp_path / "pipe.png")


GOOD_FILES = [
    saved(sheet(size=(40, 40), pen=3), name) for name in ("PNG", "JPEG", "GIF", "BMP", "WEBP")
]


@given(st.sampled_from(GOOD_FILES), st.data())
@settings(max_examples=150)
def test_damaged_files_open_or_are_said(
    tmp_path_factory: pytest.TempPathFactory, good: bytes, data: st.DataObject
) -> None:
    damaged = bytearray(good)
    for place in data.draw(st.lists(st.integers(0, len(good) - 1), min_size=1, max_size=8)):
        damaged[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(damaged)
    try:
        ink = ink_from_picture(open_picture(path))
    except PictureError:
        return
    assert ink.shape == (28, 28)
    assert 0 <= ink.min() <= ink.max() <= 1
