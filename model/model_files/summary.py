"""The summary of a model file for people: layers, classes, input, and warnings."""

import hashlib
from dataclasses import dataclass
from typing import Literal

import msgspec

from model.errors import ModelFileError
from model.metadata import DIGIT_NAMES, InputFormat, ModelMetadata, printable
from model.model_files.network_plan import NetworkPlan
from model.model_files.pixel_range import Output, input_format, output_kind, side
from model.model_files.stored_weights import LayerWeights
from model.run_events import LayerRow

MIN_SIDE, MAX_SIDE = 8, 512
CLASS_LIMITS = (2, 62)

_LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_USUAL_NAMES = {
    10: DIGIT_NAMES,
    26: _LETTERS,
    36: DIGIT_NAMES + _LETTERS,
    62: DIGIT_NAMES + _LETTERS + tuple("abcdefghijklmnopqrstuvwxyz"),
}

FileFormat = Literal["keras", "hdf5"]


class ModelSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What a model file holds, found without running any of it.

    Attributes:
        file_name: The file's name, without its folder.
        file_format: `keras` for an archive, `hdf5` for the older format.
        size_bytes: Of the whole file.
        sha256: Of the whole file, 64 hexadecimal digits.
        network_name: The model's own name; may be empty.
        layers: One row per layer, in the file's order.
        parameters: Number of weights.
        multiply_adds: Multiplications of one answer.
        input_shape: Shape of the network's input, without the batch axis.
        classes: Number of outputs.
        metadata: The file's own record; if it has none, what the layers show, and defaults.
        has_metadata: Whether the file brings a record of its own.
        input_format: The pixels of the network's input; None if the file does not say.
        created: When it was saved, as the file says it; may be empty.
        keras_version: Of the Keras that wrote it; may be empty.
        warnings: Sentences about oddities that don't prevent its use.
        questions: Sentences that must be answered before the network can be used.
        obstacles: Sentences that say why it can't be used for ink images at all.
    """

    file_name: str
    file_format: FileFormat
    size_bytes: int
    sha256: str
    network_name: str
    layers: tuple[LayerRow, ...]
    parameters: int
    multiply_adds: int
    input_shape: tuple[int, ...]
    classes: int
    metadata: ModelMetadata
    has_metadata: bool
    input_format: InputFormat | None
    created: str
    keras_version: str
    warnings: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class FileContents:
    """What both formats have."""

    file_format: FileFormat
    plan: NetworkPlan
    weights: tuple[LayerWeights, ...]
    metadata: ModelMetadata | None
    created: str
    keras_version: str


def summarize(contents: FileContents, data: bytes, file_name: str) -> ModelSummary:
    """Say what a file holds.

    Args:
        contents: What was read from it.
        data: The whole file.
        file_name: Its name, without its folder.

    Raises:
        ModelFileError: If its own record contradicts its network.
    """
    plan = contents.plan
    classes = plan.output_shape[-1] if len(plan.output_shape) == 1 else 0
    metadata, warnings = _reconciled(contents, classes)
    wanted = contents.metadata.input_format if contents.metadata else input_format(plan)
    return ModelSummary(
        file_name=printable(file_name, 255),
        file_format=contents.file_format,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        network_name=plan.name,
        layers=_rows(plan),
        parameters=plan.parameters,
        multiply_adds=plan.multiply_adds,
        input_shape=plan.input_shape,
        classes=classes,
        metadata=metadata,
        has_metadata=contents.metadata is not None,
        input_format=msgspec.structs.replace(wanted, shape=plan.input_shape) if wanted else None,
        created=metadata.created or contents.created,
        keras_version=metadata.versions.get("keras", "") or contents.keras_version,
        warnings=warnings,
        questions=() if wanted else (PIXEL_QUESTION,),
        obstacles=_obstacles(plan, classes),
    )


PIXEL_QUESTION = (
    "The file does not say which pixels its network wants: 0 to 1 or 0 to 255, and whether ink"
    " is bright or dark."
)


def _reconciled(contents: FileContents, classes: int) -> tuple[ModelMetadata, tuple[str, ...]]:
    """Return the file's record, corrected by what its layers show, and warnings about it."""
    plan, given = contents.plan, contents.metadata
    output: Output = output_kind(plan) or "probabilities"
    warnings = []
    if given is None:
        names = _USUAL_NAMES.get(classes) or tuple(f"class {n}" for n in range(classes))
        if classes != len(DIGIT_NAMES):
            warnings.append("The file does not name its classes; the names are a guess.")
        given = ModelMetadata(class_names=names, output=output)
    elif len(given.class_names) != classes:
        raise ModelFileError(
            f"The file is refused: it names {len(given.class_names)} classes, but its network has"
            f" {classes} outputs."
        )
    elif given.output != output:
        warnings.append(f"The file says that it gives {given.output}, but it gives {output}.")
    reconciled = msgspec.structs.replace(
        given,
        output=output,
        parameters=plan.parameters,
        network_map=None,  # it is about another conversion
        input_format=msgspec.structs.replace(given.input_format, shape=plan.input_shape),
    )
    return reconciled, tuple(warnings)


def _obstacles(plan: NetworkPlan, classes: int) -> tuple[str, ...]:
    """Say why a network can't be used for ink images; nothing if it can."""
    found = []
    edge = side(plan.input_shape)
    if edge is None:
        found.append(
            f"Its network's input is data of shape {plan.input_shape}, not a square grey picture."
        )
    elif not MIN_SIDE <= edge <= MAX_SIDE:
        found.append(
            f"Its network's input is pictures of {edge} by {edge} pixels, not of {MIN_SIDE} to"
            f" {MAX_SIDE}."
        )
    lowest, highest = CLASS_LIMITS
    if not lowest <= classes <= highest:
        found.append(
            f"Its network gives out data of shape {plan.output_shape}, not {lowest} to {highest}"
            " classes."
        )
    if output_kind(plan) is None:
        found.append("Its network puts out neither probabilities (softmax) nor logits.")
    return tuple(found)


def _rows(plan: NetworkPlan) -> tuple[LayerRow, ...]:
    outputs = {call.layer: call.output_shape for call in plan.calls}
    return tuple(
        LayerRow(
            name=printable(layer.name, 100),
            kind=layer.kind,
            output_shape=(None, *outputs[number]),
            parameters=layer.parameters,
        )
        for number, layer in enumerate(plan.layers)
    )
