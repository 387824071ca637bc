"""The events of a training run, from its preparation to its end."""

from collections.abc import Callable
from math import prod
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from model.metadata import EpochFigures

MOST_LAYER_BYTES = 448 << 10
"""All layers of one answer to a probe together; as text they are a third longer."""

STARTING = "Preparing TensorFlow"
"""The activity of a worker that loads Keras, which takes long from a cold disk."""


class LayerRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a network's summary, as Keras prints it."""

    name: str
    kind: str
    output_shape: tuple[int | None, ...]
    parameters: int


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event"):
    """Base of all events."""


class Preparing(Event, tag="preparing", frozen=True, kw_only=True):
    """Work before the first batch or after the last.

    Attributes:
        activity: Names the work for the user, such as "Downloading MNIST".
        fraction: The part that is done, in [0, 1]; None if that is unknown.
        can_skip: Whether a request to skip leaves it out.
    """

    activity: str
    fraction: float | None = None
    can_skip: bool = False


class Started(Event, tag="started", frozen=True, kw_only=True):
    """The first batch follows.

    Attributes:
        device: Name of the device for people, such as "CPU (2 cores)".
        device_note: Why no GPU is used; empty if one is.
        layers: The network's summary.
        parameters: Number of weights.
        training_images: Images in an epoch.
        validation_images: Images of the validation split; may be 0.
        calibration_images: Images that are held out to calibrate by, where none validate.
        batches: Batches in an epoch.
        epochs: Epochs to run.
        class_names: What the outputs mean, in order.
    """

    device: str
    device_note: str
    layers: tuple[LayerRow, ...]
    parameters: int
    training_images: int
    validation_images: int
    batches: int
    epochs: int
    class_names: tuple[str, ...]
    calibration_images: int = 0


class Progress(Event, tag="progress", frozen=True, kw_only=True):
    """How far the run is; sent at most five times a second.

    Attributes:
        epoch: Counted from 1.
        batch: Batches done in this epoch.
        loss: Mean cross-entropy of this epoch so far.
        accuracy: Accuracy of this epoch so far, in [0, 1].
        images_per_second: Over the last seconds.
        seconds_left: Until the last epoch ends, an estimate.
    """

    epoch: int
    batch: int
    loss: float
    accuracy: float
    images_per_second: float
    seconds_left: float


class EpochFinished(Event, tag="epoch", frozen=True, kw_only=True):
    """An epoch has ended; `is_best` where it is the best so far."""

    figures: EpochFigures
    is_best: bool


class Paused(Event, tag="paused", frozen=True, kw_only=True):
    """The run is paused after a batch until a request to go on or stop; sent again as a heartbeat.

    Attributes:
        epoch: Counted from 1.
        batch: Batches done in this epoch.
    """

    epoch: int
    batch: int


class StoppedAt(msgspec.Struct, frozen=True, kw_only=True):
    """The moment in an epoch at which a run was stopped.

    Attributes:
        epoch: Counted from 1.
        batch: Batches done in this epoch.
        batches: Batches in an epoch.
        is_kept: Whether the weights of that moment are kept; else an earlier epoch was better.
    """

    epoch: int
    batch: int
    batches: int
    is_kept: bool


class LayerMaps(msgspec.Struct, frozen=True, kw_only=True):
    """The output of one layer of a network in training for an ink image.

    Attributes:
        kinds: Keras's class names of the layer and of those that only finish it, such as
            Conv2D, BatchNormalization, ReLU.
        full_shape: Of its whole output, without the batch axis.
        shape: Of the part that is sent: fewer units and smaller maps if there are many.
        largest: What the largest level, 127, stands for.
        values: int8, in the order of `shape`.
        parameters: Number of weights.
    """

    kinds: Annotated[tuple[str, ...], Meta(min_length=1, max_length=16)]
    full_shape: Annotated[tuple[int, ...], Meta(max_length=8)]
    shape: Annotated[tuple[Annotated[int, Meta(ge=0, le=4096)], ...], Meta(max_length=8)]
    largest: Annotated[float, Meta(gt=0)]
    values: Annotated[bytes, Meta(max_length=MOST_LAYER_BYTES)]
    parameters: Annotated[int, Meta(ge=0)] = 0

    def __post_init__(self) -> None:
        if len(self.values) != prod(self.shape):
            raise ValueError(f"expected {prod(self.shape)} bytes, got {len(self.values)}")


class Probed(Event, tag="probe", frozen=True, kw_only=True):
    """The answer to a `Probe`: what the network in training predicts.

    Attributes:
        number: That of the request.
        probabilities: One per class, in [0, 1], their sum 1.
        layers: The outputs of its layers, if asked for; those near the input if they are too
            many for a line.
    """

    number: int
    probabilities: tuple[float, ...]
    layers: tuple[LayerMaps, ...] = ()


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a fine-tuned network may take the place of the one before.

    Attributes:
        is_accepted: Whether it may.
        sentence: The decision with its figures, for the user.
        figures: What was measured, for the history of the hand.
    """

    is_accepted: bool
    sentence: str
    figures: dict[str, float]


class Finished(Event, tag="finished", frozen=True, kw_only=True):
    """The run has ended and its file is whole.

    Attributes:
        file: The `.keras` file.
        litert_file: Its converted model.
        test_accuracy: Accuracy on the test split, in [0, 1]; None if there is none.
        validation_accuracy: Accuracy on the validation split, in [0, 1]; None if there is none.
        epochs: Epochs that were finished.
        was_stopped: Whether it ended early, because it was asked to.
        seconds: Length of the training, without the preparations and the measurements after it.
        stopped_at: Where it was stopped; None if it was not during an epoch.
        measured_on: The images of the accuracy that counts, such as "MNIST, 10,000 images": those
            of the test split, or of the validation split where there is no other.
        previous_accuracy: That of the model to compare with on the same images, in [0, 1]; None
            if there is none, or where it knows other classes.
        acceptance: Whether a fine-tuned network may take the place of the one before; None for
            other runs.
    """

    file: str
    litert_file: str
    test_accuracy: float | None
    validation_accuracy: float | None
    epochs: int
    was_stopped: bool
    seconds: float
    stopped_at: StoppedAt | None = None
    measured_on: str = ""
    previous_accuracy: float | None = None
    acceptance: "Acceptance | None" = None

    @property
    def accuracy(self) -> float | None:
        """The accuracy that counts, in [0, 1]; None if there were no images to measure it on."""
        return self.validation_accuracy if self.test_accuracy is None else self.test_accuracy


class Failed(Event, tag="failed", frozen=True, kw_only=True):
    """The task has failed; no file was overwritten.

    Attributes:
        kind: Name of the error class; "bug" for an unknown error.
        sentence: What is wrong and what to do.
        detail: For the log.
    """

    kind: str
    sentence: str
    detail: str = ""


Listener: TypeAlias = Callable[[Event], None]
"""Is called with each event of a run."""
