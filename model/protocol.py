"""The messages between the window and a worker: one JSON object a line.

A worker writes events to standard output and reads requests from standard input. It ends with
exactly one terminal event. The end of standard input means that the window is gone.
"""

import json
from collections.abc import Callable
from math import prod
from typing import Annotated, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from model.ink import INK_SIZE
from model.metadata import EpochFigures, InputFormat

_Message = TypeVar("_Message")

MAX_LINE_BYTES = 1 << 20
"""A longer line is no message: something else writes on the pipe."""

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
        fraction: The part that is done, in [0, 1]; None where that is unknown.
    """

    activity: str
    fraction: float | None = None


class Started(Event, tag="started", frozen=True, kw_only=True):
    """The first batch follows.

    Attributes:
        device: Name of the device for people, such as "CPU (2 cores)".
        device_note: Why no GPU is used; empty where one is.
        layers: The network's summary.
        parameters: Number of weights.
        training_images: Images in an epoch.
        validation_images: Images of the validation split; may be 0.
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
    """The run rests after a batch until a request to go on, or to stop; sent again as a heartbeat.

    Attributes:
        epoch: Counted from 1.
        batch: Batches done in this epoch.
    """

    epoch: int
    batch: int


class StoppedAt(msgspec.Struct, frozen=True, kw_only=True):
    """Where a run was stopped amidst an epoch.

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
    """What one layer of a network in training puts out for an ink image.

    Attributes:
        kinds: Keras's class names of the layer and of those that only finish it, such as
            Conv2D, BatchNormalization, ReLU.
        full_shape: Of all that it puts out, without the batch axis.
        shape: Of what is sent: fewer units and smaller maps, if there are many or large ones.
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
        layers: What its layers put out, if that was asked; those near the input where they are too
            many for a line.
    """

    number: int
    probabilities: tuple[float, ...]
    layers: tuple[LayerMaps, ...] = ()


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a fine-tuned network may take the place of the one before.

    Attributes:
        is_accepted: Whether it may.
        sentence: Says so, with the figures.
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
        test_accuracy: Accuracy on the test split, in [0, 1]; None where there is none.
        validation_accuracy: Accuracy on the validation split, in [0, 1]; None where there is none.
        epochs: Epochs that were finished.
        was_stopped: Whether it ended early, because it was asked to.
        seconds: Length of the run.
        stopped_at: Where it was stopped; None where that was not amidst an epoch.
        measured_on: The images of the accuracy that counts, such as "MNIST, 10,000 images": those
            of the test split, or of the validation split where there is no other.
        previous_accuracy: That of the model to compare with on the same images, in [0, 1]; None
            where there is none, or where it knows other classes.
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
        """The accuracy that counts, in [0, 1]; None where there were no images to measure it on."""
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


class Imported(Event, tag="imported", frozen=True, kw_only=True):
    """A model file's network is converted, verified and kept in the cache.

    Attributes:
        litert_file: The converted model.
        sha256: Hash of the model file that was opened.
        input_format: What the network takes as input.
        largest_difference: Between a probability by Keras and the same one by LiteRT.
        digits_right: Fraction of built-in digits it recognises, in [0, 1]; None where its classes
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
    """One way to feed a network, and how well it does with it.

    Attributes:
        input_format: Shape, scale and polarity.
        digits_right: Fraction of built-in digits recognised, in [0, 1]; None where the classes are
            not the ten digits.
        confidence: Mean probability of the right digit, or of the most probable class.
    """

    input_format: InputFormat
    digits_right: float | None
    confidence: float


class Asked(Event, tag="asked", frozen=True, kw_only=True):
    """Nobody knows how the network wants its ink: ask, and start again with the answer.

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
        training_images: How many there are; 0 where that is not known before a run.
        test_images: The same of the test split; 0 without one.
        class_names: What the labels mean, in order.
        class_counts: Training images of each class; empty where they are not known.
        samples: One image of each class in turn, up to ten; empty where none is at hand.
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


AnyEvent = Preparing | Started | Progress | Paused | EpochFinished | Probed | Finished | Failed
AnyTaskEvent = (
    Preparing | Imported | Asked | Exported | Measured | DataChecked | SpeedMeasured | Failed
)
"""What a process says that does something else than training."""

TerminalEvent: TypeAlias = (
    Finished | Failed | Imported | Asked | Exported | Measured | DataChecked | SpeedMeasured
)
TERMINAL_EVENTS = (
    Finished,
    Failed,
    Imported,
    Asked,
    Exported,
    Measured,
    DataChecked,
    SpeedMeasured,
)

Listener: TypeAlias = Callable[[Event], None]
"""Is called with each event of a run."""

_GreyLevel = Annotated[int, Meta(ge=0, le=255)]
_Ink = Annotated[tuple[_GreyLevel, ...], Meta(min_length=INK_SIZE**2, max_length=INK_SIZE**2)]


class Request(msgspec.Struct, frozen=True, kw_only=True, tag_field="request"):
    """Base of all requests."""


class Stop(Request, tag="stop", frozen=True, kw_only=True):
    """End the task soon; a run keeps its weights of the moment, or of an epoch that was better."""


class Pause(Request, tag="pause", frozen=True, kw_only=True):
    """Rest after the current batch."""


class GoOn(Request, tag="go on", frozen=True, kw_only=True):
    """End a pause."""


class Probe(Request, tag="probe", frozen=True, kw_only=True):
    """Ask what the network in training predicts for an ink image.

    Attributes:
        number: Chosen by the asker, repeated in the answer.
        ink: 784 grey levels in [0, 255], row by row; 255 is ink.
        with_layers: Whether to say what its layers put out, too.
    """

    number: int
    ink: _Ink
    with_layers: bool = False


AnyRequest = Stop | Pause | GoOn | Probe


def encode_line(message: Event | Request) -> bytes:
    """Return one message as a line of UTF-8 JSON with its newline.

    A path may hold bytes that are no text: they become question marks.
    """
    try:
        line = msgspec.json.encode(message)
    except UnicodeEncodeError:
        text = json.dumps(msgspec.to_builtins(message), ensure_ascii=False)
        line = text.encode("utf-8", "replace")
    return line + b"\n"


_event_decoder = msgspec.json.Decoder(AnyEvent)
_task_event_decoder = msgspec.json.Decoder(AnyTaskEvent)
_request_decoder = msgspec.json.Decoder(AnyRequest)


def decode_event(line: bytes) -> AnyEvent | None:
    """Read one event; None where the line is not one (a library's print, rubbish)."""
    return _decoded(line, _event_decoder)


def decode_task_event(line: bytes) -> AnyTaskEvent | None:
    """Read one event of a process that opens or exports a file; None where the line is not one."""
    return _decoded(line, _task_event_decoder)


def decode_request(line: bytes) -> AnyRequest | None:
    """Read one request; None where the line is not one."""
    return _decoded(line, _request_decoder)


def _decoded(line: bytes, decoder: msgspec.json.Decoder[_Message]) -> _Message | None:
    if len(line) > MAX_LINE_BYTES:
        return None
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
