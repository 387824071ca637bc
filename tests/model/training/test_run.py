"""A run inside this process, on data that is learned in a moment."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from model.calibration import OUT_OF_DISTRIBUTION_FACTOR, fitted_temperature
from model.data.datasets import Dataset
from model.errors import DatasetError, RecipeError, TrainingError
from model.metadata import InputFormat, ModelMetadata
from model.protocol import Probe, decode_event, encode_line
from model.recipes import RECIPES, Recipe
from model.run_events import EpochFinished, Event, Paused, Preparing, Probed, Progress, Started
from model.worker.control import AbandonedError, RunControl, StoppedError

keras = pytest.importorskip("keras")

from model.checkpoint_file import read_checkpoint, write_checkpoint  # noqa: E402
from model.training import callbacks  # noqa: E402  # after the check that Keras is there
from model.training.classes import with_classes_of  # noqa: E402
from model.training.devices import Device  # noqa: E402
from model.training.feeding import training_feed  # noqa: E402
from model.training.run import EVALUATION_BATCH, Run  # noqa: E402
from model.training.saving import measured_metadata  # noqa: E402
from model.training.split import Split, Splits, train_validation_split  # noqa: E402
from model.training.training_model import (  # noqa: E402
    AUGMENTATION_SWITCH,
    layer_rows,
    predict,
    training_model,
)

CPU = Device("cpu", "CPU")
RECIPE = Recipe(name="test", summary="", network="dense128", epochs=2, batch_size=20, seed=3)


def bars(classes: int = 3, images: int = 150) -> Dataset:
    """Images with a bar whose place is the class."""
    labels = np.arange(images) % classes
    pixels = np.random.default_rng(1).integers(0, 40, (images, 28, 28), np.uint8)
    for image, label in zip(pixels, labels, strict=True):
        image[4:24, 3 + 6 * label : 7 + 6 * label] = 255
    return Dataset(
        name="bars",
        title="Bars",
        train_images=pixels,
        train_labels=labels,
        test_images=pixels[:30],
        test_labels=labels[:30],
        class_names=("left", "middle", "right", "far")[:classes],
        sha256="",
    )


def run(recipe: Recipe, data: Dataset, events: list[Event], control: RunControl | None = None):
    return Run(recipe, data, device=CPU, listener=events.append, control=control or RunControl())


def test_a_run_tells_its_story_in_order() -> None:
    events: list[Event] = []
    trained = run(changed(validation_split=0.2), bars(), events).train()
    started = next(event for event in events if isinstance(event, Started))
    assert (started.training_images, started.validation_images, started.batches) == (120, 30, 6)
    assert started.class_names == ("left", "middle", "right")
    assert [row.kind for row in started.layers] == ["Flatten", "Dense", "Dense"]
    story = [type(event) for event in events if not isinstance(event, Progress)]
    assert story[-3:] == [Started, EpochFinished, EpochFinished]
    last_batches = [event.batch for event in events if isinstance(event, Progress)]
    assert last_batches.count(6) == 2
    assert trained.history[-1].loss < trained.history[0].loss
    assert trained.best.validation_accuracy is not None


def changed(**changes: object) -> Recipe:
    return msgspec.structs.replace(RECIPE, **changes)


def test_the_best_epoch_is_kept_not_the_last() -> None:
    events: list[Event] = []
    # The better it learns, the worse it does on validation images under wrong labels.
    recipe = changed(validation_split=0.2, epochs=3)
    train, validation = train_validation_split(bars(), recipe.validation_split, recipe.seed)
    mislabelled = Split(validation.images, np.roll(validation.targets, 1, axis=1))
    trained = Run(
        recipe,
        bars(),
        device=CPU,
        listener=events.append,
        control=RunControl(),
        splits=Splits(train, mislabelled, mislabelled),
    ).train()
    losses = [row.validation_loss for row in trained.history]
    assert trained.best.validation_loss == min(losses) < losses[-1]
    kept = predict(trained.model, trained.validation.images)
    probabilities = kept[np.arange(len(kept)), trained.validation.labels]
    assert -np.log(probabilities).mean() == pytest.approx(trained.best.validation_loss, abs=1e-3)


def test_images_of_no_class_teach_doubt_and_are_not_counted() -> None:
    data = bars()
    doubtful = np.full((60, 28, 28), 90, np.uint8)
    mixed = Dataset(
        **{
            **vars(data),
            "train_images": np.concatenate([data.train_images, doubtful]),
            "train_labels": np.concatenate([data.train_labels, np.full(60, -1)]),
        }
    )
    trained = run(changed(epochs=6), mixed, []).train()
    assert trained.history[-1].accuracy > 0.95
    assert predict(trained.model, doubtful[:1]).max() < 0.6


def test_the_splits_given_are_used_instead_of_a_new_one() -> None:
    train, validation = (
        train_validation_split(bars(images=images), 0.0, RECIPE.seed)[0] for images in (80, 10)
    )
    events: list[Event] = []
    trained = Run(
        changed(validation_split=0.2),
        bars(),
        device=CPU,
        listener=events.append,
        control=RunControl(),
        splits=Splits(train, validation, validation),
    ).train()
    started = next(event for event in events if isinstance(event, Started))
    assert (started.training_images, started.validation_images) == (80, 10)
    assert trained.validation is validation


def test_a_probe_is_answered_while_training() -> None:
    events: list[Event] = []
    control = RunControl()
    data = bars()
    control.ask(Probe(number=5, ink=tuple(map(int, data.train_images[0].ravel()))))
    run(RECIPE, data, events, control).train()
    answer = next(event for event in events if isinstance(event, Probed))
    assert answer.number == 5
    assert len(answer.probabilities) == 3
    assert sum(answer.probabilities) == pytest.approx(1, abs=1e-4)
    assert answer.layers == ()


def test_a_probe_is_answered_with_what_the_layers_put_out() -> None:
    events: list[Event] = []
    control = RunControl()
    data = bars()
    ink = tuple(map(int, data.train_images[0].ravel()))
    control.ask(Probe(number=5, ink=ink, with_layers=True))
    run(RECIPE, data, events, control).train()
    answer = next(event for event in events if isinstance(event, Probed))
    assert answer.layers
    assert answer.layers[-1].shape == (3,)
    assert decode_event(encode_line(answer)) == answer


def test_a_stop_amidst_an_epoch_keeps_the_weights_of_that_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Every batch is heard of, however short an epoch is.
    monkeypatch.setattr(callbacks, "SECONDS_BETWEEN_EVENTS", 0.0)
    control = RunControl()
    batches: list[int] = []
    stopped_in: list[int] = []

    def stop_after_the_first(event: Event) -> None:
        if isinstance(event, Started):
            batches.append(event.batches)
        is_amidst = isinstance(event, Progress) and event.batch < batches[0]
        if is_amidst and event.epoch >= 2 and not stopped_in:
            stopped_in.append(event.epoch)
            control.stop()

    recipe = changed(epochs=5, batch_size=2)
    run = Run(recipe, bars(), device=CPU, listener=stop_after_the_first, control=control)
    trained = run.train()
    assert trained.was_stopped
    assert [row.epoch for row in trained.history] == list(range(1, stopped_in[0]))
    assert trained.stopped_at is not None
    assert trained.stopped_at.is_kept
    assert trained.stopped_at.epoch == trained.best.epoch == stopped_in[0]
    assert 0 < trained.stopped_at.batch < trained.stopped_at.batches == batches[0]


def test_a_stop_amidst_an_epoch_keeps_a_better_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks, "SECONDS_BETWEEN_EVENTS", 0.0)
    control = RunControl()
    recipe = changed(epochs=5, batch_size=2, validation_split=0.2)
    train, validation = train_validation_split(bars(), recipe.validation_split, recipe.seed)
    # The better it learns, the worse it does on validation images under wrong labels.
    mislabelled = Split(validation.images, np.roll(validation.targets, 1, axis=1))

    def stop_in_the_third(event: Event) -> None:
        if isinstance(event, Progress) and event.epoch == 3 and event.batch < 60:
            control.stop()

    trained = Run(
        recipe,
        bars(),
        device=CPU,
        listener=stop_in_the_third,
        control=control,
        splits=Splits(train, mislabelled, mislabelled),
    ).train()
    assert trained.stopped_at is not None
    assert not trained.stopped_at.is_kept
    assert trained.best.epoch < 3


def test_a_stop_in_the_first_epoch_keeps_what_was_learned_and_measures_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(callbacks, "SECONDS_BETWEEN_EVENTS", 0.0)
    control = RunControl()

    def stop(event: Event) -> None:
        if isinstance(event, Progress):
            control.stop()

    recipe = changed(batch_size=2, validation_split=0.2)
    trained = Run(recipe, bars(), device=CPU, listener=stop, control=control).train()
    assert trained.history == ()
    assert trained.stopped_at is not None
    assert (trained.stopped_at.epoch, trained.stopped_at.batch) == (1, 1)
    assert trained.best.validation_accuracy is not None


def test_a_pause_rests_after_a_batch_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks, "SECONDS_BETWEEN_EVENTS", 0.0)
    control = RunControl()
    events: list[Event] = []

    def pause_in_the_first_batch(event: Event) -> None:
        events.append(event)
        if isinstance(event, Progress) and (event.epoch, event.batch) == (1, 1):
            control.pause()
        if isinstance(event, Paused):
            control.ask(Probe(number=1, ink=(0,) * 784))
        if isinstance(event, Probed):
            control.go_on()

    Run(
        changed(epochs=1), bars(), device=CPU, listener=pause_in_the_first_batch, control=control
    ).train()
    rest = [event for event in events if isinstance(event, Paused | Probed | Progress)]
    assert [type(event) for event in rest[:4]] == [Progress, Paused, Probed, Progress]
    assert isinstance(rest[1], Paused)
    assert (rest[1].epoch, rest[1].batch) == (1, 1)
    assert isinstance(rest[-1], Progress)
    assert rest[-1].batch == 8


def test_a_stop_in_an_epochs_last_batch_measures_all_that_is_validation() -> None:
    # Two batches are for validation; only in the first are the labels right.
    recipe = changed(epochs=5)
    train, _ = train_validation_split(bars(), 0.0, recipe.seed)
    images = np.concatenate([train.images] * 4)
    targets = np.concatenate([train.targets] * 4)
    is_first = (np.arange(len(images)) < EVALUATION_BATCH)[:, np.newaxis]
    validation = Split(images, np.where(is_first, targets, np.roll(targets, 1, axis=1)))
    control = RunControl()

    def stop_after_the_last_batch(event: Event) -> None:
        if isinstance(event, Progress) and event.epoch == 2 and event.batch == 8:
            control.stop()

    trained = Run(
        recipe,
        bars(),
        device=CPU,
        listener=stop_after_the_last_batch,
        control=control,
        splits=Splits(train, validation, validation),
    ).train()
    assert [row.epoch for row in trained.history] == [1, 2]
    accuracy = trained.history[-1].validation_accuracy
    assert accuracy is not None
    assert accuracy < 0.6


@pytest.mark.parametrize(("ask", "error"), [("stop", StoppedError), ("abandon", AbandonedError)])
def test_an_end_before_the_first_batch_keeps_nothing(ask: str, error: type[Exception]) -> None:
    control = RunControl()

    def end(event: Event) -> None:
        if isinstance(event, Preparing):
            getattr(control, ask)()

    with pytest.raises(error):
        Run(changed(batch_size=2), bars(), device=CPU, listener=end, control=control).train()


def test_a_lost_network_is_noticed() -> None:
    recipe = changed(optimizer="sgd", learning_rate=10.0, network="conv5x5", epochs=5)
    with pytest.raises(TrainingError, match="Lower the learning rate"):
        run(recipe, bars(), []).train()


def test_a_batch_larger_than_the_data_is_refused() -> None:
    with pytest.raises(RecipeError, match="batch size 200 is larger than the 150 training images"):
        run(changed(batch_size=200), bars(), [])


def test_a_network_for_other_classes_is_refused() -> None:
    three = run(RECIPE, bars(3), []).train()
    with pytest.raises(DatasetError, match="3 classes but the data has 4"):
        Run(
            RECIPE,
            bars(4),
            device=CPU,
            listener=lambda event: None,
            control=RunControl(),
            initial=(three.network, three.metadata),
        )


def test_going_on_starts_where_the_other_run_ended() -> None:
    first = run(changed(epochs=4), bars(), []).train()
    again = Run(
        changed(epochs=1),
        bars(),
        device=CPU,
        listener=lambda event: None,
        control=RunControl(),
        initial=(first.network, first.metadata),
    ).train()
    assert again.history[0].loss <= first.history[-1].loss


def test_an_average_of_weights_is_kept_where_the_recipe_asks_for_it() -> None:
    recipe = changed(use_ema=True, epochs=4, validation_split=0.2)
    trained = run(recipe, bars(), []).train()
    assert trained.best.validation_accuracy == 1


def test_the_last_epochs_show_images_as_they_are() -> None:
    recipe = changed(epochs=5, augmentation="affine", augmentation_off_fraction=0.4)
    seen: dict[int, float] = {}

    def look(event: Event) -> None:
        if isinstance(event, Progress):
            seen[event.epoch] = switch_of(begun)

    begun = Run(recipe, bars(), device=CPU, listener=look, control=RunControl())
    begun.train()
    assert list(seen.values()) == [1, 1, 1, 0, 0]


def switch_of(begun: Run) -> float:
    """Return 1 where a run shows varied images now, else 0."""
    return float(begun._model.get_layer(AUGMENTATION_SWITCH).is_on.numpy())


def abandon_in_third_epoch(recipe: Recipe, checkpoint: Path) -> None:
    """Begin a run that ends as if its listener had gone."""
    control = RunControl()

    def abandon_in_third(event: Event) -> None:
        if isinstance(event, Progress) and event.epoch == 3:
            control.abandon()

    interrupted = Run(recipe, bars(), device=CPU, listener=abandon_in_third, control=control)
    with pytest.raises(AbandonedError):
        interrupted.train(checkpoint=checkpoint)


def test_a_resumed_run_knows_whether_images_are_varied(tmp_path: Path) -> None:
    recipe = changed(epochs=4, augmentation="affine", augmentation_off_fraction=0.5)
    checkpoint = tmp_path / "run.npz"
    abandon_in_third_epoch(recipe, checkpoint)
    again = run(recipe, bars(), [])
    again.train(checkpoint=checkpoint, is_resumed=True)
    assert switch_of(again) == 0


def test_a_run_goes_on_from_its_checkpoint_as_if_nothing_had_been(tmp_path: Path) -> None:
    recipe = changed(epochs=4, augmentation="affine-elastic", optimizer="adamw")
    checkpoint = tmp_path / "run.npz"
    abandon_in_third_epoch(recipe, checkpoint)
    again = run(recipe, bars(), [])
    trained = again.train(checkpoint=checkpoint, is_resumed=True)
    assert [row.epoch for row in trained.history] == [1, 2, 3, 4]
    losses = [row.loss for row in trained.history]
    assert losses[2] < losses[1]


@pytest.fixture
def first_batches(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Collects the first batch of images that each run is fed with."""
    batches: list[bytes] = []

    def feed(*splits: Any) -> Any:
        arguments = training_feed(*splits)
        images = next(iter(arguments["x"]))[0] if "y" not in arguments else np.zeros(0)
        batches.append(np.asarray(images).tobytes())
        return arguments

    monkeypatch.setattr("model.training.run.training_feed", feed)
    return batches


