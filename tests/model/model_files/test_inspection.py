"""Looking into model files: what is found in good ones, why hostile ones are refused."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from model.errors import ModelFileError
from model.metadata import InputFormat, ModelMetadata, encode_metadata
from model.model_files.inspection import inspect_model_file, read_model, read_model_bytes
from tests.hostile_models import HostileFile, hostile_files, inert_files
from tests.made_models import archive, good_config, good_weights, old_file, weights_file

MARKER = Path("marker-of-the-corpus")
CORPUS = list(hostile_files(MARKER))
INERT = list(inert_files(MARKER))


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.name)
def test_hostile_file_is_refused_for_its_reason(
    file: HostileFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "model.keras"
    path.write_bytes(file.data)
    with pytest.raises(ModelFileError) as caught:
        inspect_model_file(path)
    assert file.reason in caught.value.sentence
    assert caught.value.sentence.endswith(".")
    assert caught.value.sentence.isprintable()
    assert len(caught.value.sentence) < 300
    assert [entry.name for entry in tmp_path.iterdir()] == ["model.keras"]


@pytest.mark.parametrize("file", INERT, ids=lambda file: file.name)
def test_payload_where_nobody_looks_does_nothing(
    file: HostileFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_model(file.data, file.name).summary.classes == 10
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("make", [archive, old_file], ids=["keras", "h5"])
def test_cut_off_anywhere_is_damaged(make) -> None:
    good = make()
    for percent in range(100):
        with pytest.raises(ModelFileError):
            read_model(good[: len(good) * percent // 100], "cut")


def rezipped(weights: bytes) -> bytes:
    return archive(weights=weights)


@pytest.mark.parametrize(
    ("good", "wrap"),
    [(archive(), bytes), (old_file(), bytes), (weights_file(), rezipped)],
    ids=["keras", "h5", "weights inside keras"],
)
def test_flipped_region_is_refused_or_changes_only_numbers(
    good: bytes, wrap: Callable[[bytes], bytes]
) -> None:
    opened, layers = 0, read_model(archive(), "good").summary.layers
    for start in range(0, len(good), 192):
        region = good[start : start + 64]
        flipped = good[:start] + bytes(byte ^ 0xFF for byte in region) + good[start + 64 :]
        try:
            found = read_model(wrap(flipped), "flipped")
        except ModelFileError:
            continue
        opened += 1
        assert found.summary.layers == layers
        assert all(np.isfinite(each).all() for weights in found.weights for each in weights)
    # An archive has checksums; HDF5 has none, so there a flipped number is just another number.
    assert (opened == 0) == (wrap is bytes and good.startswith(b"PK"))


def test_good_file_is_told_layer_by_layer() -> None:
    summary = read_model(archive(), "good.keras").summary
    assert [(row.kind, row.output_shape, row.parameters) for row in summary.layers] == [
        ("Rescaling", (None, 28, 28, 1), 0),
        ("Conv2D", (None, 26, 26, 4), 40),
        ("MaxPooling2D", (None, 13, 13, 4), 0),
        ("Flatten", (None, 676), 0),
        ("Dense", (None, 10), 6770),
    ]
    assert summary.parameters == 6810
    assert summary.multiply_adds == 26 * 26 * 36 + 6760
    assert summary.keras_version == "3.15.1"
    assert summary.created == "2026-01-02@03:04:05"
    assert summary.metadata.class_names == tuple("0123456789")
    assert not summary.questions
    assert not summary.obstacles


def test_old_and_new_format_say_the_same() -> None:
    new, old = read_model(archive(), "new").summary, read_model(old_file(), "old").summary
    assert new.layers == old.layers
    assert old.file_format == "hdf5"
    assert old.keras_version == "2.15.0"


def test_weights_that_were_compressed_by_hand_are_read() -> None:
    path, values = "layers/dense/vars/0", good_weights()["layers/dense/vars/0"]

    def compress(file: h5py.File) -> None:
        del file[path]
        file.create_dataset(
            path, data=values, chunks=(100, 3), compression="gzip", shuffle=True, fletcher32=True
        )

    found = read_model(archive(weights=weights_file(None, compress)), "compressed")
    np.testing.assert_array_equal(found.weights[-1][0], values)


def test_a_group_of_many_links_is_read() -> None:
    def add(file: h5py.File) -> None:
        group = file["layers"].create_group("large", track_order=True)
        for number in range(40):
            group.create_group(f"layer {number}")

    data = weights_file(None, add)
    assert b"FRHP" in data
    assert read_model(archive(weights=data), "large").summary.parameters == 6810


def test_own_record_wins_where_it_does_not_contradict() -> None:
    record = ModelMetadata(
        class_names=("T-shirt", *"123456789"), dataset="fashion-mnist", test_accuracy=0.91
    )
    members = {"digitpad.json": encode_metadata(record)}
    summary = read_model(archive(members=members), "own").summary
    assert summary.has_metadata
    assert summary.metadata.class_names[0] == "T-shirt"
    assert summary.metadata.dataset == "fashion-mnist"
    assert summary.input_format == InputFormat(shape=(28, 28, 1), scale=1.0)


def test_texts_for_people_hold_nothing_that_a_terminal_obeys() -> None:
    record = ModelMetadata(class_names=("\x1b[31m0\n", *"123456789"), dataset="a\u202eb" * 100)
    config = good_config()
    config["config"]["layers"][-1]["config"]["name"] = "dense\x1b[2J"
    members = {"digitpad.json": encode_metadata(record)}
    summary = read_model(archive(config, members=members), "\x1b[31mname").summary
    texts = [summary.file_name, summary.metadata.dataset, *summary.metadata.class_names]
    assert all(text.isprintable() and len(text) <= 80 for text in texts)
    assert all(row.name.isprintable() for row in summary.layers)


@pytest.mark.parametrize(
    ("scale", "offset", "expected"),
    [
        (1 / 255, 0.0, InputFormat(shape=(28, 28, 1), scale=255.0)),
        (1 / 127.5, -1.0, InputFormat(shape=(28, 28, 1), scale=255.0)),
        (-1 / 255, 1.0, InputFormat(shape=(28, 28, 1), scale=255.0, is_inverted=True)),
        (2.0, -1.0, InputFormat(shape=(28, 28, 1), scale=1.0)),
        (0.1, 0.0, None),
    ],
)
def test_rescaling_says_which_pixels_are_wanted(scale, offset, expected) -> None:
    config = good_config()
    config["config"]["layers"][1]["config"].update(scale=scale, offset=offset)
    summary = read_model(archive(config), "scaled").summary
    assert summary.input_format == expected
    assert bool(summary.questions) == (expected is None)


def test_without_rescaling_the_pixels_are_a_question() -> None:
    config = good_config()
    del config["config"]["layers"][1]
    summary = read_model(archive(config), "plain").summary
    assert summary.input_format is None
    assert "which pixels" in summary.questions[0]


@pytest.mark.parametrize(
    ("activation", "output"), [("softmax", "probabilities"), ("linear", "logits")]
)
def test_last_activation_says_what_comes_out(activation: str, output: str) -> None:
    config = good_config()
    config["config"]["layers"][-1]["config"]["activation"] = activation
    assert read_model(archive(config), "x").summary.metadata.output == output


def test_sigmoid_at_the_end_is_an_obstacle() -> None:
    config = good_config()
    config["config"]["layers"][-1]["config"]["activation"] = "sigmoid"
    assert "neither probabilities" in read_model(archive(config), "x").summary.obstacles[0]


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="is a folder"):
        inspect_model_file(tmp_path)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="can't be read"):
        inspect_model_file(tmp_path / "none.keras")


def test_impossible_name_is_refused() -> None:
    with pytest.raises(ModelFileError, match="can't be read"):
        inspect_model_file(Path("nul\0byte.keras"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.keras")
    with pytest.raises(ModelFileError, match="not an ordinary file"):
        inspect_model_file(tmp_path / "pipe.keras")


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no such sockets")
def test_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.keras")
        with pytest.raises(ModelFileError, match="not an ordinary file"):
            inspect_model_file(tmp_path / "socket.keras")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no /dev/zero")
def test_endless_device_is_refused(tmp_path: Path) -> None:
    (tmp_path / "endless.keras").symlink_to("/dev/zero")
    with pytest.raises(ModelFileError, match="not an ordinary file"):
        inspect_model_file(tmp_path / "endless.keras")


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="this system keeps rights another way")
@pytest.mark.posix
def test_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "locked.keras"
    path.write_bytes(archive())
    path.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # the administrator may read everything, nobody may not
    try:
        with pytest.raises(ModelFileError, match="can't be read: you have no right to it"):
            inspect_model_file(path)
    finally:
        os.seteuid(user)


def test_sparse_giant_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "giant.keras"
    with path.open("wb") as file:
        file.truncate(40 << 30)
    with pytest.raises(ModelFileError, match="larger than 512 MiB"):
        read_model_bytes(path)


def test_looking_inside_needs_neither_keras_nor_tensorflow(tmp_path: Path) -> None:
    path = tmp_path / "good.keras"
    path.write_bytes(archive())
    code = (
        "import sys; from pathlib import Path;"
        "from model.model_files.inspection import inspect_model_file;"
        f"print(inspect_model_file(Path({str(path)!r})).parameters);"
        "print([name for name in ('keras', 'tensorflow', 'PySide6') if name in sys.modules])"
    )
    root = Path(__file__).resolve().parents[3]
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["6810", "[]"]


@pytest.fixture
def bounds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each bound on resources instead of laying it on the process of the tests."""
    noted: list[str] = []
    monkeypatch.setattr(
        "model.commands.import_file.bound_resources", lambda: noted.append("bounded")
    )
    return noted


