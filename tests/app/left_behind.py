"""What a window that was killed in the middle of a run leaves in the models folder."""

from app.training.interrupted_runs import note_order
from app.training.order import TrainingOrder
from model.metadata import EpochFigures
from model.training.checkpoint import (
    Checkpoint,
    CheckpointRecord,
    checkpoint_path,
    write_checkpoint,
)

_FIGURES = EpochFigures(
    epoch=1, loss=1.0, accuracy=0.5, validation_loss=None, validation_accuracy=None, seconds=1.0
)


def leave_behind(order: TrainingOrder, *, epochs: int) -> None:
    """Leave the order of a run that had finished some epochs, and its checkpoint."""
    note_order(order)
    record = CheckpointRecord(
        recipe={}, dataset_sha256="", history=(_FIGURES,) * epochs, best_epoch=1
    )
    checkpoint = Checkpoint(record=record, variables=[], best_weights=[])
    write_checkpoint(checkpoint_path(order.out), checkpoint)