@pytest.mark.skipif(keras.config.backend() != "tensorflow", reason="needs a pipeline to look into")
def test_a_resumed_run_does_not_repeat_the_order_of_the_first_epochs(
    tmp_path: Path, first_batches: list[bytes]
) -> None:
    recipe = changed(epochs=4)
    checkpoint = tmp_path / "run.npz"
    abandon_in_third_epoch(recipe, checkpoint)
    run(recipe, bars(), []).train(checkpoint=checkpoint, is_resumed=True)
    run(recipe, bars(), []).train()
    began, resumed, again = first_batches
    assert began == again != resumed


def test_a_stop_before_the_first_batch_of_a_resumed_run_keeps_the_best_epoch(
    tmp_path: Path,
) -> None:
    recipe = changed(epochs=4)
    checkpoint = tmp_path / "run.npz"
    abandon_in_third_epoch(recipe, checkpoint)
    control = RunControl()
    resumed = run(recipe, bars(), [], control)
    control.stop()
    trained = resumed.train(checkpoint=checkpoint, is_resumed=True)
    assert trained.was_stopped
    assert [row.epoch for row in trained.history] == [1, 2]


def gone_on(initial: tuple[Any, ModelMetadata] | None, **options: Any) -> None:
    """Train two epochs that begin with a network; None for fresh weights."""
    Run(
        RECIPE,
        bars(),
        device=CPU,
        listener=lambda event: None,
        control=RunControl(),
        initial=initial,
    ).train(**options)


