"""One training as a value, from the form and the command line to the process that trains."""

from dataclasses import dataclass
from pathlib import Path

from model.recipes import Recipe

AUTO_DEVICE = "auto"

NOTE_SUFFIX = ".job.json"
"""Ends the name of the hidden file that notes the job of a run, beside the model file."""


@dataclass(frozen=True, kw_only=True)
class TrainingJob:
    """What to train, and where its files are.

    Attributes:
        recipe: How to train, and on which data set.
        out: The `.keras` file to write.
        data_folder: Searched first for the data; None for the usual folders.
        device: `auto`, `cpu`, `gpu`, `gpu:N` or `gpus`.
        from_model: The model file whose weights the run starts with; None for fresh weights.
        compare_with: The converted network of a model to measure on the same images as the new one;
            None for none.
        is_resumed: Whether to resume an interrupted run that wrote to `out`.
        invert: Whether to turn the user's own images, dark ink to light; None to refuse them where
            they seem to need it.
        tensorboard: The folder for TensorBoard's logs, one folder in it a run; None for none.
        processes: `HOST:PORT,HOST:PORT,...` of all processes that train together; empty for one.
        process_id: The index of this process among them, from 0.
    """

    recipe: Recipe
    out: Path
    data_folder: Path | None = None
    device: str = AUTO_DEVICE
    from_model: Path | None = None
    compare_with: Path | None = None
    is_resumed: bool = False
    invert: bool | None = None
    tensorboard: Path | None = None
    processes: str = ""
    process_id: int | None = None
