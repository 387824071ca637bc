"""A network taught by a hand, which answers like any other."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from model.hand.feature_space import Array
from model.hand.head import Head
from model.hand.judging import taught_answers
from model.hand.looks import looks_of
from model.hand.prototypes import PrototypeMaker, Prototypes
from model.hand.teachable_network import Seen, TeachableNetwork, log_of
from model.ink import InkImage
from model.recognizer import Recognition
from model.verdicts import Verdict

LIKE = 0.75
"""Cosine to an own example of a class from which an unsure answer can become certain."""

VERY_LIKE = 0.9
"""Cosine to an own example from which a refused drawing is unsure instead."""


class TaughtRecognizer:
    """Answers with prototypes and, where one was learnt, a head.

    A hand changes which digit is answered, not whether there is one: a drawing that the network
    refuses never becomes certain, and it is changed by examples that look like it alone.

    Attributes:
        network: Answers without the hand.
        metadata: The model's own record.
        source_sha256: Hash of the model file.
        prototypes: Own examples so far.
        head: The learnt change of the last layer; None for none.
    """

    def __init__(self, network: TeachableNetwork) -> None:
        self.network = network
        self.metadata = network.recognizer.metadata
        self.source_sha256 = network.sha256
        self.maker = PrototypeMaker(network.reference, self.metadata.verdicts)
        self.prototypes: Prototypes = self.maker.empty
        self.head: Head | None = None

    @property
    def is_taught(self) -> bool:
        """Whether its answers may differ from the network's."""
        return bool(len(self.prototypes) or self.head)

    def teach(
        self,
        seen: Seen,
        looks: Array,
        classes: npt.NDArray[np.int64],
        ids: npt.NDArray[np.int64],
    ) -> None:
        """Add own examples; the next answer knows them.

        Args:
            seen: The network's features and answers for them.
            looks: float32 (examples, 196), of `model.hand.looks`.
            classes: int64 (examples,), their classes.
            ids: int64 (examples,), under which they can be forgotten.
        """
        self.prototypes = self.maker.added(self.prototypes, seen.directions, classes, ids, looks)

    def clear(self) -> None:
        """Forget everything that was taught."""
        self.prototypes, self.head = self.maker.empty, None

    def forget(self, ids: npt.ArrayLike) -> None:
        """Remove own examples; a head that was learnt from them stays until the next one."""
        self.prototypes = self.prototypes.without(ids)

    def recognize(self, ink: InkImage) -> Recognition:
        """Recognise one ink image, float32 (28, 28) in [0, 1]."""
        return self.recognize_batch(ink[np.newaxis])[0]

    def recognize_batch(self, inks: npt.NDArray[np.float32]) -> list[Recognition]:
        """Recognise ink images, float32 (batch, 28, 28) in [0, 1]; one answer each."""
        if not len(inks) or not self.is_taught:
            return self.network.recognizer.recognize_batch(inks)
        return self._with_hand(*self.network.answers(inks), inks)

    def _with_hand(
        self, untaught: list[Recognition], coordinates: Array, inks: Array
    ) -> list[Recognition]:
        """Return the taught network's answers.

        Args:
            untaught: The network's own answers.
            coordinates: float32 (batch, dimensions), those of the same drawings.
            inks: float32 (batch, 28, 28) in [0, 1].
        """
        seen = Seen(log_of(np.stack([each.probabilities for each in untaught])), coordinates)
        classes = len(self.network.class_names)
        cosines = self.prototypes.cosines(seen.directions)
        refused = [each.verdict is Verdict.NOT_A_DIGIT for each in untaught]
        if any(refused):
            # All of them lie at one place of the feature space.
            cosines[refused] *= self.prototypes.look_like(looks_of(inks[refused]))
        answers = np.exp(taught_answers(seen, self.prototypes, self.head, cosines))
        nearest = self.prototypes.nearest(cosines, classes)
        return [
            self._answer(own, row, float(near[row.argmax()]))
            for own, row, near in zip(untaught, answers, nearest, strict=True)
        ]

    def _answer(self, untaught: Recognition, row: Array, nearest: float) -> Recognition:
        """Return an answer, given the cosine to the nearest own example of its class."""
        if untaught.verdict is Verdict.EMPTY or not np.isfinite(row).all():
            return untaught
        verdict = Verdict.of(row, self.metadata.verdicts, has_ink=True)
        if untaught.verdict is Verdict.NOT_A_DIGIT:
            verdict = Verdict.UNSURE if nearest >= VERY_LIKE else Verdict.NOT_A_DIGIT
        elif untaught.verdict is Verdict.UNSURE and nearest < LIKE:
            verdict = Verdict.UNSURE
        is_refused = untaught.is_refused_by_other and verdict is Verdict.NOT_A_DIGIT
        return replace(untaught, probabilities=row, verdict=verdict, is_refused_by_other=is_refused)
