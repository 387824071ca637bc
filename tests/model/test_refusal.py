"""The bundled network refuses for models of digits that cannot."""

import msgspec
import numpy as np
import pytest

from model.converted_model import ConvertedModel, read_converted_model
from model.ink import ink_from_strokes
from model.metadata import ModelMetadata, VerdictThresholds
from model.recognizer import BUNDLED_MODEL, Recognition, Recognizer, refused
from model.refusal import LEAST_REFUSED, bundled_recognizer, let_bundled_refuse
from model.verdicts import Verdict

pytestmark = pytest.mark.skipif(
    not BUNDLED_MODEL.with_suffix(".tflite").exists(), reason="needs the bundled network"
)

TRIANGLE = [[(50.0, 0.0), (100.0, 90.0), (0.0, 90.0), (50.0, 0.0)]]
SEVEN = [[(20.0, 20.0), (80.0, 20.0), (40.0, 90.0)]]


def model_that_says_digit(**changes: object) -> Recognizer:
    """The bundled network under another name, with thresholds that accept everything."""
    litert, record = read_converted_model(BUNDLED_MODEL.with_suffix(".tflite"))
    accepts_all = VerdictThresholds(unsure_below=0.0, reject_below=0.0)
    unlearned = {"verdicts": accepts_all, "refusal_rate": None}
    metadata: ModelMetadata = msgspec.structs.replace(record.metadata, **(unlearned | changes))
    return Recognizer(litert, ConvertedModel.of(litert, metadata, source_sha256="another"))


def test_a_model_that_cannot_refuse_is_spoken_for() -> None:
    alone = model_that_says_digit()
    assert alone.recognize(ink_from_strokes(TRIANGLE)).verdict is Verdict.DIGIT
    both = let_bundled_refuse(model_that_says_digit())
    triangle, seven = both.recognize_batch(
        np.stack([ink_from_strokes(TRIANGLE), ink_from_strokes(SEVEN)])
    )
    assert (triangle.verdict, triangle.is_refused_by_other) == (Verdict.NOT_A_DIGIT, True)
    assert (seven.verdict, seven.is_refused_by_other) == (Verdict.DIGIT, False)
    assert seven.label == "7"


@pytest.mark.parametrize(
    "changes",
    [{"refusal_rate": LEAST_REFUSED}, {"class_names": tuple("abcdefghij")}],
)
def test_a_model_that_can_refuse_or_knows_no_digits_speaks_for_itself(
    changes: dict[str, object],
) -> None:
    assert let_bundled_refuse(model_that_says_digit(**changes)).second_opinion is None


def test_a_model_that_was_taught_in_vain_is_spoken_for() -> None:
    assert let_bundled_refuse(model_that_says_digit(refusal_rate=0.4)).second_opinion is not None


def test_the_bundled_network_needs_no_second_opinion() -> None:
    assert let_bundled_refuse(bundled_recognizer()).second_opinion is None
    copy = Recognizer.from_files(BUNDLED_MODEL.with_suffix(".tflite"))
    assert let_bundled_refuse(copy).second_opinion is None


def test_what_the_bundled_network_only_doubts_is_refused_for_others() -> None:
    names = tuple("0123456789")
    sure = np.full(10, 0.001, np.float32)
    sure[7] = 0.991
    answer = Recognition(sure, names, Verdict.DIGIT)
    for score, verdict in ((0.80, Verdict.NOT_A_DIGIT), (0.90, Verdict.DIGIT)):
        doubt = np.full(10, (1 - score) / 8, np.float32)
        doubt[[1, 7]] = score / 2
        other = Recognition(doubt, names, Verdict.UNSURE)
        assert refused(answer, other).verdict is verdict


def test_a_score_at_the_limit_is_enough() -> None:
    answer = Recognition(np.array([0.0, 1.0], np.float32), ("0", "1"), Verdict.UNSURE)
    at_limit = Recognition(np.array([0.85, 0.0], np.float32), ("0", "1"), Verdict.UNSURE)
    assert refused(answer, at_limit) is answer
    refuses = Recognition(np.array([0.9, 0.1], np.float32), ("0", "1"), Verdict.NOT_A_DIGIT)
    found = refused(answer, refuses)
    assert (found.verdict, found.is_refused_by_other) == (Verdict.NOT_A_DIGIT, True)
    assert found.second_probabilities is refuses.probabilities


@pytest.mark.parametrize("verdict", [Verdict.NOT_A_DIGIT, Verdict.SEVERAL, Verdict.EMPTY])
def test_what_is_no_digit_anyway_is_not_refused_once_more(verdict: Verdict) -> None:
    answer = Recognition(np.array([0.0, 1.0], np.float32), ("0", "1"), verdict)
    other = Recognition(np.array([0.1, 0.1], np.float32), ("0", "1"), Verdict.NOT_A_DIGIT)
    assert refused(answer, other) is answer
    assert not answer.is_refused_by_other
