"""A model's record: figures that make no sense are refused."""

from typing import Any

import msgspec
import pytest

from model.errors import ModelFileError
from model.metadata import ModelMetadata, decode_metadata, encode_metadata

EPOCH = {"epoch": 1, "loss": 0.1, "accuracy": 0.9}

WRONG: list[tuple[str, dict[str, Any]]] = [
    ("accuracies", {"test_accuracy": 1.5}),
    ("accuracies", {"test_accuracy": -0.1}),
    ("accuracies", {"validation_accuracy": 1e300}),
    ("thresholds", {"verdicts": {"unsure_below": 2.0}}),
    ("thresholds", {"verdicts": {"reject_below": -1.0}}),
    ("temperature", {"temperature": 0.0}),
    ("temperature", {"temperature": 1e9}),
    ("pixels", {"input_format": {"scale": 0.0}}),
    ("pixels", {"input_format": {"offset": 1e30}}),
    ("input shape", {"input_format": {"shape": [-1, 28]}}),
    ("class names", {"class_names": ["a"]}),
    ("class names", {"class_names": ["a", "b", "a "]}),
    ("class names", {"class_names": [str(n) for n in range(63)]}),
    ("parameters", {"parameters": -5}),
    ("history", {"history": [EPOCH | {"accuracy": 3.0}]}),
    ("history", {"history": [EPOCH | {"validation_accuracy": -3.0}]}),
    ("history", {"history": [EPOCH | {"seconds": -1.0}]}),
    ("history", {"history": [EPOCH | {"epoch": 0}]}),
    ("history", {"history": [EPOCH] * 100_001}),
    ("creation date", {"created": "the day before yesterday"}),
]


@pytest.mark.parametrize(("what", "fields"), WRONG)
def test_an_impossible_figure_is_refused_by_its_name(what: str, fields: dict[str, Any]) -> None:
    with pytest.raises(ModelFileError, match=f"make no sense: {what}"):
        decode_metadata(msgspec.json.encode(fields))


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity"])
@pytest.mark.parametrize("name", ["test_accuracy", "temperature", "validation_accuracy"])
def test_a_figure_without_an_end_is_refused(name: str, number: str) -> None:
    with pytest.raises(ModelFileError):
        decode_metadata(f'{{"{name}": {number}}}'.encode())


def test_a_possible_record_comes_through_unchanged() -> None:
    metadata = ModelMetadata(test_accuracy=1.0, created="2026-01-31T12:00:00+00:00")
    assert decode_metadata(encode_metadata(metadata)) == metadata
    assert decode_metadata(b'{"created": "2026-01-31T12:00:00Z"}').created
