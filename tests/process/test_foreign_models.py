"""Model files from elsewhere: opened, they say what Keras says."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from model.model_files.layer_kinds import LAYER_KINDS

PROJECT = Path(__file__).resolve().parents[2]
TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What one process with TensorFlow found out about each model."""
    folder = tmp_path_factory.mktemp("foreign")
    run = subprocess.run(
        [sys.executable, PROJECT / "tests" / "foreign_models.py", folder],
        cwd=PROJECT,
        env={**os.environ, "DIGITPAD_CACHE": str(folder / "cache")},
        capture_output=True,
        text=True,
        timeout=220,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return {result["name"]: result for result in map(json.loads, run.stdout.splitlines())}


@pytest.mark.process
def test_models_of_every_kind_answer_like_keras(results: dict[str, dict[str, Any]]) -> None:
    assert len(results) == 27
    wrong = {name: r for name, r in results.items() if not r["difference"] <= TOLERANCE}
    assert not wrong


@pytest.mark.process
def test_weights_are_counted_like_keras(results: dict[str, dict[str, Any]]) -> None:
    counted = {name: r["parameters"] for name, r in results.items() if "parameters" in r}
    assert len(counted) == 17
    assert all(ours == kerass for ours, kerass in counted.values()), counted
    assert all(r["rows_agree"] for r in results.values() if "rows_agree" in r)


@pytest.mark.process
def test_every_kind_of_layer_was_compared(results: dict[str, dict[str, Any]]) -> None:
    seen = {kind for result in results.values() for kind in result.get("kinds", ())}
    assert seen == set(LAYER_KINDS)


@pytest.mark.process
def test_every_layer_of_a_converted_model_holds_what_keras_computes(
    results: dict[str, dict[str, Any]],
) -> None:
    watched = {name: r for name, r in results.items() if "layers" in r}
    assert len(watched) == 17
    wrong = {name: r for name, r in watched.items() if not r["layers_difference"] <= 1e-3}
    assert not wrong
    assert {name: r["unmapped"] for name, r in watched.items() if r["unmapped"]} == {}


@pytest.mark.process
def test_the_arithmetic_of_every_layer_gives_the_number_shown(
    results: dict[str, dict[str, Any]],
) -> None:
    watched = [r for r in results.values() if "layers" in r]
    assert len(watched) == 17
    unknown = {name for r in watched for name in r["without_arithmetic"]}
    assert unknown == {
        "group_normalization",
        "conv2d_transpose",
        "simple_rnn",
        "layer_normalization",
    }
    worked_out = [r["arithmetic_difference"] for r in watched]
    assert max(worked_out) <= 1e-4
