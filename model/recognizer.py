"""Recognition: ink image in, probabilities and a verdict out, by LiteRT.

LiteRT is TensorFlow's runtime for devices. It loads in 0.2 s and answers in 0.25 ms, so the window
recognises at each move of the pointer without TensorFlow.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from math import isqrt, prod
from pathlib import Path

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter
from PIL import Image
from typing_extensions import Self

import assets
from model.calibration import class_scores
from model.converted_model import ConvertedModel, check_converted_model, read_converted_model
from model.errors import ModelFileError
from model.ink import INK_SIZE, InkImage
from model.metadata import ModelMetadata, VerdictThresholds
from model.quiet_libraries import quiet_libraries
from model.verdicts import Verdict

BUNDLED_MODEL = assets.FOLDER / "digits.keras"
"""The network that comes with the program; its converted model lies beside it."""

OTHERS_REJECTED_BELOW = 0.85
"""Score below which the bundled network refuses for another one (`model.calibration.class_scores`).

It is higher than its own threshold: another network may be sure where this one is unsure. Of
scans and built-in strokes that no network was trained on, 0.3 % score less."""


@dataclass(frozen=True, eq=False)
class Recognition:
    """The answer to one ink image.

    Attributes:
        probabilities: float32 (classes,) in [0, 1], their sum 1; uniform if there is no ink.
        class_names: What each of them means.
        verdict: How sure the answer is.
        is_refused_by_other: Whether the second opinion refused it.
        second_probabilities: Those of the second opinion that refused it, float32 (10,) in [0, 1];
            None if none did.
    """

    probabilities: npt.NDArray[np.float32]
    class_names: tuple[str, ...]
    verdict: Verdict
    is_refused_by_other: bool = False
    second_probabilities: npt.NDArray[np.float32] | None = None

    @classmethod
    def judged(
        cls,
        probabilities: npt.NDArray[np.float32],
        class_names: tuple[str, ...],
        thresholds: VerdictThresholds,
        *,
        has_ink: bool,
    ) -> "Recognition":
        """Return an answer with its verdict.

        Args:
            probabilities: float32 (classes,), calibrated; they count only where there is ink and
                they are finite.
            class_names: What each of them means.
            thresholds: The network's own.
            has_ink: Whether anything is drawn.
        """
        verdict = Verdict.of(probabilities, thresholds, has_ink=has_ink)
        if not has_ink or not np.isfinite(probabilities).all():
            probabilities = np.full(len(class_names), 1 / len(class_names), np.float32)
        return cls(probabilities, class_names, verdict)

    @cached_property
    def digit(self) -> int:
        """Index of the most probable class."""
        return int(self.probabilities.argmax())

    @cached_property
    def label(self) -> str:
        """Name of the most probable class."""
        return self.class_names[self.digit]

    @cached_property
    def confidence(self) -> float:
        """Probability of the most probable class, in [0, 1]."""
        return float(self.probabilities.max())

    @cached_property
    def runner_up(self) -> int:
        """Index of the second most probable class."""
        # A stable sort: of equal probabilities the first is the most probable, as for `digit`.
        return int(np.argsort(-self.probabilities, kind="stable")[1])


class LitertNetwork:
    """A converted network in the runtime.

    Attributes:
        metadata: The model's own record.
        source_sha256: Hash of the model file that the network was converted from.
        litert: The LiteRT file's bytes, which the runtime holds anyway.
        record: The record beside them.
    """

    def __init__(
        self,
        litert: bytes,
        record: ConvertedModel,
        *,
        threads: int = 1,
        keeps_tensors: bool = False,
    ) -> None:
        """Start the runtime on a converted network.

        Args:
            litert: The LiteRT file's bytes; their hash must be the one in `record`.
            record: The record beside it.
            threads: How many processors answer; the answers are the same.
            keeps_tensors: Whether every tensor can be read after an answer.

        Raises:
            ModelFileError: If the bytes do not have the hash in the record, are no network, or
                do not fit it.
        """
        check_converted_model(litert, record)
        self.metadata = record.metadata
        self.source_sha256 = record.source_sha256
        self.litert = litert
        self.record = record
        with quiet_libraries():
            try:
                self._interpreter = Interpreter(
                    model_content=litert,
                    num_threads=threads,
                    experimental_preserve_all_tensors=keeps_tensors,
                )
                self._input: int = self._interpreter.get_input_details()[0]["index"]
                self._output: int = self._interpreter.get_output_details()[0]["index"]
            except (RuntimeError, ValueError, IndexError) as error:
                raise ModelFileError(
                    "The converted network is not one that LiteRT can read; open the model file"
                    " again.",
                    detail=str(error),
                ) from error
            self._batch: int | None = None
            self._resize(1)

    @classmethod
    def from_files(cls, litert_file: Path, *, threads: int = 1) -> Self:
        """Load a LiteRT file and the record `NAME.json` beside it, from any source.

        Args:
            litert_file: The LiteRT file.
            threads: How many processors answer.

        Raises:
            ModelFileError: If either is missing or damaged, or the record's values are impossible.
        """
        return cls(*read_converted_model(litert_file), threads=threads)

    @classmethod
    def bundled(cls) -> Self:
        """Load the network that comes with the program.

        Raises:
            ModelFileError: If it is missing or damaged.
        """
        return cls.from_files(BUNDLED_MODEL.with_suffix(".tflite"))

    def _resize(self, batch: int) -> None:
        if batch == self._batch:
            return
        shape = [batch, *self.metadata.input_format.shape]
        try:
            self._interpreter.resize_tensor_input(self._input, shape)
            self._interpreter.allocate_tensors()
        except (RuntimeError, ValueError) as error:
            raise ModelFileError(
                "The converted network does not fit its description; open the model file again.",
                detail=str(error),
            ) from error
        self._batch = batch


class Recognizer(LitertNetwork):
    """A converted network, ready to answer.

    Attributes:
        second_opinion: A network that refuses non-digits if this one cannot; None without one.
        is_bundled: Whether it is the network that comes with the program.
    """

    is_bundled = False

    def __init__(self, litert: bytes, record: ConvertedModel, *, threads: int = 1) -> None:
        """Start the runtime; arguments and errors are those of `LitertNetwork`."""
        super().__init__(litert, record, threads=threads)
        self.second_opinion: Recognizer | None = None
        classes = int(self._interpreter.get_output_details()[0]["shape"][-1])
        if classes != len(self.metadata.class_names):
            raise ModelFileError(
                f"The network has {classes} outputs but {len(self.metadata.class_names)} class"
                " names; open the model file again."
            )

    @classmethod
    def bundled(cls) -> Self:
        """Load the bundled network, marked as such.

        Raises:
            ModelFileError: If it is missing or damaged.
        """
        recognizer = super().bundled()
        recognizer.is_bundled = True
        return recognizer

    def twin(self) -> "Recognizer":
        """Return another that answers the same, for another thread."""
        other = Recognizer(self.litert, self.record)
        if self.second_opinion is not None:
            other.second_opinion = self.second_opinion.twin()
        return other

    def recognize(self, ink: InkImage) -> Recognition:
        """Recognise one ink image, float32 (28, 28) in [0, 1]."""
        [answer] = self.recognize_batch(ink[np.newaxis])
        return answer

    def recognize_batch(self, inks: npt.NDArray[np.float32]) -> list[Recognition]:
        """Recognise ink images, float32 (batch, 28, 28) in [0, 1]; one answer each."""
        if inks.shape[1:] != (INK_SIZE, INK_SIZE):
            raise ValueError(f"inks: expected (batch, 28, 28), got {inks.shape}")
        if not len(inks):
            return []
        return self.answers_of(self._outputs(inks), inks)

    def answers_of(
        self, outputs: npt.NDArray[np.float32], inks: npt.NDArray[np.float32]
    ) -> list[Recognition]:
        """Turn the network's outputs into answers.

        Args:
            outputs: float32 (batch, classes), the network's for the ink images.
            inks: float32 (batch, 28, 28) in [0, 1].
        """
        metadata = self.metadata
        probabilities = calibrated(outputs, metadata)  # (batch, classes)
        answers = [
            Recognition.judged(
                row, metadata.class_names, metadata.verdicts, has_ink=bool(ink.any())
            )
            for row, ink in zip(probabilities, inks, strict=True)
        ]
        if self.second_opinion is None:
            return answers
        others = self.second_opinion.recognize_batch(inks)
        return [refused(*pair) for pair in zip(answers, others, strict=True)]

    def probabilities_of(self, inks: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Run the network alone on ink images, which need not have any ink.

        Args:
            inks: float32 (batch, 28, 28) in [0, 1].

        Returns:
            float32 (batch, classes), calibrated; of the networks that overflow not all are finite.
        """
        return calibrated(self._outputs(inks), self.metadata)

    def _outputs(self, inks: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Run the network; return float32 (batch, classes)."""
        self._resize(len(inks))
        self._interpreter.set_tensor(self._input, model_input(inks, self.metadata))
        self._interpreter.invoke()
        outputs: npt.NDArray[np.float32] = self._interpreter.get_tensor(self._output)
        return outputs


def refused(answer: Recognition, other: Recognition) -> Recognition:
    """Return an answer, refused if this network accepts it and the second opinion refuses it."""
    if answer.verdict not in (Verdict.DIGIT, Verdict.UNSURE):
        return answer
    score = class_scores(other.probabilities[np.newaxis]).item()
    if other.verdict is not Verdict.NOT_A_DIGIT and score >= OTHERS_REJECTED_BELOW:
        return answer
    return replace(
        answer,
        verdict=Verdict.NOT_A_DIGIT,
        is_refused_by_other=True,
        second_probabilities=other.probabilities,
    )


def model_input(inks: npt.NDArray[np.float32], metadata: ModelMetadata) -> npt.NDArray[np.float32]:
    """Turn ink images into a network's input; for other sizes they are resized with anti-aliasing.

    Args:
        inks: float32 (batch, 28, 28) in [0, 1], 1 is ink.
        metadata: Holds the shape, scale and polarity of the input.

    Returns:
        float32 (batch, *shape).
    """
    wanted = metadata.input_format
    side = isqrt(prod(wanted.shape))
    if side != INK_SIZE:
        inks = np.array(
            [Image.fromarray(ink).resize((side, side), Image.Resampling.BILINEAR) for ink in inks]
        ).reshape(len(inks), side, side)
    scaled = (1 - inks if wanted.is_inverted else inks) * np.float32(wanted.scale)
    if wanted.offset:
        scaled = scaled + np.float32(wanted.offset)
    return np.ascontiguousarray(scaled.reshape(len(inks), *wanted.shape), np.float32)


def calibrated(
    outputs: npt.NDArray[np.float32], metadata: ModelMetadata
) -> npt.NDArray[np.float32]:
    """Turn a network's outputs into probabilities with its temperature applied.

    Args:
        outputs: float32 (batch, classes): logits, or probabilities.
        metadata: Says whether these are logits, and holds the temperature.

    Returns:
        float32 (batch, classes) in [0, 1], each row's sum 1.
    """
    if metadata.output == "probabilities":
        if metadata.temperature == 1.0:
            return outputs
        # The logarithm of a softmax is the logits less a constant, which softmax ignores.
        logits = np.log(np.maximum(outputs, np.finfo(np.float32).tiny))
    else:
        logits = outputs
    logits = logits / np.float32(metadata.temperature)
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: npt.NDArray[np.float32] = exponentials / exponentials.sum(axis=1, keepdims=True)
    return probabilities