def small_one(units: int) -> tuple[Any, ModelMetadata]:
    inputs = keras.Input((28, 28, 1))
    x = keras.layers.Dense(units)(keras.layers.Flatten()(inputs))
    network = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(x))
    return network, ModelMetadata(class_names=bars().class_names)


def test_a_run_that_began_with_another_network_is_not_gone_on_with(tmp_path: Path) -> None:
    checkpoint = tmp_path / "run.npz"
    began = small_one(4)
    weights = began[0].get_weights()
    shifted = small_one(4)
    shifted[0].set_weights([values + 1 for values in weights])
    gone_on(began, checkpoint=checkpoint)
    before = checkpoint.read_bytes()
    for other in (None, small_one(5), shifted):
        with pytest.raises(TrainingError, match="began with another network"):
            gone_on(other, checkpoint=checkpoint, is_resumed=True)
    assert checkpoint.read_bytes() == before
    again = small_one(4)
    again[0].set_weights(weights)
    gone_on(again, checkpoint=checkpoint, is_resumed=True)


def test_a_checkpoint_that_does_not_say_what_it_began_with_goes_by_its_shapes(
    tmp_path: Path,
) -> None:
    path = tmp_path / "run.npz"
    gone_on(small_one(4), checkpoint=path)
    written = read_checkpoint(path)
    record = msgspec.structs.replace(written.record, initial_sha256=None)
    write_checkpoint(path, msgspec.structs.replace(written, record=record))
    with pytest.raises(TrainingError, match="began with another network"):
        gone_on(None, checkpoint=path, is_resumed=True)
    gone_on(small_one(4), checkpoint=path, is_resumed=True)


