import gzip
import hashlib
import json
import zipfile
from pathlib import Path

import msgspec
import numpy as np
import pytest

from model.data import pen_digits
from model.data.labelled_strokes import parse_drawings
from model.data.pen_digits import read_pen_digits
from model.data.published_data import PEN_DIGITS_ARCHIVE
from model.errors import DatasetError
from model.ink import ink_from_strokes

TRAIN = [
    {"label": 7, "writer": "tra03", "strokes": [[[100, 100], [180, 90], [120, 250]]]},
    {"label": 4, "writer": "tra12", "strokes": [[[90, 80], [80, 200]], [[130, 150]]]},
    {"label": 1, "writer": "tra03", "strokes": [[[9, 9], [9, 90]]], "suspect": True},
]
TEST = [{"label": 0, "writer": "tes01", "strokes": [[[50, 60], [70, 80], [50, 60]]]}]


def unipen(rows: list[dict]) -> str:
    lines = [".HIERARCHY DIGIT"]
    for number, row in enumerate(rows):
        writer = int(row["writer"][-2:])
        lines += [f'.SEGMENT DIGIT {number} ? "{row["label"]}"', f".COMMENT 0 {writer} {number}"]
        for stroke in row["strokes"]:
            lines += [".PEN_DOWN", *(f" {x}  {500 - y}" for x, y in stroke), ".PEN_UP", ".DT 100"]
    return "\n".join(lines)


def stored_z(text: str) -> bytes:
    """Make a `.Z` file that packs nothing: each byte is a code, and the table is kept small."""
    file = bytearray(b"\x1f\x9d\x90")
    data = text.encode("ascii")
    for start in range(0, len(data), 7):
        # The eighth code of each group of nine bytes clears the table.
        codes = [*data[start : start + 7], 256]
        bits = sum(code << (9 * place) for place, code in enumerate(codes))
        file += bits.to_bytes(9, "little")
    return bytes(file)


def as_lines(folder: Path) -> None:
    for name, rows in (("train", TRAIN), ("test", TEST)):
        text = "\n".join(map(json.dumps, rows))
        (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(text.encode()))


def as_packed_files(folder: Path) -> None:
    (folder / "pendigits-orig.tra.Z").write_bytes(stored_z(unipen(TRAIN)))
    (folder / "pendigits-orig.tes.Z").write_bytes(stored_z(unipen(TEST)))


def as_archive(folder: Path) -> None:
    with zipfile.ZipFile(folder / PEN_DIGITS_ARCHIVE, "w") as archive:
        archive.writestr("pendigits-orig.tra.Z", stored_z(unipen(TRAIN)))
        archive.writestr("pendigits-orig.tes.Z", stored_z(unipen(TEST)))
        archive.writestr("pendigits.names", "not read")


@pytest.mark.parametrize("form", [as_lines, as_packed_files, as_archive])
def test_each_form_gives_the_same_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form
) -> None:
    # UNIPEN has no marks, so the third drawing is known by its hash there.
    doubtful = hashlib.sha256(b"[[[9,9],[9,90]]]").hexdigest()[:16]
    monkeypatch.setattr(pen_digits, "DOUBTFUL_DRAWINGS", frozenset({doubtful}))
    form(tmp_path)
    train, test = read_pen_digits(tmp_path, None)
    assert train.labels.tolist() == [7, 4]
    assert train.groups is not None
    assert train.groups.tolist() == [0, 1]
    assert test.labels.tolist() == [0]
    for image, row in zip([*train.images, *test.images], [*TRAIN[:2], *TEST], strict=True):
        np.testing.assert_array_equal(image, np.rint(ink_from_strokes(row["strokes"]) * 255))


def test_an_archive_without_the_strokes_says_so(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / PEN_DIGITS_ARCHIVE, "w") as archive:
        archive.writestr("pendigits.tra", "47,100,27,81")
    with pytest.raises(DatasetError, match=r"lacks pendigits-orig\.tra\.Z"):
        read_pen_digits(tmp_path, None)


def test_a_folder_with_half_the_files_says_what_is_missing(tmp_path: Path) -> None:
    as_lines(tmp_path)
    (tmp_path / "test.jsonl.gz").unlink()
    with pytest.raises(DatasetError, match=r"lacks the file test\.jsonl\.gz"):
        read_pen_digits(tmp_path, None)


@pytest.mark.parametrize("label", ['"x"', "-1", "62", "9" * 30])
def test_a_label_that_is_no_digit_is_an_error(tmp_path: Path, label: str) -> None:
    as_lines(tmp_path)
    row = f'{{"label": {label}, "strokes": [[[1, 2]]]}}'.encode()
    (tmp_path / "test.jsonl.gz").write_bytes(gzip.compress(row))
    with pytest.raises(DatasetError, match="whole number from 0 to 61, not"):
        read_pen_digits(tmp_path, None)


def test_the_doubtful_drawings_are_the_marked_ones(shared_datasets: Path) -> None:
    file = shared_datasets / "pen-digits" / "train.jsonl.gz"
    rows = parse_drawings(file.read_bytes(), name=file.name)
    unmarked = [msgspec.structs.replace(row, suspect=False) for row in rows]
    found = [pen_digits._is_doubtful(row) for row in unmarked]
    assert found == [row.suspect for row in rows]
    assert sum(found) == 14
