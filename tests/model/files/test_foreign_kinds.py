import pytest

from model.files.foreign_kinds import kind_of

ROW = b'{"strokes": []}'


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"%PDF-1.4\n", "a PDF document"),
        (b"%!PS-Adobe-3.0", "a PostScript document"),
        (b"8BPS\0\1", "a Photoshop picture"),
        (b"\x89PNG\r", "a PNG picture"),
        (b"\0\0\0\x18ftypmp42", "a video, or a picture of a phone"),
        (b"PK\3\4\n", "a zip archive"),
        (b"\x1f\x8b\x08", "a gzipped file"),
        (b"BZh91AY", "a bzip2 file"),
        (ROW.decode().encode("utf-16"), "text in UTF-16"),
        (ROW.decode().encode("utf-16-be"), "text in UTF-16"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer, not the file itself"),
        (b"\n <!DOCTYPE html><html>", "a web page"),
        (b"<svg xmlns=", "an SVG drawing"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg>', "an SVG drawing"),
        (b'<?xml version="1.0"?><ink>', "an InkML file"),
        (b'<?xml version="1.0"?><a>', "an XML file"),
        (b"", ""),
        (ROW, ""),
        (b"3,0,0,255", ""),
    ],
)
def test_a_file_of_another_program_is_named(beginning: bytes, kind: str) -> None:
    assert kind_of(beginning) == kind


def test_only_the_beginning_is_looked_at() -> None:
    assert kind_of(b"<?xml?>" + b" " * 300 + b"<svg") == "an XML file"
