"""The pixel range that a network was trained on comes first, however its softmax saturates."""

from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

pytest.importorskip("keras")

from model.conversion.pixel_choices import pixel_choices  # after the check
from model.data.sample_digits import sample_digits
from model.metadata import InputFormat, ModelMetadata
from model.pixel_ranges import PIXELS, pixels_in_words, pixels_name
from model.recognizer import model_input

Pixels = npt.NDArray[np.float32]


def softmax(logits: Pixels) -> Pixels:
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


@pytest.fixture(scope="module")
def regression() -> tuple[Pixels, Pixels]:
    """Softmax regression on pixels from 0 to 1: weights (784, 10) and biases (10,)."""
    digits = sample_digits(1_500)
    x, y = digits.inks.reshape(-1, 784), np.eye(10, dtype=np.float32)[digits.labels]
    weights, biases = np.zeros((784, 10), np.float32), np.zeros(10, np.float32)
    for _ in range(300):
        error = (softmax(x @ weights + biases) - y) / len(x)
        weights -= 1.0 * x.T @ error
        biases -= 1.0 * error.sum(axis=0)
    return weights, biases


@pytest.mark.parametrize("name", PIXELS)
@pytest.mark.parametrize("sharpness", [1.0, 1.5])
def test_the_range_it_was_trained_on_comes_first(
    name: str, sharpness: float, regression: tuple[Pixels, Pixels]
) -> None:
    weights, biases = regression
    trained_on = PIXELS[name]

    def predict(inks: Pixels, metadata: ModelMetadata) -> Pixels:
        fed = model_input(inks, metadata).reshape(len(inks), 784)
        ink = (fed - trained_on.paper) / (trained_on.ink - trained_on.paper)
        return softmax(sharpness * (ink @ weights + biases))

    choices = pixel_choices(predict, ModelMetadata())
    assert pixels_name(choices[0].input_format) == name
    assert len(choices) == len(PIXELS)
    assert choices[0].digits_right is not None
    assert choices[0].digits_right > 0.6


@cache
def labels_of(count: int) -> npt.NDArray[np.int64]:
    return sample_digits(count).labels


@pytest.mark.parametrize(
    ("side", "lead", "first"),
    [(28, 0.04, "0-255"), (28, 0.06, "0-16"), (8, 0.02, "0-16"), (8, -0.02, "0-255")],
)
def test_values_to_16_need_a_lead_where_images_are_larger_than_8_by_8(
    side: int, lead: float, first: str
) -> None:
    assert first_choice({"0-16": -1.0, "0-255": -1.0 - lead}, side) == first


@pytest.mark.parametrize(("lead", "first"), [(0.008, "0-1"), (0.012, "standardized")])
def test_another_range_than_0_to_1_needs_more_than_a_chance_lead(lead: float, first: str) -> None:
    assert first_choice({"0-1": -1.0 - lead, "standardized": -1.0}) == first


def first_choice(likelihoods: dict[str, float], side: int = 28) -> str:
    """Ask for the range of a network with these mean log-likelihoods of the truth."""

    def predict(inks: Pixels, metadata: ModelMetadata) -> Pixels:
        likelihood = likelihoods.get(pixels_name(metadata.input_format), -2.0)
        answers = np.full((len(inks), 10), (1 - np.exp(likelihood)) / 9, np.float32)
        answers[np.arange(len(inks)), labels_of(len(inks))] = np.exp(likelihood)
        return answers

    record = ModelMetadata(input_format=InputFormat(shape=(side, side, 1)))
    return pixels_name(pixel_choices(predict, record)[0].input_format)


def test_unknown_classes_keep_the_order_of_the_table() -> None:
    def predict(inks: Pixels, metadata: ModelMetadata) -> Pixels:
        sure = min(1.0, 0.1 * metadata.input_format.scale)
        return np.tile(np.array([sure, 1 - sure], np.float32), (len(inks), 1))

    choices = pixel_choices(predict, ModelMetadata(class_names=("cat", "dog")))
    assert [pixels_name(choice.input_format) for choice in choices] == list(PIXELS)
    assert choices[0].digits_right is None


def test_a_network_that_overflows_is_ranked_last() -> None:
    def predict(inks: Pixels, metadata: ModelMetadata) -> Pixels:
        value = np.nan if metadata.input_format.scale > 2 else 0.1
        return np.full((len(inks), 10), value, np.float32)

    choices = pixel_choices(predict, ModelMetadata())
    assert choices[0].input_format.scale <= 2
    assert all(choice.input_format.scale > 2 for choice in choices[-4:])


def test_formats_tell_paper_and_ink() -> None:
    assert (PIXELS["signed"].paper, PIXELS["signed"].ink) == (-1.0, 1.0)
    assert (PIXELS["signed-inverted"].paper, PIXELS["signed-inverted"].ink) == (1.0, -1.0)
    assert (PIXELS["0-16"].paper, PIXELS["0-16"].ink) == (0.0, 16.0)
    assert pixels_in_words(PIXELS["0-255"]) == "0 to 255, bright ink on dark paper"
    assert pixels_in_words(InputFormat(scale=3.0)) == "0 to 3, bright ink on dark paper"


@pytest.mark.parametrize("name", PIXELS)
def test_ink_is_fed_in_the_range(name: str) -> None:
    inks = np.array([[[0.0] * 28] * 14 + [[1.0] * 28] * 14], np.float32)
    fed = model_input(inks, ModelMetadata(input_format=PIXELS[name]))
    assert fed[0, 0, 0, 0] == pytest.approx(PIXELS[name].paper, abs=1e-5)
    assert fed[0, -1, 0, 0] == pytest.approx(PIXELS[name].ink, rel=1e-5)
