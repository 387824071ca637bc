"""A training job from its data to its model file.

Keras is imported only when the job runs, because that takes seconds.
"""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from model.checkpoint_file import checkpoint_path
from model.data.datasets import Dataset, load_dataset
from model.errors import TrainingError
from model.files.atomic_file import check_writable
from model.metadata import InputFormat, shown_name
from model.progress import ReportProgress
from model.recipes import FINE_TUNING, Recipe, changed_recipe
from model.run_events import STARTING, Acceptance, Finished, Listener, Preparing
from model.training_job import TrainingJob
from model.worker.control import RunControl

COMPARING = "Measuring the model before on the same images, to compare"

LEAST_VALIDATION_SPLIT = 0.1
"""Of data without a test split."""

if TYPE_CHECKING:
    from collections.abc import Sequence

    import keras

    from model.metadata import ModelMetadata
    from model.training.run import Run


def run_job(job: TrainingJob, listener: Listener, control: RunControl) -> Finished:
    """Load the data, train, measure, convert and write.

    Args:
        job: What to do.
        listener: Gets every event but the terminal one.
        control: Requests to stop, and probes.

    Returns:
        The terminal event.

    Raises:
        DigitpadError: If the job can't be done; `out` is as it was.
        AbandonedError: If the listener is gone.
    """
    _check_text(job.recipe.dataset)
    _check_text(str(job.out))
    _check_out(job.out)

    def report(activity: str, fraction: float | None = None) -> None:
        control.check()
        listener(Preparing(activity=activity, fraction=fraction))

    report(STARTING)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from model.training.previous_model import images_in_words, measured_split
    from model.training.saving import keep_model

    # First: a folder that can't be written is reported before the data are read.
    logs = _log_callbacks(job)
    run = _prepared_run(job, listener, control, report, logs)
    checkpoint = checkpoint_path(job.out)
    began = time.monotonic()
    trained = run.train(checkpoint=checkpoint, is_resumed=job.is_resumed)
    seconds = time.monotonic() - began
    metadata, litert_file = keep_model(
        trained,
        run.recipe,
        run.data,
        out=job.out,
        device_title=run.device.title,
        listener=listener,
    )
    checkpoint.unlink(missing_ok=True)
    measured = measured_split(run.data, trained.validation)
    previous_accuracy = None
    if job.compare_with is not None and measured is not None:
        previous_accuracy = _previous_accuracy(job.compare_with, measured, listener, control)
    acceptance = _acceptance(job, run.data, litert_file, listener)
    return Finished(
        file=str(job.out),
        litert_file=str(litert_file),
        test_accuracy=metadata.test_accuracy,
        validation_accuracy=metadata.validation_accuracy,
        epochs=len(trained.history),
        was_stopped=trained.was_stopped,
        seconds=seconds,
        stopped_at=trained.stopped_at,
        measured_on="" if measured is None else images_in_words(measured),
        previous_accuracy=previous_accuracy,
        acceptance=acceptance,
    )


def _previous_accuracy(
    litert_file: Path, measured: Dataset, listener: Listener, control: RunControl
) -> float | None:
    """Measure the model before on the same images; None where that is skipped or impossible."""
    from model.training.previous_model import SkippedError, accuracy_of

    shown = -1

    def report(fraction: float) -> None:
        nonlocal shown
        if control.is_skip_requested or control.is_abandoned:
            raise SkippedError
        if round(fraction * 100) > shown:
            shown = round(fraction * 100)
            listener(Preparing(activity=COMPARING, fraction=fraction, can_skip=True))

    try:
        report(0.0)
        return accuracy_of(litert_file, measured, report)
    except SkippedError:
        return None


def _acceptance(
    job: TrainingJob, data: Dataset, litert_file: Path, listener: Listener
) -> Acceptance | None:
    """Judge a fine-tuned network beside the one before; None for other runs."""
    if job.recipe.name != FINE_TUNING or job.compare_with is None or data.test_images is None:
        return None
    from model.hand.fine_tuning import judge_fine_tuned
    from model.recognizer import Recognizer

    listener(Preparing(activity="Comparing with the model in use on other people's digits"))
    judgement = judge_fine_tuned(
        Recognizer.from_files(job.compare_with),
        Recognizer.from_files(litert_file),
        data.test_images,
        np.asarray(data.test_labels, np.int64),
        data.class_names,
    )
    if judgement is None:
        return None
    return Acceptance(
        is_accepted=judgement.is_accepted,
        sentence=judgement.sentence(),
        figures=judgement.as_row(),
    )


