"""Augmentation: Keras layers that change each training image at random in each epoch.

The layers are before the network only during training; the saved model does not hold them.
"""

import math

import keras
import numpy as np
import numpy.typing as npt
from keras import layers, ops
from typing_extensions import override

from model.recipes import AugmentationName

ROTATION_TURNS = 10 / 360
ZOOM_FRACTION = 0.12
SHIFT_FRACTION = 0.07
SHEAR_FRACTION = 0.12
THICKNESS_FRACTION = 0.4


def augmentation_layers(name: AugmentationName, seed: int) -> list[keras.Layer]:
    """Return the layers that augment ink images float32 (batch, height, width, 1) in [0, 1].

    Called without `training=True`, they change nothing.

    Args:
        name: Which way of augmentation; `none` gives no layers.
        seed: Of their random numbers.
    """
    if name == "none":
        return []
    if name == "affine":
        # The outside of an image is paper, 0, even if ink touches its edge.
        paper = {"fill_mode": "constant", "fill_value": 0.0}
        return [
            layers.RandomRotation(ROTATION_TURNS, seed=seed, **paper),
            layers.RandomZoom(ZOOM_FRACTION, seed=seed + 1, **paper),
            layers.RandomTranslation(SHIFT_FRACTION, SHIFT_FRACTION, seed=seed + 2, **paper),
        ]
    return [RandomWarp(seed=seed)]


@keras.saving.register_keras_serializable("digitpad")
class AugmentationSwitch(layers.Layer):
    """Passes augmented images on, or, when it is off, the plain ones.

    Attributes:
        is_on: A variable, float32 scalar: 1 or 0.
    """

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.is_on = self.add_weight(shape=(), initializer="ones", trainable=False, name="is_on")

    def call(self, images: tuple[keras.KerasTensor, keras.KerasTensor]) -> keras.KerasTensor:
        """Take augmented and plain images, both (batch, ...), and return either."""
        augmented, plain = images
        return ops.where(self.is_on > 0, augmented, plain)


