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


def images_an_epoch(recipe: Recipe, data: DataChecked | None) -> int:
    """Return about how many images an epoch shows; 0 where the data are not known."""
    if data is None:
        return 0
    images = data.training_images - round(recipe.validation_split * data.training_images)
    if recipe.refusal and data.class_names == DIGIT_NAMES:
        images += 2 * drawings_of_each_kind(images)
    return images


def seconds_an_epoch(recipe: Recipe, images: int, runs: Sequence[Run]) -> float | None:
    """Return about how long an epoch takes; None where no run was like it.

    Args:
        recipe: The settings.
        images: Images an epoch; 0 where they are not known.
        runs: What this computer has done, the newest first.
    """
    wanted = {name: getattr(recipe, name) for name in WHAT_TAKES_TIME}
    for run in runs:
        is_alike = all(run.settings.get(name) == value for name, value in wanted.items())
        if is_alike and run.epochs and run.training_images:
            # An epoch that was begun by compiling took longer than those to come.
            seconds = median(row.seconds for row in run.epochs[1:] or run.epochs)
            return seconds * images / run.training_images if images else None
    return None
