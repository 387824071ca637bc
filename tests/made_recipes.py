"""A recipe with a field more than those of the program."""

from typing import Annotated

from msgspec import Meta

from model.recipes import Recipe


class RecipeWithMomentum(Recipe, frozen=True, kw_only=True):
    momentum: Annotated[
        float, Meta(ge=0, le=0.99, title="Momentum", description="Momentum of sgd")
    ] = 0.5


def recipe_with_momentum(momentum: float = 0.5) -> Recipe:
    return RecipeWithMomentum(name="test", summary="", network="dense128", momentum=momentum)
