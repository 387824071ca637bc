"""Open, paste, drop, save and copy."""

import base64
import json
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage

from app.drawing.data_address import MAX_ADDRESS_LENGTH, data_of_address
from app.drawing.file_presenter import FileKind, FilePresenter
from app.drawing.images import MAX_SHOWN_SIDE_PX
from app.drawing.pad import DrawingPad
from model.errors import DigitpadError, ModelFileError, PictureError
from model.ink import ink_from_strokes
from model.raster.pictures import ink_from_picture

SEVEN = [(60, 60), (200, 60), (120, 240)]


class Scene:
    def __init__(self, qtbot) -> None:
        self.pad = DrawingPad()
        qtbot.addWidget(self.pad)
        self.pad.resize(400, 300)
        self.problems: list[BaseException] = []
        self.files = FilePresenter(self.pad, self.problems.append)


@pytest.fixture
def scene(qtbot) -> Scene:
    return Scene(qtbot)


@pytest.fixture
def picture_path(tmp_path):
    path = tmp_path / "seven.png"
    picture = Image.new("L", (200, 300), 240)
    ImageDraw.Draw(picture).line([(40, 50), (160, 50), (90, 260)], fill=20, width=24)
    picture.save(path)
    return path


def test_a_picture_file_comes_onto_the_pad_with_its_ink_and_name(scene, picture_path, qtbot):
    with qtbot.waitSignal(scene.files.opened) as opened:
        assert scene.files.open_path(picture_path)
    assert opened.args == [picture_path]
    assert scene.pad.picture().caption == "seven.png"
    assert scene.pad.picture().ink.sum() > 20


@pytest.mark.parametrize(
    "picture",
    [Image.new("L", (60, 60), 200), Image.new("RGBA", (60, 60), (0, 0, 0, 0))],
)
def test_a_picture_that_shows_nothing_is_named(scene, tmp_path, picture):
    path = tmp_path / "blank.png"
    picture.save(path)
    assert not scene.files.open_path(path)
    (problem,) = scene.problems
    assert problem.sentence.startswith("blank.png: ")


@pytest.mark.parametrize("suffix", [".json", ".JSONL"])
def test_a_strokes_file_comes_onto_the_pad_as_strokes(scene, tmp_path, suffix):
    path = tmp_path / f"seven{suffix}"
    path.write_text(json.dumps({"strokes": [SEVEN]}))
    assert scene.files.open_path(path)
    np.testing.assert_allclose(
        ink_from_strokes(scene.pad.strokes()), ink_from_strokes([SEVEN]), atol=1e-6
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gone.png", None),
        ("empty.png", b""),
        ("text.jpg", b"this is no picture"),
        ("strokes.json", b'{"strokes": [[[1, "x"]]]}'),
        ("infinite.json", b'{"strokes": [[[1e999, 1]]]}'),
        ("noend", b"\x89PNG\r\n\x1a\n"),
    ],
)
def test_a_bad_file_is_reported_in_a_sentence_and_the_drawing_stays(scene, tmp_path, name, content):
    scene.pad.set_strokes([SEVEN])
    drawing = scene.pad.drawing
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert not scene.files.open_path(tmp_path / name)
    (problem,) = scene.problems
    assert isinstance(problem, DigitpadError)
    assert scene.pad.drawing is drawing


def test_of_a_file_of_no_known_kind_what_can_be_opened_is_said(scene, tmp_path):
    (tmp_path / "notes.txt").write_text("Dear Ada,")
    (tmp_path / "noise.png").write_bytes(b"\x01\x02\x03")
    assert not scene.files.open_path(tmp_path / "notes.txt")
    assert not scene.files.open_path(tmp_path / "noise.png")
    unknown, damaged = (problem.sentence for problem in scene.problems)
    assert unknown == "notes.txt is none of what Digitpad opens: pictures, strokes."
    assert damaged.startswith("noise.png is not a picture inside")


