"""The new model and the one before it on the same images: which is better, and in words. No Qt."""

from enum import Enum

from app.training.outcome import few_images, images_measured, percent_right
from model.metrics import wilson_interval
from model.run_events import Finished


class Better(Enum):
    """Which of both models is better, as far as the images can tell; the value says it."""

    NEW = "The new one is better: their 95 % intervals do not overlap."
    OLD = "The old one is better: their 95 % intervals do not overlap."
    UNCLEAR = "Neither is clearly better: their 95 % intervals overlap."
    UNKNOWN = ""


def better_of(finished: Finished) -> Better:
    """Return which model is better; unclear where the 95 % intervals overlap.

    A fine-tuned network that was accepted is the better one: it was measured more closely.
    """
    if finished.acceptance is not None:
        return Better.NEW if finished.acceptance.is_accepted else Better.OLD
    new, old = finished.accuracy, finished.previous_accuracy
    images = images_measured(finished)
    if new is None or old is None or not images:
        return Better.UNKNOWN
    new_low, new_high = wilson_interval(round(new * images), images)
    old_low, old_high = wilson_interval(round(old * images), images)
    if new_low > old_high:
        return Better.NEW
    return Better.OLD if old_low > new_high else Better.UNCLEAR


def compared_in_words(finished: Finished, old_name: str) -> str:
    """Return the accuracies of the new and the old model on the same images; empty for none.

    Such as "Test accuracy of the new model: 97.75 %, of “Digitpad network”: 99.67 % (MNIST, 10,000
    images). The old one is better: their 95 % intervals do not overlap.". Names can end in numbers.
    """
    if finished.accuracy is None or finished.previous_accuracy is None or not old_name:
        return ""
    split = "Validation" if finished.test_accuracy is None else "Test"
    new, old = percent_right(finished.accuracy), percent_right(finished.previous_accuracy)
    on = f" ({finished.measured_on})" if finished.measured_on else ""
    figures = f"{split} accuracy of the new model: {new}, of “{old_name}”: {old}{on}."
    return " ".join(filter(None, (figures, better_of(finished).value, few_images(finished))))
