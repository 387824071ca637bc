"""What the layers of a network in training put out for one ink image, small enough for a pipe."""

from collections.abc import Iterator, Sequence

import keras
import numpy as np
import numpy.typing as npt

from model.conversion.layer_mapping import LayerCall, calls_of_network
from model.metadata import ModelMetadata
from model.recognizer import model_input
from model.run_events import MOST_LAYER_BYTES, LayerMaps

MOST_MAPS = 64
"""So many maps or numbers of a layer are sent."""

LONGEST_SIDE = 28
"""Larger maps are thinned out."""

_FOLDED = ("BatchNormalization", "ReLU", "Activation", "LeakyReLU", "ELU", "PReLU")
"""What only finishes the layer before, and is shown with it."""

_UNSEEN = ("Dropout", "SpatialDropout2D", "GaussianNoise", "Flatten", "Reshape", "Rescaling")
"""What leaves the numbers as they are."""

_LEVELS = 127


class LayerProbe:
    """Asks a network in training for its layers' outputs.

    Of several networks whose votes are averaged it is the first.
    """

    def __init__(self, network: keras.Model, metadata: ModelMetadata) -> None:
        """Choose the layers; no network is asked yet.

        Args:
            network: Its weights are shared, so that the answers change as it learns. One with
                shared layers or models among its layers has no maps.
            metadata: What it takes.
        """
        self._metadata = metadata
        try:
            self._chains = tuple(_chains(calls_of_network(network)))
        except (KeyError, ValueError, AttributeError):
            self._chains = ()
        outputs = [chain[-1].output for chain in self._chains]
        self._model = keras.Model(network.input, outputs) if outputs else None

    def maps(self, ink: npt.NDArray[np.uint8]) -> tuple[LayerMaps, ...]:
        """Return what the layers put out; nothing if the network can't be looked into.

        Args:
            ink: uint8 (28, 28), 255 is ink.
        """
        if self._model is None:
            return ()
        inks = ink[np.newaxis].astype(np.float32) / np.float32(255)
        outputs = self._model.predict_on_batch(model_input(inks, self._metadata))
        if len(self._chains) == 1:
            outputs = [outputs]
        found: list[LayerMaps] = []
        left = MOST_LAYER_BYTES
        for chain, output in zip(self._chains, outputs, strict=True):
            maps = _maps(chain, np.asarray(output, np.float32)[0])
            left -= len(maps.values)
            if left < 0:
                break
            found.append(maps)
        return tuple(found)


def _chains(calls: Sequence[LayerCall]) -> Iterator[list[LayerCall]]:
    """Yield the layers on the way to the answer, each with those that only finish it."""
    users: dict[int, list[int]] = {}
    for number, call in enumerate(calls):
        for each in call.inputs:
            users.setdefault(each, []).append(number)
    way = _way(calls)
    begun: set[int] = set()
    for number in way:
        if number in begun or calls[number].kind in _UNSEEN:
            continue
        chain = [number]
        while len(after := users.get(chain[-1], [])) == 1 and calls[after[0]].kind in _FOLDED:
            chain.append(after[0])
        begun.update(chain)
        yield [calls[each] for each in chain]


def _way(calls: Sequence[LayerCall]) -> list[int]:
    """Return which layers lead to the answer; of an average's votes, those of the first."""
    needed, way = {len(calls) - 1}, []
    for number in reversed(range(len(calls))):
        if number in needed:
            way.append(number)
            inputs = calls[number].inputs
            needed.update(inputs[:1] if calls[number].kind == "Average" else inputs)
    return way[::-1]


def _maps(chain: Sequence[LayerCall], output: npt.NDArray[np.float32]) -> LayerMaps:
    seen = output[..., :MOST_MAPS]
    if seen.ndim == 3:
        step = -(-max(seen.shape[:2]) // LONGEST_SIDE)
        seen = seen[::step, ::step]
    seen = np.nan_to_num(seen)
    largest = max(float(np.abs(seen).max(initial=0.0)), 1e-6)
    levels = np.rint(seen * np.float32(_LEVELS / largest)).astype(np.int8)
    return LayerMaps(
        kinds=tuple(call.kind for call in chain),
        full_shape=tuple(output.shape),
        shape=tuple(seen.shape),
        largest=largest,
        values=levels.tobytes(),
        parameters=sum(call.parameters for call in chain),
    )