def test_copying_a_drawing_says_what_was_copied(scene, picture_path, qtbot):
    scene.pad.set_strokes([SEVEN])
    with qtbot.waitSignal(scene.files.said) as said:
        scene.files.copy_drawing()
    assert said.args == ["Copied: the drawing, as a picture."]
    scene.files.open_path(picture_path)
    with qtbot.waitSignal(scene.files.said) as said:
        scene.files.copy_drawing()
    assert said.args == ["Copied: the picture."]


def test_a_folder_is_not_opened(scene, tmp_path):
    assert not scene.files.open_path(tmp_path)
    assert "is a folder" in scene.problems[0].sentence


def test_other_kinds_of_file_can_be_learnt(scene, tmp_path):
    opened: list = []
    scene.files.register(FileKind("Models", (".keras", ".h5"), opened.append))
    path = tmp_path / "best.KERAS"
    assert scene.files.open_path(path)
    assert opened == [path]
    assert "*.keras *.h5" in scene.files.open_filters()[0]
    assert "Models (*.keras *.h5)" in scene.files.open_filters()


def test_a_kind_that_fails_is_reported(scene, tmp_path):
    def refuse(path):
        raise ModelFileError("best.keras is refused: it holds a Lambda layer.")

    scene.files.register(FileKind("Models", (".keras",), refuse))
    assert not scene.files.open_path(tmp_path / "best.keras")
    assert isinstance(scene.problems[0], ModelFileError)


def test_a_drop_opens_its_first_file_and_an_address_is_explained(scene, picture_path):
    assert scene.files.open_urls([QUrl("https://example.org/a.png")], "Dropped") is None
    assert "local files" in scene.problems[0].sentence
    assert scene.files.open_urls([QUrl.fromLocalFile(str(picture_path))], "Dropped") == picture_path
    assert scene.pad.picture() is not None


def test_of_several_files_the_first_of_a_known_kind_is_taken_and_named(
    scene, picture_path, tmp_path, qtbot
):
    notes = tmp_path / "notes.txt"
    notes.write_text("no picture")
    urls = [QUrl.fromLocalFile(str(path)) for path in (notes, picture_path, tmp_path / "b.png")]
    with qtbot.waitSignal(scene.files.said) as said:
        scene.files.open_urls(urls, "Dropped")
    assert said.args == ["seven.png was opened; 2 others were left."]
    with qtbot.waitSignal(scene.files.said) as said:
        scene.files.open_urls(urls[:2], "Dropped")
    assert said.args == ["seven.png was opened; one other file was left."]


@pytest.mark.parametrize("form", ["data:image/png;base64,{}", "DATA:;base64,{}"])
def test_an_address_that_holds_its_picture_comes_onto_the_pad(scene, picture_path, qtbot, form):
    held = base64.b64encode(picture_path.read_bytes()).decode()
    mime = QMimeData()
    mime.setUrls([QUrl(form.format(held))])
    with qtbot.waitSignal(scene.files.picture_shown):
        scene.files.take(mime, "Dropped picture")
    assert scene.pad.picture().caption == "Dropped picture"
    assert scene.pad.picture().ink.sum() > 20


def test_an_address_copied_as_text_holds_its_picture_too(scene, picture_path):
    mime = QMimeData()
    mime.setText("data:image/png;base64," + base64.b64encode(picture_path.read_bytes()).decode())
    scene.files.take(mime, "Pasted picture")
    assert scene.pad.picture().caption == "Pasted picture"
    mime.setText("https://example.org/a.png")
    scene.files.take(mime, "Pasted picture")
    assert "no picture" in scene.problems[0].sentence


def test_an_address_may_write_its_bytes_in_percents():
    assert data_of_address("data:text/plain,%89PNG%0d") == b"\x89PNG\r"
    with pytest.raises(PictureError, match="too large"):
        data_of_address("data:," + "a" * (MAX_ADDRESS_LENGTH + 1))


@pytest.mark.parametrize(
    "address",
    ["data:", "data:image/png;base64,", "data:image/png;base64,###", "data:,no%20picture"],
)
def test_an_address_without_a_picture_is_a_sentence(scene, address):
    scene.files.open_urls([QUrl(address)], "Dropped")
    (problem,) = scene.problems
    assert "address" in problem.sentence
    assert scene.pad.picture() is None


