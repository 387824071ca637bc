"""A converted network that says something else is not used."""

import numpy as np
import pytest

from model.data.sample_digits import sample_digits
from model.errors import ModelFileError
from model.metadata import ModelMetadata

pytest.importorskip("keras")

from model.conversion import importing  # after the check that Keras is there


@pytest.mark.parametrize("difference", [2e-4, 0.5, float("nan")])
def test_a_converted_network_that_differs_is_refused(
    difference: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = np.full((60, 10), 0.1, np.float32)
    theirs = ours.copy()
    theirs[7, 3] += np.float32(difference)
    monkeypatch.setattr(importing, "keras_probabilities", lambda *_: ours)
    monkeypatch.setattr(importing, "litert_probabilities", lambda *_: theirs)
    with pytest.raises(ModelFileError, match="differs from the original"):
        importing._comparison(None, None, ModelMetadata(), sample_digits())  # type: ignore[arg-type]
