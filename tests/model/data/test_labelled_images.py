import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hypothesis_numpy

from model.data.labelled_images import LabelledImages, check_classes, checked_images, checked_labels
from model.errors import DatasetError


def images(count: int = 2, dtype: object = np.uint8) -> np.ndarray:
    return np.zeros((count, 28, 28), dtype)


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (images() + np.uint8(70), 70),
        (images() + np.uint8(1), 255),
        (images(dtype=np.int64) + 1, 255),
        (images(dtype=np.int64) + 255, 255),
        (images(dtype=bool) | True, 255),
        (images(dtype=np.float64) + 0.5, 128),
        (images(dtype=np.float16) + np.float16(1), 255),
        (images(dtype=">f4") + 1, 255),
        ((images() + np.uint8(70))[..., np.newaxis], 70),
    ],
)
def test_honest_pixels_become_bytes(pixels: np.ndarray, expected: int) -> None:
    result = checked_images(pixels, where="x_train")
    assert result.dtype == np.uint8
    assert result.shape == (2, 28, 28)
    assert (result == expected).all()


def with_pixel(value: float, dtype: object) -> np.ndarray:
    pixels = images(dtype=dtype)
    pixels[1, 3, 4] = value
    return pixels


@pytest.mark.parametrize(
    ("pixels", "sentence"),
    [
        (images()[:0], "from 1 to 1,000,000 images; x_train has 0"),
        (np.zeros((2, 32, 32), np.uint8), r"x_train has the shape \(2, 32, 32\)"),
        (np.zeros((2, 28, 28, 4), np.uint8), r"x_train has the shape \(2, 28, 28, 4\)"),
        (np.zeros((2, 785), np.uint8), r"x_train has the shape \(2, 785\)"),
        (with_pixel(254.5, np.float32), "go from 0 to 254.5. Bring"),
        (with_pixel(-0.1, np.float32), "go from -0.1 to 0"),
        (with_pixel(np.nan, np.float32), "must be finite numbers"),
        (with_pixel(256, np.int32), "from 0 to 255; in x_train they go from 0 to 256"),
        (with_pixel(-1, np.int32), "go from -1 to 0"),
        (with_pixel(np.inf, np.float16), "must be finite numbers"),
        (with_pixel(16, np.uint8), "brightest pixel in x_train is 16, where 255 is full ink"),
        (with_pixel(16, np.float32), "brightest pixel in x_train is 16, where 255 is full ink"),
        (images(dtype="U3"), "must be numbers"),
        (images(dtype=complex), "must be numbers"),
    ],
)
def test_other_images_are_refused_with_a_sentence(pixels: np.ndarray, sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        checked_images(pixels, where="x_train")


@pytest.mark.parametrize("labels", [np.array([3, 61], np.uint8), np.array([[3], [61]])])
def test_honest_labels_are_whole_numbers(labels: np.ndarray) -> None:
    result = checked_labels(labels, 2, where="y_train")
    assert result.dtype == np.int64
    assert result.tolist() == [3, 61]


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (np.array([1, 2, 3]), "2 images but 3 labels in y_train"),
        (np.eye(3, 10)[1:] * 2, r"y_train has the shape \(2, 10\)"),
        (np.array([1.5, 2.0]), "whole numbers from 0; y_train holds float64"),
        (np.array([-1, 2]), "from 0 to 61; in y_train they go from -1 to 2"),
        (np.array([0, 62]), "from 0 to 61; in y_train they go from 0 to 62"),
        (np.array([0, 2**64 - 1], np.uint64), "from 0 to 61"),
    ],
)
def test_other_labels_are_refused_with_a_sentence(labels: np.ndarray, sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        checked_labels(labels, 2, where="y_train")


def part(*labels: int) -> LabelledImages:
    return LabelledImages(images(len(labels)), np.array(labels, np.int64))


def test_two_to_62_classes_with_images_each_are_accepted() -> None:
    check_classes(part(0, 1), part(1), ("a", "b"))
    check_classes(part(*range(62)), None, tuple(map(str, range(62))))


@pytest.mark.parametrize(
    ("train", "test", "count", "sentence"),
    [
        (part(0, 0), None, 1, "from 2 to 62 classes; the data has 1"),
        (part(0, 1), None, 63, "the data has 63"),
        (part(0, 2), None, 2, "The training split has the label 2, but there are only 2 classes"),
        (part(0, 1), part(5), 2, "The test split has the label 5"),
        (part(0, 2), None, 3, "class1 has none"),
        (part(0, 9), None, 10, "class1, class2, class3, class4, class5 and 3 more has none"),
    ],
)
def test_classes_that_cannot_be_learned_are_named(
    train: LabelledImages, test: LabelledImages | None, count: int, sentence: str
) -> None:
    with pytest.raises(DatasetError, match=sentence):
        check_classes(train, test, tuple(f"class{number}" for number in range(count)))


@given(
    hypothesis_numpy.arrays(
        st.one_of(hypothesis_numpy.scalar_dtypes(), hypothesis_numpy.unicode_string_dtypes()),
        hypothesis_numpy.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3),
    )
)
def test_any_array_is_taken_or_refused(array: np.ndarray) -> None:
    with pytest.raises(DatasetError):
        checked_images(array, where="x")
    if array.ndim == 1:
        assert_labels_or_refused(array)


def assert_labels_or_refused(array: np.ndarray) -> None:
    if array.dtype.kind in "iu" and len(array) and array.min() >= 0 and array.max() < 62:
        assert checked_labels(array, len(array), where="y").tolist() == array.tolist()
    elif len(array):
        with pytest.raises(DatasetError):
            checked_labels(array, len(array), where="y")


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (("a", "b", "a"), "Two classes have the name 'a'"),
        (("a", " "), "A class has no name"),
        (("a", "b\x1b[31m"), r"'b\\x1b\[31m' has characters that can't be shown"),
        (("a", "\u202eb"), r"'\\u202eb' has characters that can't be shown"),
        (("a", "b\n"), "has characters that can't be shown"),
        (("a", "b" * 100_000), "has 100,000 characters; at most 40"),
    ],
)
def test_names_that_cannot_be_shown_or_told_apart_are_refused(
    names: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(DatasetError, match=sentence) as refused:
        check_classes(part(*range(len(names))), None, names)
    assert refused.value.sentence.isprintable()
    assert len(refused.value.sentence) < 200
