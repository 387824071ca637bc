"""How long an epoch takes on this computer, from the runs that it has done. No Qt."""

from collections.abc import Sequence
from statistics import median

from model.data.refusal_data import drawings_of_each_kind
from model.database.runs import Run
from model.metadata import DIGIT_NAMES
from model.recipes import Recipe
from model.task_events import DataChecked

WHAT_TAKES_TIME = ("network", "batch_size", "augmentation", "optimizer", "use_ema")
"""Fields of a recipe that decide how long an image takes."""

MOST_TIMES_LARGER = 10
"""A run says nothing about an epoch this many times as large: its time went into beginning."""


def images_an_epoch(recipe: Recipe, data: DataChecked | None) -> int:
    """Estimate the images in an epoch; 0 if the data are not known."""
    if data is None:
        return 0
    images = data.training_images - round(recipe.validation_split * data.training_images)
    if recipe.refusal and data.class_names == DIGIT_NAMES:
        images += 2 * drawings_of_each_kind(images)
    return images


def seconds_an_epoch(recipe: Recipe, images: int, runs: Sequence[Run]) -> float | None:
    """Estimate the seconds of an epoch; None if no run was similar.

    Args:
        recipe: The settings.
        images: Images in an epoch; 0 if that is not known.
        runs: What this computer has done, the newest first.
    """
    wanted = {name: getattr(recipe, name) for name in WHAT_TAKES_TIME}
    for run in runs:
        is_alike = all(run.settings.get(name) == value for name, value in wanted.items())
        is_large_enough = run.training_images * MOST_TIMES_LARGER >= images
        if is_alike and is_large_enough and run.epochs and run.training_images:
            # The first epoch took longer, as it includes compiling.
            seconds = median(row.seconds for row in run.epochs[1:] or run.epochs)
            return seconds * images / run.training_images if images else None
    return None