def _prepared_run(
    job: TrainingJob,
    listener: Listener,
    control: RunControl,
    report: ReportProgress,
    logs: "Sequence[keras.callbacks.Callback]",
) -> "Run":
    """Read the data, and build the run on its device."""
    from model.training.classes import with_classes_of
    from model.training.devices import chosen_device, use_device
    from model.training.distributed import ALONE, processes_from
    from model.training.run import Run
    from model.training.split import splits_for

    processes = processes_from(job.processes, job.process_id) if job.processes else ALONE
    processes.join()
    device = chosen_device(job.device)
    use_device(device)
    report("Reading the data", None)
    data = load_dataset(
        job.recipe.dataset,
        folder=job.data_folder,
        progress=report,
        seed=job.recipe.seed,
        invert=job.invert,
    )
    recipe = recipe_for(job.recipe, data)
    report("Building the network", None)
    initial = initial_model(job.from_model, recipe) if job.from_model else None
    if initial is not None:
        data = with_classes_of(data, initial[1].class_names)
    splits = splits_for(recipe, data, report)
    return Run(
        recipe,
        data,
        device=device,
        listener=listener,
        control=control,
        initial=initial,
        splits=splits,
        processes=processes,
        callbacks=logs,
    )


def _log_callbacks(job: TrainingJob) -> "list[keras.callbacks.Callback]":
    """Return the callbacks that write the logs that were asked for."""
    from model.training.tensorboard import tensorboard_callback

    if job.tensorboard is None or job.process_id:
        return []  # of several processes the first one logs
    return [tensorboard_callback(job.tensorboard, job.out.stem)]


def recipe_for(recipe: Recipe, data: Dataset) -> Recipe:
    """Return the recipe for data: without a test split, some images validate in any case.

    Otherwise the network could not be measured.
    """
    if data.test_images is not None or recipe.validation_split:
        return recipe
    return changed_recipe(recipe, validation_split=LEAST_VALIDATION_SPLIT)


def _check_text(path: str) -> None:
    """Refuse a path that neither a model file nor an event can hold."""
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise TrainingError(
            f"The name {path!r} holds bytes that are no UTF-8 text; rename it."
        ) from error


def _check_out(out: Path) -> None:
    """Check before the training, not after it, that the file can be written."""
    if out.suffix != ".keras":
        raise TrainingError(f"The model file must end in .keras, unlike {out.name}.")
    if out.is_dir():
        raise TrainingError(f"{out} is a folder; name a file in it.")
    try:
        check_writable(out)
    except OSError as error:
        raise TrainingError(
            f"The model can't be written to {out}: {error.strerror}.", detail=str(error)
        ) from error


def initial_model(path: Path, recipe: Recipe) -> "tuple[keras.Model, ModelMetadata]":
    """Load the network to start from, and its metadata, without running anything of its file.

    Where the recipe's network has the same layers, it takes the weights: it also has dropout and
    other layers for training alone, which a converted network lacks.
    """
    from model.conversion.rebuild import answers_alike, load_network
    from model.training.networks import build_network

    loaded, inspected = load_network(path)
    metadata = inspected.summary.metadata
    wanted = inspected.summary.input_format or metadata.input_format
    metadata = msgspec.structs.replace(
        metadata,
        input_format=msgspec.structs.replace(wanted, shape=inspected.summary.input_shape),
        began_with=inspected.summary.sha256,
        began_with_name=shown_name(path.stem),
    )
    network = build_network(recipe.network, classes=loaded.output_shape[-1])
    has_same_input = metadata.input_format == InputFormat() and metadata.output == "probabilities"
    if not has_same_input or not answers_alike(network, loaded):
        return loaded, metadata
    network.set_weights(loaded.get_weights())
    return network, metadata