@pytest.mark.usefixtures("bounds")
def test_info_command_tells_it_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from model.__main__ import main

    path = tmp_path / "good.keras"
    path.write_bytes(archive())
    assert main(["info", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "input       shape (28, 28, 1), pixels 0 to 255, bright ink on dark paper" in lines
    assert lines[-1].split() == ["dense", "Dense", "10", "6,770"]
    assert main(["info", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["parameters"] == 6810


@pytest.mark.usefixtures("bounds")
def test_info_command_prints_no_line_of_a_strangers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from model.__main__ import main

    record = ModelMetadata(recipe={"name": "mine\x1b]0;owned\x07\nSHA-256     forged"})
    path = tmp_path / "forged.keras"
    path.write_bytes(archive(members={"digitpad.json": encode_metadata(record)}))
    assert main(["info", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "recipe      mine]0;ownedSHA-256     forged" in lines
    assert all(line.isprintable() for line in lines)


def test_info_command_says_why_it_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bounds: list[str]
) -> None:
    from model.__main__ import main

    path = tmp_path / "evil.keras"
    path.write_bytes(next(file.data for file in CORPUS if file.name == "lambda.keras"))
    assert main(["info", str(path)]) == 2
    assert "Lambda" in capsys.readouterr().err
    assert bounds == ["bounded"]
