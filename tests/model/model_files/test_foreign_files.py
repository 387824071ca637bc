"""Files that are no Keras model: each is named, and the sentence says what to do."""

import io
import pickle
import zipfile

import pytest

from model.errors import ModelFileError
from model.model_files.inspection import read_model

LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 1234\n"


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (LFS_POINTER, "Git LFS pointer"),
        (b"\n<!DOCTYPE html><html>", "web page"),
        (b"<HTML>", "web page"),
        (b'\xef\xbb\xbf{"class_name": "Sequential"}', "holds no weights"),
        (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", "PyTorch"),
        (b"\x08\x07\x12\x07pytorch\x1a\x05", "ONNX"),
        (b"\x1c\0\0\0TFL3", "LiteRT"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (pickle.dumps([1, 2]), "not a model file, or a damaged one"),
        (b"", "This is an empty file, not a model file"),
        (b"These are my notes.\n", "This is a text file, not a model file"),
        ("Größe 7: ½ é\n".encode(), "This is a text file, not a model file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "This is a PNG picture, not a model file"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "This is a JPEG picture, not a model file"),
        (b"%PDF-1.7\n", "This is a PDF document, not a model file"),
        (zipped("keras_model.h5", "labels.txt"), "unpack it and open its keras_model.h5"),
        (zipped("model.json", "weights.bin", "metadata.json"), "TensorFlow.js"),
        (zipped("archive/data.pkl", "archive/data/0"), "PyTorch"),
        (zipped("m/saved_model.pb", "m/variables/variables.index"), "SavedModel"),
        (zipped("x_train.npy", "y_train.npy"), "arrays"),
        (zipped("export/mine.keras"), "unpack it"),
        (zipped("notes.txt"), "config.json is missing"),
    ],
)
def test_other_files_are_named(data: bytes, words: str) -> None:
    with pytest.raises(ModelFileError) as caught:
        read_model(data, "file")
    assert words in caught.value.sentence
    assert caught.value.sentence.endswith(".")


@pytest.mark.parametrize(
    "data",
    [b"", b"notes of mine", b"\x89PNG\r\n\x1a\n" + bytes(40), b"\x80\x02\x8a\nl", bytes(64)],
)
def test_no_file_is_told_to_have_the_suffix_that_it_has(data: bytes) -> None:
    with pytest.raises(ModelFileError) as caught:
        read_model(data, "mine.keras")
    assert ".keras" not in caught.value.sentence
    assert ".h5" not in caught.value.sentence
