"""The record of a model: the member `digitpad.json` of its `.keras` archive.

Keras ignores the member, so the file stays an ordinary `.keras` archive. The same record lies
beside each converted LiteRT copy, so that the window can read it without opening the archive.
"""

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

import msgspec

from model.errors import ModelFileError
from model.network_map import NetworkMap

MEMBER_NAME = "digitpad.json"
FORMAT_VERSION = 1

DIGIT_NAMES = tuple("0123456789")

MAX_CLASSES = 62
MAX_EPOCHS = 100_000
MAX_PARAMETERS = 10**12
MAX_PIXEL = 65_535.0
MAX_SIDE = 10_000
MAX_SHOWN_NAME = 60
"""Longest name that is shown whole; of a longer one the middle is left out."""


class EpochFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a run's history; losses are cross-entropies, accuracies are in [0, 1]."""

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    seconds: float = 0.0


class InputFormat(msgspec.Struct, frozen=True, kw_only=True):
    """Shape and pixel values of a network's input.

    Attributes:
        shape: Input shape without the batch axis: (28, 28, 1), (28, 28), (784,) or another square.
        scale: From the darkest pixel to the brightest: 1.0 for pixels in [0, 1], 255.0 for pixels
            in [0, 255].
        is_inverted: Whether paper is bright and ink dark.
        offset: The darkest pixel: -1.0 where pixels lie in [-1, 1].
    """

    shape: tuple[int, ...] = (28, 28, 1)
    scale: float = 1.0
    is_inverted: bool = False
    offset: float = 0.0

    @property
    def paper(self) -> float:
        """The value of a pixel without ink."""
        return self.offset + (self.scale if self.is_inverted else 0.0)

    @property
    def ink(self) -> float:
        """The value of a pixel of full ink."""
        return self.offset + (0.0 if self.is_inverted else self.scale)

    def has_same_pixels(self, other: "InputFormat") -> bool:
        """Whether two formats agree in everything but the shape."""
        pixels = (self.scale, self.is_inverted, self.offset)
        return pixels == (other.scale, other.is_inverted, other.offset)


class VerdictThresholds(msgspec.Struct, frozen=True, kw_only=True):
    """Thresholds, chosen on validation data, that turn probabilities into a verdict.

    Attributes:
        unsure_below: Confidence under which the verdict is `unsure`.
        reject_below: Sum of the two largest probabilities under which the verdict is
            `not_a_digit`; 0 if there were no validation images to choose it by.
    """

    unsure_below: float = 0.6
    reject_below: float = 0.0


class ModelMetadata(msgspec.Struct, frozen=True, kw_only=True):
    """What `digitpad.json` holds; every field has a default, for files of other programs.

    Attributes:
        format_version: Version of this record.
        class_names: What the outputs mean, in order.
        output: Whether the network ends in probabilities or in logits.
        input_format: Shape and pixel values of its input.
        temperature: Divides the logits before softmax, so that confidence is calibrated.
        verdicts: Thresholds for `unsure` and `not_a_digit`.
        recipe: The training recipe as JSON-ready values, empty if unknown.
        dataset: Name of the data set.
        dataset_sha256: Hash over the data the run read.
        began_with: SHA-256 of the model file that the run started from; empty for fresh weights.
        began_with_name: What that file was called then, without its suffix.
        history: One row per epoch.
        validation_accuracy: On the validation split, in [0, 1].
        test_accuracy: On the test split, measured once, in [0, 1].
        refusal_rate: Fraction of the calibration split's non-digits that it refuses, in [0, 1];
            None if it was not trained to refuse.
        parameters: Number of weights.
        created: UTC time, ISO 8601.
        device: Where it was trained.
        versions: Package name to version.
        network_map: The layers' tensors in the converted model; None if it was converted
            before there were maps, or is not made yet.
    """

    format_version: int = FORMAT_VERSION
    class_names: tuple[str, ...] = DIGIT_NAMES
    output: Literal["probabilities", "logits"] = "probabilities"
    input_format: InputFormat = InputFormat()
    temperature: float = 1.0
    verdicts: VerdictThresholds = VerdictThresholds()
    recipe: dict[str, object] = {}
    dataset: str = ""
    dataset_sha256: str = ""
    began_with: str = ""
    began_with_name: str = ""
    history: tuple[EpochFigures, ...] = ()
    validation_accuracy: float | None = None
    test_accuracy: float | None = None
    refusal_rate: float | None = None
    parameters: int = 0
    created: str = ""
    device: str = ""
    versions: dict[str, str] = {}
    network_map: NetworkMap | None = None


def encode_metadata(metadata: ModelMetadata) -> bytes:
    """Return the record as indented UTF-8 JSON."""
    return msgspec.json.format(msgspec.json.encode(metadata), indent=1)