@keras.saving.register_keras_serializable("digitpad")
class RandomWarp(layers.Layer):
    """Rotates, scales, shears, shifts and bends ink, and makes it thicker or thinner, in one pass.

    The displacement of each pixel is an affine map plus a smooth random field, as in P. Simard,
    D. Steinkraus, J. Platt, "Best practices for convolutional neural networks applied to visual
    document analysis", ICDAR 2003. The image is sampled, and so blurred, only
    once. Keras's own `RandomElasticTransform` fails in Keras 3.15, and a chain of its layers
    resamples at each step.

    Attributes:
        bend_px: Standard deviation of the smooth displacement, in pixels.
    """

    def __init__(self, bend_px: float = 0.7, seed: int | None = None, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.bend_px = bend_px
        self.seed = seed
        self.random = keras.random.SeedGenerator(seed)

    def call(self, images: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Augment float32 (batch, height, width, 1) in [0, 1]; unchanged unless training."""
        if not training:
            return images
        return self._thickened(_sampled(images, *self._sources(images)))

    @override
    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    @override
    def get_config(self) -> dict[str, object]:
        return {**super().get_config(), "bend_px": self.bend_px, "seed": self.seed}

    def _sources(self, images: keras.KerasTensor) -> tuple[keras.KerasTensor, keras.KerasTensor]:
        """Return row and column (batch, height, width) each output pixel is taken from."""
        batch, height, width = ops.shape(images)[0], images.shape[1], images.shape[2]
        middle_y, middle_x = (height - 1) / 2, (width - 1) / 2
        y = ops.reshape(ops.arange(height, dtype="float32") - middle_y, (1, height, 1))
        x = ops.reshape(ops.arange(width, dtype="float32") - middle_x, (1, 1, width))
        angle = self._uniform(batch, ROTATION_TURNS * 2 * math.pi)
        scale_y = 1 + self._uniform(batch, ZOOM_FRACTION)
        scale_x = 1 + self._uniform(batch, ZOOM_FRACTION)
        shear = self._uniform(batch, SHEAR_FRACTION)
        cosine, sine = ops.cos(angle), ops.sin(angle)
        bends = self._bends(batch, height, width)  # (batch, height, width, 2)
        sheared_x = x + shear * y
        rows = scale_y * (cosine * y + sine * sheared_x)
        columns = scale_x * (cosine * sheared_x - sine * y)
        rows += middle_y + self._uniform(batch, SHIFT_FRACTION * height) + bends[..., 0]
        columns += middle_x + self._uniform(batch, SHIFT_FRACTION * width) + bends[..., 1]
        return rows, columns

    def _uniform(self, batch: object, limit: float) -> keras.KerasTensor:
        """Return (batch, 1, 1) drawn evenly from [-limit, limit]."""
        return keras.random.uniform((batch, 1, 1), -limit, limit, seed=self.random)

    def _bends(self, batch: object, height: int, width: int) -> keras.KerasTensor:
        """Return a smooth displacement in pixels (batch, height, width, 2).

        Random vectors on a coarse grid, a knot every seven pixels, interpolated by cubics: two
        small matrix products instead of a wide blur of a fine field.
        """
        knots_y, knots_x = height // 7, width // 7
        knots = keras.random.normal((batch, 2, knots_y, knots_x), 0, self.bend_px, seed=self.random)
        field = ops.matmul(ops.matmul(_spline(height, knots_y), knots), _spline(width, knots_x).T)
        return ops.transpose(field, (0, 2, 3, 1))

    def _thickened(self, images: keras.KerasTensor) -> keras.KerasTensor:
        """Move each image a random part of the way to its dilation or to its erosion."""
        amount = self._uniform(ops.shape(images)[0], THICKNESS_FRACTION)[..., None]
        # Erosion is the dilation of the negative, so one pooling does for both.
        sign = ops.where(amount > 0, 1.0, -1.0)
        goal = sign * ops.max_pool(sign * images, 3, strides=1, padding="same")
        return images + ops.abs(amount) * (goal - images)


def _sampled(
    images: keras.KerasTensor, rows: keras.KerasTensor, columns: keras.KerasTensor
) -> keras.KerasTensor:
    """Take each pixel bilinearly from elsewhere; outside there is paper.

    Args:
        images: (batch, height, width, 1).
        rows: (batch, height, width), where each output pixel comes from, in pixels.
        columns: Likewise.

    Returns:
        (batch, height, width, 1).
    """
    height, width = images.shape[1] + 2, images.shape[2] + 2
    # A border of paper, so that samples beyond the image need no case of their own.
    pixels = ops.reshape(ops.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0))), (-1,))
    rows = ops.clip(rows + 1, 0, height - 1.001)
    columns = ops.clip(columns + 1, 0, width - 1.001)
    top, left = ops.floor(rows), ops.floor(columns)
    down, right = rows - top, columns - left
    firsts = ops.reshape(ops.arange(ops.shape(images)[0]) * (height * width), (-1, 1, 1))
    corner = firsts + ops.cast(top, "int32") * width + ops.cast(left, "int32")
    upper = ops.take(pixels, corner) * (1 - right) + ops.take(pixels, corner + 1) * right
    corner += width
    lower = ops.take(pixels, corner) * (1 - right) + ops.take(pixels, corner + 1) * right
    return ops.expand_dims(upper * (1 - down) + lower * down, -1)


def _spline(samples: int, knots: int) -> npt.NDArray[np.float32]:
    """Return the weights (samples, knots) of a uniform cubic B-spline, scaled to unit variance."""
    at = (np.arange(samples) + 0.5) * knots / samples - 0.5
    distance = np.abs(at[:, np.newaxis] - np.arange(knots))
    near = 2 / 3 - distance**2 + distance**3 / 2
    far = np.clip(2 - distance, 0, None) ** 3 / 6
    weights = np.where(distance < 1, near, far)
    scaled: npt.NDArray[np.float32] = (
        weights / np.sqrt((weights**2).sum(axis=1, keepdims=True))
    ).astype(np.float32)
    return scaled
