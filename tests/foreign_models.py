"""Opens model files that plain Keras wrote, and compares with what Keras answers. Needs TensorFlow.

`python tests/foreign_models.py FOLDER` prints one JSON object a line: the name of a model and the
largest difference between a probability by Keras and the same one by Digitpad. One process does
all of it, because loading TensorFlow takes longer than the rest.
"""

import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.update(KERAS_BACKEND="tensorflow", CUDA_VISIBLE_DEVICES="-1", TF_CPP_MIN_LOG_LEVEL="3")
PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

import keras  # noqa: E402  # the environment must be set first
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402

from model.activations.look import Look  # noqa: E402
from model.activations.receptive_field import receptive_field  # noqa: E402
from model.activations.unit_arithmetic import unit_arithmetic  # noqa: E402
from model.activations.watched_network import WatchedNetwork  # noqa: E402
from model.conversion.importing import import_model  # noqa: E402
from model.conversion.layer_mapping import calls_of_plan  # noqa: E402
from model.conversion.rebuild import built_network, load_network  # noqa: E402
from model.data.sample_digits import sample_digits  # noqa: E402
from model.metadata import InputFormat, ModelMetadata  # noqa: E402
from model.model_files.inspection import InspectedModel, read_model, read_model_bytes  # noqa: E402
from model.model_files.model_file import add_metadata, read_metadata  # noqa: E402
from model.recipes import RECIPES  # noqa: E402
from model.recognizer import Recognizer, calibrated, model_input  # noqa: E402
from model.task_events import Imported  # noqa: E402
from model.training.networks import build_network  # noqa: E402

COMPARED_LAYERS = 50
"""On how many digits every layer's output is compared."""

KERAS_2 = PROJECT / "tests" / "data" / "keras-2.15"


def two_branches() -> keras.Model:
    """Two convolutions side by side, joined, weighted by a third branch, with a shared layer."""
    ink = keras.Input((28, 28, 1))
    fine = layers.Conv2D(4, 3, padding="same", activation="relu")(ink)
    coarse = layers.Conv2D(4, 5, padding="same")(ink)
    x = layers.Concatenate()([layers.Add()([fine, coarse]), fine])
    weights = layers.GlobalAveragePooling2D(keepdims=True)(x)
    shared = layers.Dense(8, activation="sigmoid")
    x = layers.Multiply()([x, shared(shared(weights))])
    return keras.Model(ink, layers.Dense(10, activation="softmax")(layers.Flatten()(x)))


def rescaling() -> keras.Model:
    """Dark ink on bright paper in bytes, and augmentation inside the model."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.RandomRotation(0.1),
            layers.RandomContrast(0.2),
            layers.Rescaling(-1 / 127.5, offset=1.0),
            layers.Conv2D(8, 3, strides=2),
            layers.LeakyReLU(0.2),
            layers.Flatten(),
            layers.Dense(10),
            layers.Softmax(),
        ]
    )


def logits() -> keras.Model:
    """No softmax at the end; a frozen model inside."""
    base = keras.Sequential(
        [
            layers.Conv2D(4, 3),
            layers.BatchNormalization(trainable=False),
            layers.Conv2D(4, 3, trainable=False),
            layers.BatchNormalization(),
        ],
        name="base",
    )
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            base,
            layers.SpatialDropout2D(0.2),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )


def rows() -> keras.Model:
    """A list of 784 numbers, without a picture's shape."""
    return keras.Sequential(
        [
            keras.Input((784,)),
            layers.Dense(12, use_bias=False, kernel_initializer="he_normal"),
            layers.BatchNormalization(scale=False),
            layers.PReLU(),
            layers.Dense(10, activation="log_softmax"),
        ]
    )