def decode_metadata(data: bytes) -> ModelMetadata:
    """Read the record; unknown fields are ignored.

    Raises:
        ModelFileError: If it is not JSON, or a field has a wrong type or an impossible value.
    """
    try:
        metadata = msgspec.json.decode(data, type=ModelMetadata)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelFileError(
            f"The file's own description ({MEMBER_NAME}) is damaged; the model can't be trusted.",
            detail=str(error),
        ) from error
    check_metadata(metadata)
    return metadata


def check_metadata(metadata: ModelMetadata) -> None:
    """Check that a record's values are possible.

    Raises:
        ModelFileError: If one is not.
    """
    wrong = [what for what, is_possible in _checks(metadata) if not is_possible]
    if wrong:
        raise ModelFileError(
            f"The file's own description holds values that make no sense: {', '.join(wrong)}."
        )


def _checks(metadata: ModelMetadata) -> Iterator[tuple[str, bool]]:
    """Yield each checked value's name and whether it is possible; NaN is not."""
    verdicts, wanted = metadata.verdicts, metadata.input_format
    names = {name.strip() for name in metadata.class_names}
    yield "class names", 2 <= len(names) == len(metadata.class_names) <= MAX_CLASSES
    yield "temperature", 0.01 <= metadata.temperature <= 100
    yield "thresholds", 0 <= verdicts.unsure_below <= 1 and 0 <= verdicts.reject_below <= 1
    yield "pixels", 0 < wanted.scale <= MAX_PIXEL and abs(wanted.offset) <= MAX_PIXEL
    yield "input shape", all(0 < length <= MAX_SIDE**2 for length in wanted.shape)
    yield (
        "accuracies",
        all(map(_is_fraction, (metadata.validation_accuracy, metadata.test_accuracy))),
    )
    yield "parameters", 0 <= metadata.parameters <= MAX_PARAMETERS
    yield "history", len(metadata.history) <= MAX_EPOCHS and all(map(_is_epoch, metadata.history))
    yield "creation date", not metadata.created or _is_date(metadata.created)


def _is_fraction(value: float | None) -> bool:
    return value is None or 0 <= value <= 1


def _is_epoch(row: EpochFigures) -> bool:
    losses = [loss for loss in (row.loss, row.validation_loss) if loss is not None]
    return (
        1 <= row.epoch <= MAX_EPOCHS
        and all(map(_is_fraction, (row.accuracy, row.validation_accuracy)))
        and all(map(math.isfinite, losses))
        and 0 <= row.seconds < math.inf
    )


def _is_date(text: str) -> bool:
    try:
        # Python 3.10 does not know the Z that stands for UTC.
        datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        return False
    return True


def printable_metadata(metadata: ModelMetadata) -> ModelMetadata:
    """Return a record with texts that can be shown anywhere."""
    return msgspec.structs.replace(
        metadata,
        class_names=tuple(printable(name, 40) or "?" for name in metadata.class_names),
        dataset=printable(metadata.dataset, 80),
        began_with=printable(metadata.began_with, 64),
        began_with_name=printable(metadata.began_with_name, 80),
        created=printable(metadata.created, 40),
        device=printable(metadata.device, 80),
        versions={printable(k, 40): printable(v, 40) for k, v in metadata.versions.items()},
        network_map=_printable_map(metadata.network_map),
    )


def _printable_map(network_map: NetworkMap | None) -> NetworkMap | None:
    if network_map is None:
        return None
    layers = tuple(
        msgspec.structs.replace(
            layer,
            name=printable(layer.name, 100),
            kind=printable(layer.kind, 40),
            folded=tuple(printable(name, 100) for name in layer.folded),
        )
        for layer in network_map.layers
    )
    return msgspec.structs.replace(network_map, layers=layers)


def printable(text: object, longest: int) -> str:
    """Return a text without control characters, cut to `longest` characters; empty for no text."""
    if not isinstance(text, str):
        return ""
    kept = "".join(letter for letter in text[: 4 * longest] if letter.isprintable())
    return kept.encode("utf-8", "replace").decode()[:longest]


def printable_lines(text: str) -> str:
    """Return a text without control and bidirectional characters; line ends stay."""
    if text.isprintable():
        return text
    return "\n".join(printable(line, max(len(line), 1)) for line in text.splitlines())


def shown_name(name: str, longest: int = MAX_SHOWN_NAME) -> str:
    """Return a name that can be shown anywhere: printable, and without its middle if it is long."""
    whole = printable(name, max(len(name), 1)) or "?"
    if len(whole) <= longest:
        return whole
    end = longest // 3
    return f"{whole[: longest - end - 1]}…{whole[-end:]}"
