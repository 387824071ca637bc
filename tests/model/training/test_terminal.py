"""What a person sees of a run in a terminal."""

import io

from rich.console import Console

from model.metadata import EpochFigures
from model.run_events import EpochFinished, Preparing, Progress, Started
from model.training.terminal import TerminalView

STARTED = Started(
    device="CPU (2 cores)",
    device_note="No GPU; install Digitpad's extra gpu (see README).",
    layers=(),
    parameters=101_770,
    training_images=950,
    validation_images=50,
    batches=10,
    epochs=12,
    class_names=("0", "1"),
)
PROGRESS = Progress(
    epoch=2, batch=5, loss=0.25, accuracy=0.875, images_per_second=1234.6, seconds_left=125
)


def shown(*events: object, is_terminal: bool = True) -> str:
    output = io.StringIO()
    console = Console(file=output, width=120, force_terminal=is_terminal, color_system=None)
    view = TerminalView(console)
    with view.live():
        for event in events:
            view.show(event)
    return output.getvalue()


def test_the_bar_tells_how_far_and_how_good() -> None:
    text = shown(STARTED, PROGRESS)
    for part in ("Epoch 2/12", "15/120", "loss 0.2500", "87.50%", "1,235 images/s", "2:05 left"):
        assert part in text


def test_an_epoch_gets_a_row() -> None:
    figures = EpochFigures(
        epoch=3,
        loss=0.1,
        accuracy=0.97,
        validation_loss=0.09,
        validation_accuracy=0.9812,
        seconds=4.2,
    )
    text = shown(STARTED, EpochFinished(figures=figures, is_best=True), is_terminal=False)
    assert "Epoch  3/12  loss 0.1000  accuracy 97.00%  validation: loss 0.0900" in text
    assert "accuracy 98.12%  4.2 s  best" in text


def test_brackets_are_shown_as_they_are() -> None:
    assert "extra gpu" in shown(STARTED)


def test_what_is_being_prepared_is_said() -> None:
    assert "Reading the data" in shown(Preparing(activity="Reading the data"))


def test_a_folders_name_is_no_markup_and_gives_no_orders() -> None:
    text = shown(Preparing(activity="Reading pictures of a[/red] [blink]b\x1b[31m\u202ec"))
    assert "a[/red] [blink]b\\x1b[31m\\u202ec" in text
