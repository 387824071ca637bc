"""Refusal for models that cannot refuse: the bundled network refuses non-digits for them."""

import functools

from model.metadata import DIGIT_NAMES, ModelMetadata
from model.recognizer import Recognizer

LEAST_REFUSED = 0.9
"""A model that refuses at least this fraction of non-digits can refuse by itself."""


def can_refuse(metadata: ModelMetadata) -> bool:
    """Whether a model of digits refuses non-digits by itself: it was trained to, and passed.

    Models of other classes count as such.
    """
    return metadata.refusal_rate is not None and metadata.refusal_rate >= LEAST_REFUSED


def let_bundled_refuse(recognizer: Recognizer) -> Recognizer:
    """Let the bundled network refuse for a model of digits that cannot; return the model.

    Raises:
        ModelFileError: If the bundled network is damaged or missing.
    """
    metadata = recognizer.metadata
    if recognizer.is_bundled:
        return recognizer
    if set(metadata.class_names) == set(DIGIT_NAMES) and not can_refuse(metadata):
        bundled = bundled_recognizer()
        if bundled.source_sha256 != recognizer.source_sha256:
            recognizer.second_opinion = bundled
    return recognizer


@functools.cache
def bundled_recognizer() -> Recognizer:
    """Return the bundled network, loaded once.

    Raises:
        ModelFileError: If it is damaged or missing.
    """
    return Recognizer.bundled()