def test_a_folder_goes_to_who_knows_folders(scene, tmp_path):
    opened: list = []
    scene.files.register_folders(opened.append)
    assert scene.files.open_path(tmp_path)
    assert opened == [tmp_path]


def _picture_of_a_one() -> QImage:
    image = QImage(60, 80, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    for y in range(10, 70):
        for x in range(28, 34):
            image.setPixelColor(x, y, QColor("black"))
    return image


def test_a_copied_picture_is_pasted(scene):
    QGuiApplication.clipboard().setImage(_picture_of_a_one())
    scene.files.paste()
    assert scene.problems == []
    assert scene.pad.picture().ink.sum() > 10


def test_a_clipboard_without_data_has_no_picture(scene, monkeypatch):
    empty = SimpleNamespace(mimeData=lambda: None)
    monkeypatch.setattr(QGuiApplication, "clipboard", lambda: empty)
    scene.files.paste()
    assert [type(problem) for problem in scene.problems] == [PictureError]
    assert scene.pad.drawing.is_empty


def test_a_picture_that_comes_with_its_address_is_pasted_and_dropped(scene):
    """As a browser copies it; only the drop took it once."""
    mime = QMimeData()
    mime.setImageData(_picture_of_a_one())
    mime.setUrls([QUrl("https://example.org/one.png")])
    scene.files.take(mime, "Dropped picture")
    assert scene.pad.picture().caption == "Dropped picture"
    QGuiApplication.clipboard().setMimeData(mime)
    scene.files.paste()
    assert scene.problems == []
    assert scene.pad.picture().caption == "Pasted picture"
    assert scene.pad.picture().ink.sum() > 10


def test_a_copied_file_is_pasted(scene, picture_path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(picture_path))])
    QGuiApplication.clipboard().setMimeData(mime)
    scene.files.paste()
    assert scene.pad.picture().caption == "seven.png"


def test_a_clipboard_without_a_picture_is_explained(scene):
    QGuiApplication.clipboard().setText("just words")
    scene.files.paste()
    assert "no picture to show" in scene.problems[0].sentence


def test_a_drawing_is_saved_as_a_picture_that_is_recognised_again(scene, tmp_path):
    scene.pad.set_strokes([SEVEN])
    ink = ink_from_strokes(scene.pad.strokes())
    assert scene.files.save_to(tmp_path / "seven.png")
    assert scene.files.open_path(tmp_path / "seven.png")
    overlap = np.minimum(scene.pad.picture().ink, ink).sum() / ink.sum()
    assert overlap > 0.6


def test_a_drawing_is_saved_as_strokes_and_opened_again(scene, tmp_path):
    scene.pad.set_strokes([SEVEN])
    ink = ink_from_strokes(scene.pad.strokes())
    assert scene.files.save_to(tmp_path / "seven.json")
    scene.pad.clear()
    assert scene.files.open_path(tmp_path / "seven.json")
    np.testing.assert_allclose(ink_from_strokes(scene.pad.strokes()), ink, atol=0.05)


def test_a_drawing_is_saved_as_svg_and_a_name_without_suffix_is_a_png(scene, tmp_path):
    scene.pad.set_strokes([SEVEN])
    assert scene.files.save_to(tmp_path / "seven.svg")
    assert (tmp_path / "seven.svg").read_bytes().startswith(b"<svg")
    assert scene.files.save_to(tmp_path / "plain")
    assert (tmp_path / "plain.png").read_bytes().startswith(b"\x89PNG")


def test_a_name_without_suffix_replaces_no_png_that_nobody_was_asked_about(scene, tmp_path):
    (tmp_path / "plain.png").write_bytes(b"mine")
    scene.pad.set_strokes([SEVEN])
    assert not scene.files.save_to(tmp_path / "plain")
    assert "plain.png already" in scene.problems[0].sentence
    assert (tmp_path / "plain.png").read_bytes() == b"mine"


def test_an_open_picture_is_saved_as_it_is(scene, picture_path, tmp_path):
    scene.files.open_path(picture_path)
    assert scene.files.save_to(tmp_path / "copy.png")
    with Image.open(tmp_path / "copy.png") as copy, Image.open(picture_path) as original:
        assert copy.tobytes() == original.tobytes()
    assert not scene.files.save_to(tmp_path / "copy.svg")
    assert "has no strokes" in scene.problems[0].sentence


