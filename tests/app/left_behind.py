"""What a window that was killed in the middle of a run leaves in the models folder."""

from app.training.run_files import note_job
from model.checkpoint_file import (
    Checkpoint,
    CheckpointRecord,
    checkpoint_path,
    write_checkpoint,
)
from model.metadata import EpochFigures
from model.training_job import TrainingJob

_FIGURES = EpochFigures(
    epoch=1, loss=1.0, accuracy=0.5, validation_loss=None, validation_accuracy=None, seconds=1.0
)


def leave_behind(job: TrainingJob, *, epochs: int) -> None:
    """Leave the note of a run that had finished some epochs, and its checkpoint."""
    note_job(job)
    record = CheckpointRecord(
        recipe={}, dataset_sha256="", history=(_FIGURES,) * epochs, best_epoch=1
    )
    checkpoint = Checkpoint(record=record, variables=[], best_weights=[])
    write_checkpoint(checkpoint_path(job.out), checkpoint)