def test_what_the_network_wants_to_be_fed_is_what_it_gets() -> None:
    wanted = InputFormat(shape=(784,), scale=255.0, is_inverted=True)
    inputs = keras.Input((784,))
    network = keras.Model(inputs, keras.layers.Dense(2, name="logits")(inputs))
    images = bars().train_images[:4]
    form = ModelMetadata(class_names=("a", "b"), output="logits", input_format=wanted)
    model = training_model(network, form, RECIPE, steps=1, precision="float32", jit_compile=False)
    logits = (255 - images.reshape(4, 784)) @ network.get_weights()[0]
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    expected = shares / shares.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(predict(model, images), expected, atol=1e-3)


def test_16_bits_on_the_way_leave_a_network_of_32() -> None:
    gpu = Device("gpu:0", "Made up", is_gpu=True, has_bfloat16=True)
    trained = Run(
        changed(epochs=3),
        bars(),
        device=gpu,
        listener=lambda event: None,
        control=RunControl(),
    ).train()
    assert {layer.compute_dtype for layer in trained.network.layers} == {"float32"}
    assert trained.history[-1].accuracy > 0.9


def test_what_a_file_says_about_its_run() -> None:
    data = bars()
    recipe = changed(validation_split=0.2, epochs=4, dataset="/home/me/private/bars.npz")
    trained = run(recipe, data, []).train()
    fractions: list[float] = []
    metadata = measured_metadata(
        trained, recipe, data, device_title="CPU", progress=fractions.append
    )
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert metadata.class_names == data.class_names
    assert metadata.test_accuracy == 1
    assert metadata.validation_accuracy == trained.best.validation_accuracy
    assert metadata.recipe["epochs"] == 4
    assert metadata.recipe["dataset"] == metadata.dataset == "bars"
    assert metadata.parameters == sum(row.parameters for row in layer_rows(trained.network))
    packages = {"digitpad", "keras", keras.config.backend(), "tensorflow", "numpy"}
    assert set(metadata.versions) <= packages
    assert metadata.versions["keras"] == keras.__version__
    outputs = trained.model.predict(trained.validation.images, verbose=0)
    fitted = fitted_temperature(outputs, trained.validation.labels)
    assert metadata.temperature == pytest.approx(OUT_OF_DISTRIBUTION_FACTOR * fitted, rel=0.01)


