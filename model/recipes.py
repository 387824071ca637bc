"""Recipes: how to train, as a value.

A recipe names a network and everything that decides how it is trained. Five Keras tutorials on
MNIST and Fashion-MNIST stand behind this program; each one's network and settings is a recipe
here under a name that says what the network is made of.
"""

from typing import Literal

import msgspec

from model.errors import RecipeError

NetworkName = Literal[
    "digitpad",
    "bundled",
    "conv32-dropout",
    "conv32-dense100",
    "conv64-dense128",
    "dense128",
    "conv5x5-dense1024",
    "conv5x5",
]
MEMBERS: dict[NetworkName, int] = {"bundled": 3}
"""Of networks that are several in one, how many; they answer together."""

OptimizerName = Literal["adam", "adamw", "sgd"]
ScheduleName = Literal["constant", "one-cycle"]
AugmentationName = Literal["none", "affine", "affine-elastic"]

MAX_EPOCHS = 1000
MAX_BATCH_SIZE = 8192


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """How to train a network, from data to last epoch.

    Attributes:
        name: Under which it is listed.
        summary: One line that says what it shows.
        network: Which of `model.training.networks`.
        dataset: Which of `model.data.datasets`.
        optimizer: Keras's optimizer of that name.
        learning_rate: In (0, 10]; the peak where the schedule is one-cycle.
        schedule: How the learning rate moves over the run.
        weight_decay: Used by adamw, in [0, 1].
        batch_size: Images a step, from 1 to 8192.
        epochs: From 1 to 1000.
        augmentation: How each training image is varied each time it is shown.
        unaugmented_share: Share of the epochs, the last ones, in which images are shown as they
            are, in [0, 0.5].
        label_smoothing: In [0, 0.5].
        averages_weights: Whether an exponential moving average of the weights is what is kept.
        validation_share: Share of the training data held out to choose the best epoch, in [0, 0.5].
        seed: Of everything that is random.
    """

    name: str
    summary: str
    network: NetworkName
    dataset: str = "mnist"
    optimizer: OptimizerName = "adam"
    learning_rate: float = 0.001
    schedule: ScheduleName = "constant"
    weight_decay: float = 0.0
    batch_size: int = 32
    epochs: int = 5
    augmentation: AugmentationName = "none"
    unaugmented_share: float = 0.0
    label_smoothing: float = 0.0
    averages_weights: bool = False
    validation_share: float = 0.0
    seed: int = 1

    @property
    def augmented_epochs(self) -> int:
        """How many epochs show images varied, before the last ones show them as they are."""
        return self.epochs - round(self.unaugmented_share * self.epochs)


RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="digitpad",
            summary="Small, batch-normalised, augmented: good after one epoch",
            network="digitpad",
            optimizer="adamw",
            learning_rate=0.01,
            schedule="one-cycle",
            weight_decay=0.01,
            batch_size=64,
            epochs=8,
            augmentation="affine-elastic",
            validation_share=0.05,
        ),
        Recipe(
            name="bundled",
            summary="How the bundled network was made: more data, more bending, more patience",
            network="bundled",
            dataset="bundled-mix",
            optimizer="adamw",
            learning_rate=0.006,
            schedule="one-cycle",
            weight_decay=0.02,
            batch_size=128,
            epochs=20,
            augmentation="affine-elastic",
            unaugmented_share=0.2,
            averages_weights=True,
            validation_share=0.05,
        ),
        # A tutorial's figure is its last epoch's, which chance moves from run to run. The average
        # over the last batches takes that out; the training is the tutorial's.
        Recipe(
            name="conv32-dropout",
            summary="One convolution and dropout: how little a convnet needs",
            network="conv32-dropout",
            epochs=10,
            averages_weights=True,
        ),
        Recipe(
            name="conv32-dense100",
            summary="One convolution, one dense layer, plain gradient descent",
            network="conv32-dense100",
            optimizer="sgd",
            learning_rate=0.01,
            epochs=10,
        ),
        Recipe(
            name="conv64-dense128",
            summary="Two convolutions of 64 filters: tells shirts from coats, too",
            network="conv64-dense128",
            dataset="fashion-mnist",
            averages_weights=True,
        ),
        Recipe(
            name="dense128",
            summary="No convolution at all: the baseline that convolution beats",
            network="dense128",
            dataset="fashion-mnist",
            averages_weights=True,
        ),
        Recipe(
            name="conv5x5-dense1024",
            summary="Wide 5x5 filters and a large dense layer, slowly and with dropout",
            network="conv5x5-dense1024",
            learning_rate=0.0001,
            batch_size=128,
        ),
        Recipe(
            name="conv5x5",
            summary="Two 5x5 convolutions and nothing else, plain gradient descent",
            network="conv5x5",
            optimizer="sgd",
            learning_rate=0.01,
            batch_size=100,
        ),
    )
}
"""The recipes by name, in the order in which they are listed; the first is the default."""

DEFAULT_RECIPE = next(iter(RECIPES))


def recipe_named(name: str) -> Recipe:
    """Return the recipe of that name.

    Raises:
        RecipeError: If there is none.
    """
    try:
        return RECIPES[name]
    except KeyError:
        raise RecipeError(
            f"There is no recipe {name!r}; choose one of {', '.join(RECIPES)}."
        ) from None


def checked_recipe(recipe: Recipe) -> Recipe:
    """Return the recipe when every value is one a run can start with.

    Raises:
        RecipeError: With the first value that is not, and the range it must lie in.
    """
    limits: tuple[tuple[str, float, bool, str], ...] = (
        ("epochs", recipe.epochs, 1 <= recipe.epochs <= MAX_EPOCHS, f"from 1 to {MAX_EPOCHS}"),
        (
            "batch size",
            recipe.batch_size,
            1 <= recipe.batch_size <= MAX_BATCH_SIZE,
            f"from 1 to {MAX_BATCH_SIZE}",
        ),
        # Written so that NaN, which compares as false, is refused.
        ("learning rate", recipe.learning_rate, 0 < recipe.learning_rate <= 10, "in (0, 10]"),
        ("weight decay", recipe.weight_decay, 0 <= recipe.weight_decay <= 1, "in [0, 1]"),
        (
            "unaugmented share",
            recipe.unaugmented_share,
            0 <= recipe.unaugmented_share <= 0.5,
            "in [0, 0.5]",
        ),
        (
            "label smoothing",
            recipe.label_smoothing,
            0 <= recipe.label_smoothing <= 0.5,
            "in [0, 0.5]",
        ),
        (
            "validation share",
            recipe.validation_share,
            0 <= recipe.validation_share <= 0.5,
            "in [0, 0.5]",
        ),
        ("seed", recipe.seed, 0 <= recipe.seed < 2**32, "from 0 to 4294967295"),
    )
    for what, value, is_valid, allowed in limits:
        if not is_valid:
            raise RecipeError(f"The {what} must be {allowed}, not {value}.")
    return recipe


def changed_recipe(recipe: Recipe, **changes: object) -> Recipe:
    """Return the recipe with some fields changed, checked for types and ranges.

    Raises:
        RecipeError: If a field is unknown, of a wrong type or out of range.
    """
    values = msgspec.to_builtins(recipe) | changes
    unknown = values.keys() - set(Recipe.__struct_fields__)
    if unknown:
        raise RecipeError(f"A recipe has no {', '.join(sorted(unknown))}.")
    try:
        return checked_recipe(msgspec.convert(values, Recipe))
    except msgspec.ValidationError as error:
        raise RecipeError(f"The recipe is not valid: {error}.") from error
