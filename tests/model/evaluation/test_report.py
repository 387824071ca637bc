"""A report's figures, against scikit-learn's and statsmodels' on the same answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import DatasetError
from model.evaluation.answers import Answers
from model.evaluation.report import EvaluationReport, confusion_matrix, report_of
from model.evaluation.slices import Slice

CLASSES = tuple("0123456789")


def made_answers(images: int = 2_000, seed: int = 0, *, right: float = 0.9) -> Answers:
    random = np.random.default_rng(seed)
    labels = random.integers(0, 9, images)  # no image of the last class
    predicted = np.where(random.random(images) < right, labels, random.integers(0, 10, images))
    confidences = random.uniform(0.1, 1, images).astype(np.float32)
    return Answers(labels, predicted, confidences, np.zeros(images, np.uint8))


def made_report(answers: Answers, **options: object) -> EvaluationReport:
    fields = {
        "model": "m",
        "model_sha256": "a",
        "dataset": "d",
        "dataset_sha256": "b",
        "class_names": CLASSES,
        "indices": np.arange(len(answers)),
    }
    return report_of(answers, **(fields | options))  # type: ignore[arg-type]


def test_confusion_precision_recall_and_f1_are_scikit_learns() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    answers = made_answers()
    report = made_report(answers)
    theirs = metrics.confusion_matrix(answers.labels, answers.predicted, labels=range(10))
    assert np.array_equal(report.confusion, theirs)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        answers.labels, answers.predicted, labels=range(10), zero_division=np.nan
    )
    for number, figures in enumerate(report.per_class):
        assert figures.images == support[number]
        for ours, value in (
            (figures.precision, precision[number]),
            (figures.recall, recall[number]),
        ):
            assert (ours is None and np.isnan(value)) or ours == pytest.approx(value)
        if figures.f1 is not None:
            assert figures.f1 == pytest.approx(f1[number])
    assert report.accuracy == pytest.approx(
        metrics.accuracy_score(answers.labels, answers.predicted)
    )
    assert report.per_class[9].recall is None


def test_calibration_bins_are_scikit_learns() -> None:
    calibration = pytest.importorskip("sklearn.calibration")
    answers = made_answers()
    fractions, means = calibration.calibration_curve(
        answers.is_right, answers.confidences, n_bins=15, strategy="uniform"
    )
    bins = [row for row in made_report(answers).calibration.bins if row.images]
    assert [row.accuracy for row in bins] == pytest.approx(list(fractions), abs=1e-6)
    assert [row.confidence for row in bins] == pytest.approx(list(means), abs=1e-6)
    assert sum(row.images for row in bins) == len(answers)
    weighted = sum(abs(row.accuracy - row.confidence) * row.images for row in bins)  # type: ignore[operator]
    assert made_report(answers).calibration.error == pytest.approx(
        weighted / len(answers), abs=1e-6
    )


def test_intervals_are_statsmodels() -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    report = made_report(made_answers())
    theirs = proportion.proportion_confint(report.right, report.images, method="wilson")
    assert report.interval == pytest.approx(theirs, abs=1e-6)


def test_slices_are_in_the_order_of_numbers() -> None:
    answers = made_answers(300)
    names = [str(n % 12) for n in range(300)]
    parts = made_report(answers, slices={"writer": Slice.of(names)}).slices["writer"]
    assert [part.name for part in parts] == [str(n) for n in range(12)]
    assert sum(part.right for part in parts) == int(answers.is_right.sum())
    of_three = answers.is_right[np.array(names) == "3"]
    assert parts[3].accuracy == pytest.approx(of_three.mean())


def test_wrong_answers_keep_their_place_and_the_surest_come_first() -> None:
    answers = made_answers(200)
    indices = np.arange(200) * 3
    wrong = made_report(answers, indices=indices, doubted=frozenset({0})).wrong
    assert len(wrong) == int((~answers.is_right).sum())
    assert [row.confidence for row in wrong] == sorted(
        (row.confidence for row in wrong), reverse=True
    )
    for row in wrong:
        assert answers.labels[row.index // 3] == row.label
        assert answers.predicted[row.index // 3] == row.predicted
        assert row.doubted == (row.index == 0)


def test_no_image_of_a_known_class_is_a_sentence() -> None:
    with pytest.raises(DatasetError, match="holds no image"):
        made_report(made_answers(0))


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 40), st.integers(0, 100))
def test_a_matrix_counts_each_image_once(images: int, seed: int) -> None:
    answers = made_answers(images, seed, right=0.5)
    confusion = confusion_matrix(answers, 10)
    assert confusion.sum() == images
    assert confusion.trace() == answers.is_right.sum()