def test_confidence_is_fitted_on_what_people_made() -> None:
    """Made-up drawings that may be either class must not raise the temperature."""
    data, recipe = bars(), changed(validation_split=0.2, epochs=4)
    trained = run(recipe, data, []).train()
    calibration = trained.calibration
    doubtful = replace(calibration, targets=np.roll(calibration.targets, 1, axis=1))
    both = Split(
        np.concatenate([calibration.images, doubtful.images]),
        np.concatenate([calibration.targets, doubtful.targets]),
        np.repeat([True, False], len(calibration)),
    )
    settled, mixed = (
        measured_metadata(
            replace(trained, calibration=split), recipe, data, device_title="CPU"
        ).temperature
        for split in (both, replace(both, is_real=None))
    )
    alone = measured_metadata(trained, recipe, data, device_title="CPU").temperature
    assert settled == pytest.approx(alone)
    assert mixed > 1.5 * alone


def test_an_epochs_checkpoint_is_written_before_the_epoch_is_told(tmp_path: Path) -> None:
    path = tmp_path / "run.resume.npz"
    written: list[int] = []

    def look(event: Event) -> None:
        if isinstance(event, EpochFinished):
            written.append(len(read_checkpoint(path).record.history))

    recipe = changed(epochs=3)
    Run(recipe, bars(), device=CPU, listener=look, control=RunControl()).train(checkpoint=path)
    assert written == [1, 2, 3]


