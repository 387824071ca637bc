"""The events of processes with other tasks than training: the results."""

from typing import Annotated

import msgspec
from msgspec import Meta

from model.ink import INK_SIZE
from model.metadata import InputFormat
from model.run_events import Event


class Imported(Event, tag="imported", frozen=True, kw_only=True):
    """A model file's network is converted, verified and kept in the cache.

    Attributes:
        litert_file: The converted model.
        sha256: Hash of the model file that was opened.
        input_format: What the network takes as input.
        largest_difference: Between a probability by Keras and the same one by LiteRT.
        digits_right: Fraction of built-in digits it recognises, in [0, 1]; None if its classes
            are not the ten digits.
        milliseconds: For one answer.
    """

    litert_file: str
    sha256: str
    input_format: InputFormat
    largest_difference: float
    digits_right: float | None
    milliseconds: float


class InputChoice(msgspec.Struct, frozen=True, kw_only=True):
    """One pixel range, and the network's accuracy with it.

    Attributes:
        input_format: Shape, scale and polarity.
        digits_right: Fraction of built-in digits recognised, in [0, 1]; None if the classes are
            not the ten digits.
        confidence: Mean probability of the right digit, or of the most probable class.
    """

    input_format: InputFormat
    digits_right: float | None
    confidence: float


class Asked(Event, tag="asked", frozen=True, kw_only=True):
    """The network's pixel range is not known: ask, and start again with the answer.

    Attributes:
        sentence: The question.
        choices: All there are, the likeliest first.
    """

    sentence: str
    choices: tuple[InputChoice, ...]


class Exported(Event, tag="exported", frozen=True, kw_only=True):
    """A network is written in another format, loaded again by that format's runtime and compared.

    Attributes:
        file: What was written: a file, or a folder for a SavedModel.
        readme: How to feed it.
        target: litert, onnx or savedmodel.
        quantization: `none` or `int8`.
        size_bytes: Of all that was written, without the README.
        digits: On how many digits it was compared.
        digits_from: Where these digits come from.
        largest_difference: Between a probability by Keras and the same one by the export.
        accuracy: Accuracy by Keras, in [0, 1]; None if the digits are none of its classes.
        exported_accuracy: The same by the export.
    """

    file: str
    readme: str
    target: str
    quantization: str
    size_bytes: int
    digits: int
    digits_from: str
    largest_difference: float
    accuracy: float | None
    exported_accuracy: float | None


class Measured(Event, tag="measured", frozen=True, kw_only=True):
    """A model is measured on a data set.

    Attributes:
        file: The evaluation, as `model.evaluation.kept` reads it.
        is_kept: Whether it was measured earlier.
    """

    file: str
    is_kept: bool


class DataSample(msgspec.Struct, frozen=True, kw_only=True):
    """One image of a data set.

    Attributes:
        label: Name of its class.
        pixels: 784 bytes, row by row; 255 is ink.
    """

    label: str
    pixels: Annotated[bytes, Meta(min_length=INK_SIZE**2, max_length=INK_SIZE**2)]


class DataChecked(Event, tag="data", frozen=True, kw_only=True):
    """A data set can be trained with.

    Attributes:
        title: Its name for people.
        training_images: How many there are; 0 if that is not known before a run.
        test_images: The same of the test split; 0 without one.
        class_names: What the labels mean, in order.
        class_counts: Training images of each class; empty if they are not known.
        samples: One image of each class in turn, up to ten; empty without images on this machine.
        note: What a run does before it can begin, such as to download it; may be empty.
    """

    title: str
    training_images: int
    test_images: int
    class_names: tuple[str, ...]
    class_counts: tuple[int, ...]
    samples: tuple[DataSample, ...]
    note: str = ""


class SpeedMeasured(Event, tag="speed", frozen=True, kw_only=True):
    """How fast this computer trains by a recipe, tried for a moment.

    Attributes:
        images_per_second: Training images.
    """

    images_per_second: Annotated[float, Meta(gt=0)]