def other_size() -> keras.Model:
    """Pictures of 32 by 32, and 26 letters."""
    return keras.Sequential(
        [
            keras.Input((32, 32)),
            layers.Reshape((32, 32, 1)),
            layers.SeparableConv2D(6, 3, depth_multiplier=2, activation="relu6"),
            layers.DepthwiseConv2D(3, strides=2, padding="same"),
            layers.GroupNormalization(2),
            layers.Conv2DTranspose(3, 3, strides=2, padding="same"),
            layers.ZeroPadding2D(((1, 2), (3, 0))),
            layers.AveragePooling2D(3, strides=2, padding="same"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(26, activation="softmax"),
        ]
    )


def recurrent() -> keras.Model:
    """Reads the picture row by row."""
    return keras.Sequential(
        [keras.Input((28, 28)), layers.SimpleRNN(8), layers.Dense(10, activation="softmax")]
    )


def normalised() -> keras.Model:
    """Mean and variance of the training data inside the model."""
    adapted = layers.Normalization(axis=None)
    adapted.adapt(np.random.default_rng(1).random((20, 28, 28, 1)))
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            adapted,
            layers.Flatten(),
            layers.LayerNormalization(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def pictures() -> keras.Model:
    """Every layer for pictures that no other model here has."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Resizing(30, 26),
            layers.Conv2D(6, 3, groups=1, dilation_rate=2, activation="silu"),
            layers.UpSampling2D(2, interpolation="bilinear"),
            layers.Cropping2D(((1, 2), (3, 0))),
            layers.MaxPooling2D(3, strides=2, padding="same"),
            layers.Conv2D(6, 3, groups=3, strides=2, padding="same"),
            layers.Permute((2, 1, 3)),
            layers.ELU(0.5),
            layers.ReLU(6.0, negative_slope=0.1),
            layers.Activation("gelu"),
            layers.PReLU(shared_axes=[1, 2]),
            layers.Dense(10),
            layers.GlobalAveragePooling2D(),
        ]
    )


def sequences() -> keras.Model:
    """Every layer for sequences."""
    ink = keras.Input((28, 28))
    x = layers.Conv1D(8, 3, padding="causal")(ink)
    x = layers.AveragePooling1D(2)(layers.MaxPooling1D(2, strides=1)(x))
    long = layers.LSTM(8, return_sequences=True)(x)
    gated = layers.GRU(8, return_sequences=True, go_backwards=True)(x)
    x = layers.Maximum()([long, layers.Subtract()([gated, long])])
    x = layers.Average()([x, gated, layers.Minimum()([long, gated])])
    ends = [layers.GlobalAveragePooling1D()(x), layers.GlobalMaxPooling1D()(x)]
    ends.append(layers.GRU(4, reset_after=False, use_bias=False)(x))
    return keras.Model(ink, layers.Dense(10)(layers.Concatenate()(ends)))


def idle() -> keras.Model:
    """Every layer that does nothing when a network answers."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.RandomBrightness(0.2),
            layers.RandomContrast(0.2),
            layers.RandomElasticTransform(),
            layers.RandomErasing(),
            layers.RandomFlip(),
            layers.RandomGaussianBlur(),
            layers.RandomPerspective(),
            layers.RandomRotation(0.1),
            layers.RandomSharpness(0.2),
            layers.RandomShear(0.1, 0.1),
            layers.RandomTranslation(0.1, 0.1),
            layers.RandomZoom(0.1),
            layers.GaussianNoise(0.1),
            layers.GaussianDropout(0.1),
            layers.AlphaDropout(0.1),
            layers.SpatialDropout2D(0.1),
            layers.Reshape((28, 28)),
            layers.SpatialDropout1D(0.1),
            layers.ActivityRegularization(0.1),
            layers.Identity(),
            layers.Dropout(0.1),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


BUILT_ONLY = (pictures, sequences, idle)
"""Models that are built and compared, but not converted: that would take longer than all others."""

FOREIGN: dict[str, Callable[[], keras.Model]] = {
    make.__name__: make
    for make in (two_branches, rescaling, logits, rows, other_size, recurrent, normalised)
}


def shake(model: keras.Model) -> None:
    """Give every weight a value of its own, so that no two can be mistaken for each other."""
    random = np.random.default_rng(5)
    for weight in model.weights:
        if weight.dtype == "float32":
            noise = random.normal(0, 0.1, weight.shape)
            weight.assign(np.asarray(weight) + (np.abs(noise) if "var" in weight.path else noise))


def compared(name: str, model: keras.Model, file: Path) -> dict[str, object]:
    """Save by plain Keras, load by plain Keras, open by Digitpad, and compare on digits."""
    shake(model)
    model.save(file)
    original = keras.saving.load_model(file, compile=False)
    inspected = read_model(read_model_bytes(file), file.name)
    imported = import_model(
        inspected,
        input_format=inspected.summary.input_format or InputFormat(),
        report=lambda activity, fraction: None,
    )
    assert isinstance(imported, Imported), imported
    recognizer = Recognizer.from_files(Path(imported.litert_file))
    inks = sample_digits().inks
    outputs = np.asarray(original(model_input(inks, recognizer.metadata), training=False))
    wanted = calibrated(outputs, recognizer.metadata)
    answers = np.stack([each.probabilities for each in recognizer.recognize_batch(inks)])
    counts = {layer.name: layer.count_params() for layer in original.layers}
    rows = {row.name: row.parameters for row in inspected.summary.layers if "/" not in row.name}
    return {
        "name": name,
        "difference": float(np.abs(answers - wanted).max()),
        "parameters": [inspected.summary.parameters, original.count_params()],
        "kinds": kinds(inspected),
        "rows_agree": all(counts[name] == parameters for name, parameters in rows.items()),
        **layers_compared(inspected, Path(imported.litert_file)),
    }


def layers_compared(inspected: InspectedModel, litert_file: Path) -> dict[str, object]:
    """Compare every layer's output with Keras's, and name the layers that can't be looked at."""
    built = built_network(inspected)
    calls = calls_of_plan(built)
    watched = WatchedNetwork.from_files(litert_file)
    assert watched.map == watched.metadata.network_map, "the map was not written"
    inks = sample_digits(COMPARED_LAYERS).inks
    everything = keras.Model(built.model.inputs, [[call.output] for call in calls])
    outputs = everything(model_input(inks, watched.metadata), training=False)
    theirs = {call.name: np.asarray(out) for call, (out,) in zip(calls, outputs, strict=True)}
    differences = {
        layer.name: float(np.abs(ours - theirs[layer.name]).max())
        for layer, ours in zip(watched.layers, watched.activations(inks), strict=True)
        if layer.name in theirs
    }
    folded = {name for layer in watched.layers for name in layer.folded}
    return {
        "layers": len(differences),
        "layers_difference": max(differences.values()),
        **arithmetic_compared(watched, inks[0]),
        "unmapped": sorted(theirs.keys() - differences.keys() - folded),
    }


def arithmetic_compared(watched: WatchedNetwork, ink: np.ndarray) -> dict[str, object]:
    """Work out some units of every layer, and name the layers where that can't be done."""
    look, random, differences, unknown = Look(watched, ink), np.random.default_rng(3), [0.0], []
    for layer in watched.layers:
        shape = look.output(layer).shape
        if unit_arithmetic(look, layer, (0,) * len(shape)) is None:
            unknown.append(layer.name)
            continue
        for _ in range(20):
            unit = tuple(int(random.integers(size)) for size in shape)
            made = unit_arithmetic(look, layer, unit)
            assert made is not None, (layer, unit)
            differences.append(abs(made.value - look.shown(layer, unit)))
            receptive_field(look, layer, unit)
    return {"arithmetic_difference": max(differences), "without_arithmetic": unknown}


def built(name: str, model: keras.Model, file: Path) -> dict[str, object]:
    """Save by plain Keras, build by Digitpad, and compare with the model that was saved."""
    shake(model)
    model.save(file)
    ours, inspected = load_network(file)
    inks = model_input(sample_digits().inks, inspected.summary.metadata)
    difference = np.abs(np.asarray(ours(inks)) - np.asarray(model(inks, training=False))).max()
    return {"name": name, "difference": float(difference), "kinds": kinds(inspected)}


def kinds(inspected: InspectedModel) -> list[str]:
    """Return the kinds of layers in a file."""
    return sorted({row.kind for row in inspected.summary.layers})


def with_record(folder: Path) -> dict[str, object]:
    """Save a model with our record in its file, and load it by plain Keras."""
    file, model = folder / "with_record.keras", two_branches()
    model.save(file)
    add_metadata(file, ModelMetadata(dataset="mnist", test_accuracy=0.99))
    assert read_metadata(file).dataset == "mnist"
    loaded = keras.saving.load_model(file)
    inks = sample_digits().inks[..., np.newaxis]
    difference = np.abs(np.asarray(loaded(inks)) - np.asarray(model(inks))).max()
    return {"name": "with our record", "difference": float(difference)}


def old_files() -> Iterator[dict[str, object]]:
    """Open what Keras 2.15 wrote, and compare with what it answered then."""
    answers = json.loads((KERAS_2 / "answers.json").read_text())
    for file in sorted(KERAS_2.glob("*.*")):
        if file.stem in answers and file.suffix in (".h5", ".keras"):
            model, inspected = load_network(file)
            shape = (3, *inspected.plan.input_shape)
            size = int(np.prod(shape))
            inputs = (np.arange(size) * 37 % 101 / 100).astype("float32").reshape(shape)
            difference = np.abs(np.asarray(model(inputs)) - np.array(answers[file.stem])).max()
            yield {"name": f"keras-2.15 {file.name}", "difference": float(difference)}


def main(folder: Path) -> None:
    """Print one line a model."""
    warnings.simplefilter("ignore")
    keras.utils.set_random_seed(7)
    results = list(old_files())
    for recipe in RECIPES.values():
        model = build_network(recipe.network)
        results.append(compared(recipe.name, model, folder / f"{recipe.name}.keras"))
    for name, make in FOREIGN.items():
        results.append(compared(name, make(), folder / f"{name}.keras"))
    results += [built(m.__name__, m(), folder / f"{m.__name__}.keras") for m in BUILT_ONLY]
    results.append(with_record(folder))
    results.append(compared("old format", two_branches(), folder / "two_branches.h5"))
    for result in results:
        print(json.dumps(result))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
