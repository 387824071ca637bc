"""Recipes: how to train, as a value.

A recipe names a network and every setting of its training. Six recipes have the networks and
settings of five Keras tutorials on MNIST and Fashion-MNIST; their names say what the network is
made of.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from model.errors import RecipeError
from model.recipe_fields import recipe_fields

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
NETWORK_TITLES: dict[NetworkName, str] = {
    "digitpad": "Digitpad CNN, small and quick",
    "bundled": "Digitpad CNN, as it comes with the program",
    "conv32-dropout": "Small CNN with dropout (Keras)",
    "conv32-dense100": "CNN with a dense layer (Keras)",
    "conv64-dense128": "Two convolutions (Keras)",
    "dense128": "No convolution (Keras)",
    "conv5x5-dense1024": "Wide CNN (Keras)",
    "conv5x5": "Two 5×5 convolutions (Keras)",
}
"""What the window calls each network, and the recipe of its name."""

MEMBERS: dict[NetworkName, int] = {"bundled": 3}
"""How many members an ensemble has; the other networks are no ensembles."""

OptimizerName = Literal["adam", "adamw", "sgd"]
ScheduleName = Literal["constant", "one-cycle"]
AugmentationName = Literal["none", "affine", "affine-elastic"]


_Percent = {"kind": "percent"}


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """How to train a network, from data to last epoch.

    The annotations are the table of fields: `model.recipe_fields` reads label, tip, range and kind
    of widget from them, for the training form and the command line.

    Attributes:
        name: The recipe's name on the command line and in model files.
        title: Its name on the screen.
        summary: One line that says what the recipe shows.
        dataset: The name of a data set in `model.data.datasets`, or the path of the user's own.
    """

    name: str
    title: str = ""
    summary: str
    dataset: str = "mnist"
    network: Annotated[
        NetworkName,
        Meta(
            title="Network",
            description="Layers to train",
            extra={"is_wide": True, "titles": NETWORK_TITLES},
        ),
    ]
    epochs: Annotated[
        int,
        Meta(ge=1, le=1000, title="Epochs", description="How often every training image is shown"),
    ] = 5
    batch_size: Annotated[
        int, Meta(ge=1, le=8192, title="Batch size", description="Images in a training step")
    ] = 32
    validation_split: Annotated[
        float,
        Meta(
            ge=0,
            le=0.5,
            title="Validation split",
            description="Fraction of the training images that only choose the best epoch; where it"
            " is 0, one in fifty is held out all the same, to fit how sure the network may be",
            extra=_Percent,
        ),
    ] = 0.0
    optimizer: Annotated[
        OptimizerName, Meta(title="Optimizer", description="Keras's optimizer of that name")
    ] = "adam"
    learning_rate: Annotated[
        float,
        Meta(
            gt=0,
            le=10,
            title="Learning rate",
            description="Learning rate; the peak where the schedule is one-cycle",
        ),
    ] = 0.001
    schedule: Annotated[
        ScheduleName,
        Meta(title="Schedule", description="How the learning rate changes during the run"),
    ] = "constant"
    weight_decay: Annotated[
        float,
        Meta(ge=0, le=1, title="Weight decay", description="Weight decay, used by adamw"),
    ] = 0.0
    augmentation: Annotated[
        AugmentationName,
        Meta(
            title="Augmentation",
            description="Vary each image at random in each epoch, as other writers would",
        ),
    ] = "none"
    augmentation_off_fraction: Annotated[
        float,
        Meta(
            ge=0,
            le=0.5,
            title="Epochs without augmentation",
            description="Fraction of the epochs, the last ones, that show the images as they are",
            extra=_Percent,
        ),
    ] = 0.0
    label_smoothing: Annotated[
        float,
        Meta(
            ge=0,
            le=0.5,
            title="Label smoothing",
            description="How much of each label is spread over the other classes",
        ),
    ] = 0.0
    refusal: Annotated[
        bool,
        Meta(
            title="Teach it to refuse",
            description="Mix letters, scribbles and shapes among digits, so that it learns to say"
            " that it sees none; for data whose classes are the digits",
        ),
    ] = False
    seed: Annotated[
        int,
        Meta(
            ge=0,
            le=2**32 - 1,
            title="Seed",
            description="Seed of the first weights, the order of images and the augmentation",
        ),
    ] = 1
    use_ema: Annotated[
        bool,
        Meta(
            title="Average weights",
            description="Keep an exponential moving average of the weights, not the last ones",
        ),
    ] = False

    @property
    def augmented_epochs(self) -> int:
        """How many epochs, the first ones, use augmentation."""
        return self.epochs - round(self.augmentation_off_fraction * self.epochs)


RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="digitpad",
            title=NETWORK_TITLES["digitpad"],
            summary="Small, batch-normalised, augmented: good after one epoch",
            network="digitpad",
            optimizer="adamw",
            learning_rate=0.01,
            schedule="one-cycle",
            weight_decay=0.01,
            batch_size=64,
            epochs=8,
            augmentation="affine-elastic",
            validation_split=0.05,
            refusal=True,
        ),
        Recipe(
            name="bundled",
            title=NETWORK_TITLES["bundled"],
            summary="How the bundled network was made: more data, more bending, more patience",
            network="bundled",
            dataset="bundled-mix",
            optimizer="adamw",
            learning_rate=0.006,
            schedule="one-cycle",
            weight_decay=0.02,
            batch_size=128,
            epochs=36,
            augmentation="affine-elastic",
            augmentation_off_fraction=0.14,
            use_ema=True,
            validation_split=0.05,
            refusal=True,
        ),
        Recipe(
            name="my-hand",
            title="My hand: fine-tuning",
            summary="A few gentle epochs on more than 200 kept drawings, among others' digits",
            network="bundled",
            dataset="my-drawings-among-others",
            optimizer="adamw",
            learning_rate=0.0005,
            schedule="one-cycle",
            weight_decay=0.01,
            batch_size=64,
            epochs=3,
            augmentation="affine",
            augmentation_off_fraction=0.34,
            validation_split=0.05,
            refusal=True,
        ),
        # A tutorial's figure is its last epoch's, which varies from run to run. The average
        # over the last batches reduces that; the training is the tutorial's.
        Recipe(
            name="conv32-dropout",
            title=NETWORK_TITLES["conv32-dropout"],
            summary="One convolution and dropout: how little a convnet needs",
            network="conv32-dropout",
            epochs=10,
            use_ema=True,
        ),
        Recipe(
            name="conv32-dense100",
            title=NETWORK_TITLES["conv32-dense100"],
            summary="One convolution, one dense layer, plain gradient descent",
            network="conv32-dense100",
            optimizer="sgd",
            learning_rate=0.01,
            epochs=10,
        ),
        Recipe(
            name="conv64-dense128",
            title=NETWORK_TITLES["conv64-dense128"],
            summary="Two convolutions of 64 filters: tells shirts from coats, too",
            network="conv64-dense128",
            dataset="fashion-mnist",
            use_ema=True,
        ),
        Recipe(
            name="dense128",
            title=NETWORK_TITLES["dense128"],
            summary="No convolution at all: the baseline that convolution beats",
            network="dense128",
            dataset="fashion-mnist",
            use_ema=True,
        ),
        Recipe(
            name="conv5x5-dense1024",
            title=NETWORK_TITLES["conv5x5-dense1024"],
            summary="Wide 5x5 filters and a large dense layer, slowly and with dropout",
            network="conv5x5-dense1024",
            learning_rate=0.0001,
            batch_size=128,
        ),
        Recipe(
            name="conv5x5",
            title=NETWORK_TITLES["conv5x5"],
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

FINE_TUNING = "my-hand"
"""The recipe whose network has to be accepted before it may answer."""


OLD_FIELD_NAMES = {
    "unaugmented_share": "augmentation_off_fraction",
    "averages_weights": "use_ema",
    "validation_share": "validation_split",
}
"""Names of recipe fields in the records of older model files, and the present names."""


def recipe_named(name: str, recipes: Mapping[str, Recipe] = RECIPES) -> Recipe:
    """Return the recipe of that name.

    Raises:
        RecipeError: If there is none.
    """
    try:
        return recipes[name]
    except KeyError:
        raise RecipeError(
            f"There is no recipe {name!r}; choose one of {', '.join(recipes)}."
        ) from None


def changed_recipe(recipe: Recipe, **changes: object) -> Recipe:
    """Return the recipe with some fields changed, checked for types and ranges.

    Raises:
        RecipeError: If a field is unknown, of a wrong type or out of range.
    """
    values = msgspec.to_builtins(recipe) | changes
    unknown = values.keys() - set(recipe.__struct_fields__)
    if unknown:
        raise RecipeError(f"A recipe has no {', '.join(sorted(unknown))}.")
    try:
        return msgspec.convert(values, type(recipe))
    except msgspec.ValidationError as error:
        for field in recipe_fields(type(recipe)):
            field.check_range(values[field.name])
        raise RecipeError(f"The recipe is not valid: {error}.") from error


def with_current_names(record: Mapping[str, object]) -> dict[str, object]:
    """Return the recipe of a model file's record under the present field names."""
    return {OLD_FIELD_NAMES.get(name, name): value for name, value in record.items()}
