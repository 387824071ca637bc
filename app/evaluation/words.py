"""The result of a measurement in words. No Qt."""

from typing import TYPE_CHECKING

from model.metadata import printable, shown_name
from model.metrics import percent

if TYPE_CHECKING:
    from model.evaluation.disturbances import Disturbance
    from model.evaluation.kept import AnyEvaluation, Evaluation, NumbersEvaluation
    from model.evaluation.numbers_report import WrongNumber
    from model.evaluation.report import WrongAnswer
    from model.evaluation.robustness import AnswerChange

LONGEST_NAME = 30
LONGEST_MODEL = 36
"""The names of runs end in the time that tells two apart, so a longer one loses its middle."""

SHORT_NAME = 26


def subject_words(evaluation: "AnyEvaluation") -> str:
    """Return which model was measured on which data."""
    model = shown_name(evaluation.report.model, LONGEST_MODEL)
    return f"{model} on {printable(evaluation.title, LONGEST_NAME)}"


def stale_words(evaluation: "AnyEvaluation") -> str:
    """Say of what the figures are, where something else is chosen or could not be measured."""
    return f"The pale figures below are those of {subject_words(evaluation)}, measured before."


def headline(evaluation: "AnyEvaluation") -> str:
    """Return the accuracy with the model and the data it was measured on."""
    from model.evaluation.kept import NumbersEvaluation

    if isinstance(evaluation, NumbersEvaluation):
        return (
            f"{shown_name(evaluation.report.model, LONGEST_MODEL)}:"
            f" numbers read right {percent(evaluation.report.accuracy)}"
            f" ({printable(evaluation.title, 60)}, {evaluation.report.numbers:,} numbers)"
        )
    report = evaluation.report
    split = "test" if evaluation.is_test else "training"
    model = shown_name(report.model, LONGEST_MODEL)
    images = "image" if report.images == 1 else "images"
    return (
        f"{model}: {split} accuracy {percent(report.accuracy)}"
        f" ({printable(evaluation.title, 60)}, {report.images:,} {images})"
    )


def second_headline(evaluation: "AnyEvaluation") -> str:
    """Return the second model's accuracy on the same images; empty where there is none."""
    from model.evaluation.kept import NumbersEvaluation

    if isinstance(evaluation, NumbersEvaluation) or evaluation.comparison is None:
        return ""
    comparison, name = evaluation.comparison, shown_name(evaluation.compared_with, LONGEST_MODEL)
    low, high = comparison.second_interval
    return (
        f"{name}: {percent(comparison.second_accuracy)} of the same images"
        f" (95 % interval {percent(low)} to {percent(high)})"
    )


def details(evaluation: "Evaluation") -> str:
    """Return the interval, the calibration and what was left out, in sentences."""
    report = evaluation.report
    low, high = report.interval
    of = f" of {shown_name(report.model, LONGEST_MODEL)}" if evaluation.comparison else ""
    sentences = [
        f"95 % interval{of} {percent(low)} to {percent(high)}.",
        f"{report.images - report.right:,} wrong, {report.calibration.wrong_and_sure:,} of them"
        " more than 90 % sure.",
        f"Calibration error {percent(report.calibration.error)}.",
    ]
    if not evaluation.is_test:
        sentences.append("The data has no test split: a model that was trained with it knows it.")
    if report.left_out:
        sentences.append(f"{report.left_out:,} images of other classes are left out.")
    doubted = sum(row.doubted for row in report.wrong)
    if doubted:
        sentences.append(f"{doubted} of the wrong ones have labels that people doubt.")
    return " ".join(sentences)


def number_details(evaluation: "NumbersEvaluation") -> str:
    """Return the interval, and how many digits were found, in sentences."""
    report = evaluation.report
    low, high = report.interval
    sentences = [
        f"95 % interval {percent(low)} to {percent(high)}.",
        f"{report.numbers - report.right:,} wrong: one wrong digit makes the whole number wrong.",
    ]
    if report.group_accuracy is not None:
        sentences.append(
            f"The strokes of {percent(report.group_accuracy)} of the digits were found."
        )
    return " ".join(sentences)


def wrong_number_words(row: "WrongNumber") -> str:
    """Return what a number is and what was read."""
    return f"The number is {printable(row.text, LONGEST_NAME)}, read as {row.answer or 'nothing'}"


def comparison_sentence(evaluation: "Evaluation") -> str:
    """Return which of two models is better; empty if one was measured."""
    if evaluation.comparison is None:
        return ""
    second = shown_name(evaluation.compared_with, LONGEST_MODEL)
    first = shown_name(evaluation.report.model, LONGEST_MODEL)
    return f"{first} (first) and {second} (second): {evaluation.comparison.sentence}"


def cell_words(names: tuple[str, ...], label: int, predicted: int, count: int) -> str:
    """Return which wrong pictures are listed."""
    true = printable(names[label], LONGEST_NAME)
    pictures = "picture" if count == 1 else "pictures"
    if label == predicted:
        return f"True label {true}: {count:,} wrong {pictures}, the surest first"
    answer = printable(names[predicted], LONGEST_NAME)
    return f"True label {true}, predicted {answer}: {count:,} {pictures}, the surest first"


def caption_words(row: "WrongAnswer", class_names: tuple[str, ...], model: str) -> str:
    """Return what a picture is and which model takes it for what, short enough for the pad."""
    true = printable(class_names[row.label], LONGEST_NAME)
    answer = printable(class_names[row.predicted], LONGEST_NAME)
    sure = f"{percent(row.confidence, 1)} sure (image {row.index + 1:,})"
    return f"True label {true}; {shown_name(model, SHORT_NAME)}: {answer}, {sure}"


def wrong_words(row: "WrongAnswer", class_names: tuple[str, ...], model: str = "") -> str:
    """Return what a picture is and what it was taken for, perhaps with who took it for that."""
    true = printable(class_names[row.label], LONGEST_NAME)
    answer = printable(class_names[row.predicted], LONGEST_NAME)
    doubt = "; people doubt the label" if row.doubted else ""
    by = f" by {shown_name(model, LONGEST_MODEL)}" if model else ""
    return f"True label {true}, predicted {answer}{by}, {percent(row.confidence, 1)} sure{doubt}"


def change_words(
    change: "AnswerChange", disturbance: "Disturbance", class_names: tuple[str, ...]
) -> str:
    """Return where the answer to the drawing on the pad changes."""
    if change.amount is None or change.digit is None:
        return f"{disturbance.title}: yours stays what it is over the whole range."
    other = printable(class_names[change.digit], LONGEST_NAME)
    if other.isdigit():
        other = f"an {other}" if other.startswith("8") else f"a {other}"
    return f"{disturbance.title}: yours becomes {other} at {disturbance.label(change.amount)}."


def short_change_words(
    change: "AnswerChange", disturbance: "Disturbance", class_names: tuple[str, ...]
) -> str:
    """Return the same in short, for a small plot."""
    if change.amount is None or change.digit is None:
        return "stays"
    other = printable(class_names[change.digit], 4)
    return f"{other} at {disturbance.label(change.amount).partition(' of ')[0]}"