@pytest.mark.parametrize(
    ("mode", "suffix"),
    [
        ("CMYK", ".jpg"),
        ("LAB", ".tif"),
        ("PA", ".tif"),
        ("I;16", ".png"),
        ("I", ".tif"),
        ("F", ".tif"),
    ],
)
def test_a_picture_of_a_mode_that_png_lacks_is_saved_as_it_looks(scene, tmp_path, mode, suffix):
    path = tmp_path / f"seven{suffix}"
    _seven(mode).save(path, icc_profile=b"profile of these colours")
    assert scene.files.open_path(path)
    picture, ink = scene.pad.picture().image, scene.pad.picture().ink
    assert np.ptp(np.asarray(picture.convert("L"))) > 150
    assert scene.files.save_to(tmp_path / "copy.png")
    assert scene.problems == []
    with Image.open(tmp_path / "copy.png") as copy:
        assert "icc_profile" not in copy.info
    assert scene.files.open_path(tmp_path / "copy.png")
    np.testing.assert_allclose(scene.pad.picture().ink, ink, atol=0.1)


def _seven(mode: str) -> Image.Image:
    wide = {"I;16": 257.0, "I": 1e6, "F": 1 / 255}  # what makes eight bits of grey these
    picture = Image.new("L", (200, 300), 240)
    ImageDraw.Draw(picture).line([(40, 50), (160, 50), (90, 260)], fill=20, width=24)
    plain = Image.new("L", picture.size)
    if mode not in wide:
        return (
            Image.merge("LAB", (picture, plain, plain)) if mode == "LAB" else picture.convert(mode)
        )
    dtype = {"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]
    return Image.fromarray((np.asarray(picture) * wide[mode]).astype(dtype))


@pytest.mark.parametrize("mode", ["1", "P", "RGBA"])
def test_a_large_picture_is_kept_no_larger_than_a_screen_but_all_of_it_is_seen(
    scene, tmp_path, mode
):
    picture = Image.new("L", (2100, 1500), 255)
    ImageDraw.Draw(picture).line([(700, 400), (1300, 400), (1000, 1300)], fill=0, width=100)
    picture.convert(mode).save(tmp_path / "large.png")
    assert scene.files.open_path(tmp_path / "large.png")
    with Image.open(tmp_path / "large.png") as large:
        np.testing.assert_array_equal(scene.pad.picture().ink, ink_from_picture(large))
    assert scene.pad.picture().image.size == (MAX_SHOWN_SIDE_PX, 1463)


@pytest.mark.parametrize("name", ["seven.gif", "x" * 300 + ".png"])
def test_what_can_not_be_saved_is_explained(scene, tmp_path, name):
    scene.pad.set_strokes([SEVEN])
    assert not scene.files.save_to(tmp_path / name)
    assert len(scene.problems) == 1


def test_a_folder_that_can_not_be_written_is_reported(scene, tmp_path):
    (tmp_path / "file").write_text("")
    scene.pad.set_strokes([SEVEN])
    assert not scene.files.save_to(tmp_path / "file" / "seven.png")
    assert "There is no folder" in scene.problems[0].sentence


def test_the_drawing_is_copied_as_a_picture(scene):
    scene.pad.set_strokes([SEVEN])
    scene.files.copy_drawing()
    assert not QGuiApplication.clipboard().image().isNull()


def test_a_picture_is_copied_as_it_is_shown(scene, picture_path):
    scene.files.open_path(picture_path)
    scene.files.copy_drawing()
    copied = QGuiApplication.clipboard().image()
    assert (copied.width(), copied.height()) == (200, 300)
    greys = [copied.pixelColor(100, y).red() for y in (10, 50)]
    assert greys == [240, 20]


def test_saving_makes_no_folder_by_the_way(scene, tmp_path):
    scene.pad.set_strokes([SEVEN])
    assert not scene.files.save_to(tmp_path / "new" / "seven.png")
    assert "There is no folder" in scene.problems[0].sentence
    assert not (tmp_path / "new").exists()
