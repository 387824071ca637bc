"""Exports by the real exporter, each loaded again by its own runtime; one process does them all."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from model.errors import ModelFileError
from model.exporting.order import ExportOrder, checked_metadata
from model.metadata import InputFormat
from model.model_files.inspection import read_model
from tests.made_models import archive, good_config

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


@pytest.fixture(scope="module")
def results(folder: Path) -> dict[str, dict[str, Any]]:
    """What one process with TensorFlow exported."""
    environment = {name: value for name, value in os.environ.items() if name != "DIGITPAD_DATA"}
    run = subprocess.run(
        [sys.executable, PROJECT / "tests" / "export_checks.py", folder],
        cwd=PROJECT,
        env={**environment, "DIGITPAD_CACHE": str(folder.parent / "cache")},
        capture_output=True,
        text=True,
        timeout=220,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return {result["name"]: result for result in map(json.loads, run.stdout.splitlines())}


@pytest.mark.process
@pytest.mark.parametrize("name", ["litert", "savedmodel", "savedmodel again"])
def test_exact_format_says_the_same(name: str, results: dict[str, dict[str, Any]]) -> None:
    result = results[name]
    assert result["digits"] == 1000
    assert result["largest_difference"] <= 1e-4
    assert result["exported_accuracy"] == result["accuracy"] > 0.9


@pytest.mark.process
def test_onnx_says_the_same(results: dict[str, dict[str, Any]]) -> None:
    if "onnx" not in results:
        pytest.skip("needs the packages of the extra onnx")
    assert results["onnx"]["largest_difference"] <= 1e-4


@pytest.mark.process
def test_quantized_network_is_small_and_nearly_as_good(results: dict[str, dict[str, Any]]) -> None:
    exact, quantized = results["litert"], results["quantized"]
    assert quantized["size_bytes"] < exact["size_bytes"] / 3
    assert quantized["exported_accuracy"] >= quantized["accuracy"] - 0.005


@pytest.mark.process
def test_litert_exports_have_the_record_that_the_recognizer_needs(
    results: dict[str, dict[str, Any]],
) -> None:
    assert len(results["answers"]["litert"]) == 10
    agree = [
        a == b for a, b in zip(*map(results["answers"].get, ("litert", "quantized")), strict=True)
    ]
    assert sum(agree) >= 9


@pytest.mark.process
def test_wrong_export_is_deleted_and_the_old_one_stays(results: dict[str, dict[str, Any]]) -> None:
    assert "it was deleted" in results["wrong"]["refused"]
    assert results["wrong"]["kept_the_old"]


@pytest.mark.process
def test_nothing_else_is_left_behind(results: dict[str, dict[str, Any]]) -> None:
    wanted = ["net", "net.json", "net.tflite", "quantized.json", "quantized.tflite"]
    wanted += [f"{name}.README.md" for name in ("net", "net.tflite", "quantized.tflite")]
    left = [name for name in results["files"]["names"] if not name.startswith("net.onnx")]
    assert sorted(left) == sorted(wanted)


@pytest.mark.process
def test_readme_says_how_to_feed_it(results: dict[str, dict[str, Any]], folder: Path) -> None:
    page = (folder / "net.tflite.README.md").read_text(encoding="utf-8")
    assert "float32 (batch, 28, 28, 1), one grey level a pixel: 0 is paper, 1 is full ink." in page
    assert 'Interpreter(model_path="net.tflite")' in page
    assert "compared with Keras on 1,000 images of built-in strokes" in page


def order(folder: Path, **changes: Any) -> ExportOrder:
    return ExportOrder(**({"target": "litert", "out": folder / "net.tflite"} | changes))


def test_impossible_orders_are_refused(tmp_path: Path) -> None:
    summary = read_model(archive(), "good.keras").summary
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me")
    (tmp_path / "taken.tflite").mkdir()
    for wrong, reason in (
        (order(tmp_path, out=tmp_path / "net.keras"), r"end in \.tflite"),
        (order(tmp_path, target="savedmodel"), "without a suffix"),
        (order(tmp_path, target="savedmodel", out=tmp_path / "mine"), "something else already"),
        (order(tmp_path, out=tmp_path / "taken.tflite"), "something else already"),
        (
            order(tmp_path, target="onnx", out=tmp_path / "n.onnx", quantization="int8"),
            "Only LiteRT",
        ),
    ):
        with pytest.raises(ModelFileError, match=reason):
            checked_metadata(summary, wrong)
    assert (tmp_path / "mine" / "letter.txt").read_text() == "keep me"


def test_a_savedmodel_is_replaced_only_where_nothing_else_lies_in_it(tmp_path: Path) -> None:
    summary = read_model(archive(), "good.keras").summary
    wanted = order(tmp_path, target="savedmodel", out=tmp_path / "net")
    (tmp_path / "net" / "variables").mkdir(parents=True)
    for name in ("saved_model.pb", "fingerprint.pb"):
        (tmp_path / "net" / name).touch()
    checked_metadata(summary, wanted)
    (tmp_path / "net" / "letter.txt").write_text("keep me")
    with pytest.raises(ModelFileError, match="something else already"):
        checked_metadata(summary, wanted)


@pytest.mark.parametrize("name", ["net", "old"])
def test_a_savedmodel_takes_the_place_of_the_one_before(tmp_path: Path, name: str) -> None:
    pytest.importorskip("keras")
    from model.conversion import exports

    written, out = tmp_path / "new" / name, tmp_path / name
    for folder, text in ((written, "new"), (out, "before")):
        folder.mkdir(parents=True)
        (folder / "saved_model.pb").write_text(text)
    exports._move(written, order(tmp_path, target="savedmodel", out=out))
    assert (out / "saved_model.pb").read_text() == "new"
    assert not list((tmp_path / "new").iterdir())


def test_a_savedmodel_stays_where_the_new_one_cannot_be_moved(tmp_path: Path) -> None:
    pytest.importorskip("keras")
    from model.conversion import exports

    out = tmp_path / "net"
    out.mkdir()
    (out / "saved_model.pb").write_text("before")
    (tmp_path / "new").mkdir()
    missing = tmp_path / "new" / "net"
    with pytest.raises(FileNotFoundError):
        exports._move(missing, order(tmp_path, target="savedmodel", out=out))
    assert (out / "saved_model.pb").read_text() == "before"


def test_unknown_pixels_must_be_said(tmp_path: Path) -> None:
    config = good_config()
    del config["config"]["layers"][1]
    summary = read_model(archive(config), "plain.keras").summary
    with pytest.raises(ModelFileError, match="--pixels"):
        checked_metadata(summary, order(tmp_path))
    wanted = InputFormat(scale=255.0)
    metadata = checked_metadata(summary, order(tmp_path, input_format=wanted))
    assert metadata.input_format == InputFormat(shape=(28, 28, 1), scale=255.0)


@pytest.mark.parametrize("name", ["net.json", "net.tflite.README.md"])
def test_a_neighbours_file_is_not_written_over(tmp_path: Path, name: str) -> None:
    summary = read_model(archive(), "good.keras").summary
    (tmp_path / name).write_text('{"results": [1, 2, 3]}')
    with pytest.raises(ModelFileError, match=f"{name} would be written, too"):
        checked_metadata(summary, order(tmp_path))
    assert (tmp_path / name).read_text() == '{"results": [1, 2, 3]}'


def test_the_files_of_an_earlier_export_are_replaced(tmp_path: Path) -> None:
    summary = read_model(archive(), "good.keras").summary
    (tmp_path / "net.json").write_text('{"source_sha256": "", "litert_sha256": "", "metadata": {}}')
    (tmp_path / "net.tflite.README.md").write_text("# net\n\nexported by Digitpad from `a`")
    checked_metadata(summary, order(tmp_path))


def test_old_and_new_files_are_never_mixed(tmp_path: Path) -> None:
    pytest.importorskip("keras")
    from model.conversion import exports

    for name in ("net.json", "net.tflite.README.md"):
        (tmp_path / name).write_text("old")
    (tmp_path / "net.tflite").mkdir()  # which no file can replace
    (tmp_path / "net.tflite" / "old").touch()
    written = tmp_path / "new" / "net.tflite"
    written.parent.mkdir()
    for name in ("net.json", "net.tflite.README.md"):
        written.with_name(name).write_text("new")
    with pytest.raises(OSError, match="net"):
        exports._move(written, order(tmp_path))
    assert (tmp_path / "net.json").read_text() == "old"
    assert (tmp_path / "net.tflite.README.md").read_text() == "old"
    assert (tmp_path / "net.tflite" / "old").exists()