def test_a_run_killed_after_its_last_epoch_goes_on_with_what_it_has_learned(
    tmp_path: Path,
) -> None:
    path = tmp_path / "run.resume.npz"
    recipe = changed(epochs=2, use_ema=True)
    first = run(recipe, bars(), []).train(checkpoint=path)
    again = run(recipe, bars(), []).train(checkpoint=path, is_resumed=True)
    assert again.history == first.history
    for one, other in zip(first.network.get_weights(), again.network.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_recipes_own_batch_size_is_lowered_for_small_data_and_said() -> None:
    events: list[Event] = []
    recipe = msgspec.structs.replace(RECIPES["dense128"], epochs=1, dataset="bars")
    begun = run(recipe, bars(images=30), events)
    begun.train()
    assert begun.recipe.batch_size == 30
    started = next(event for event in events if isinstance(event, Started))
    assert f"The batch size is 30 instead of {recipe.batch_size}" in started.device_note
    with pytest.raises(RecipeError, match="choose at most 30"):
        run(msgspec.structs.replace(recipe, batch_size=31), bars(images=30), [])


def test_classes_of_data_are_matched_with_those_of_the_network_by_name() -> None:
    data = bars()  # left, middle, right
    matched = with_classes_of(data, ("Right", "far", "LEFT", "middle"))
    assert matched.class_names == ("Right", "far", "LEFT", "middle")
    assert matched.train_labels[:3].tolist() == [2, 3, 0]
    assert matched.test_labels is not None
    assert matched.test_labels[:3].tolist() == [2, 3, 0]
    assert with_classes_of(data, data.class_names) is data
    with pytest.raises(DatasetError, match="does not know the data's class 'right'"):
        with_classes_of(data, ("left", "middle", "far"))
    with pytest.raises(DatasetError, match="The data has left, middle, right; the model has 0, 1"):
        with_classes_of(data, ("0", "1"))
