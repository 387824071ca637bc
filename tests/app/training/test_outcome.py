"""Each way for a run to end, told from the facts, without a process."""

import signal
from typing import Any

import pytest

from app.child.process import ChildEnd, EndedBy
from app.training.outcome import Ending, RunOutcome, ended_run, percent_right, signal_name
from model.run_events import Failed, Finished, StoppedAt


def finished(
    *,
    was_stopped: bool = False,
    test_accuracy: float | None = 0.993,
    validation_accuracy: float | None = 0.98,
    stopped_at: StoppedAt | None = None,
) -> Finished:
    return Finished(
        file="/models/new.keras",
        litert_file="/models/new.tflite",
        test_accuracy=test_accuracy,
        validation_accuracy=validation_accuracy,
        epochs=3,
        was_stopped=was_stopped,
        seconds=12.0,
        stopped_at=stopped_at,
        measured_on="MNIST, 10,000 images",
    )


def ended(*, has_epochs: bool = False, memory_ran_out: bool = False, **end: Any) -> RunOutcome:
    return ended_run(ChildEnd(**end), has_epochs=has_epochs, memory_ran_out=memory_ran_out)


def test_a_run_to_its_end_names_the_test_accuracy() -> None:
    outcome = ended(result=finished())
    assert outcome.ending is Ending.FINISHED
    assert outcome.finished is not None
    assert not outcome.is_trouble
    assert outcome.sentence() == "Training finished. Test accuracy 99.30 % (MNIST, 10,000 images)"


def test_without_a_test_split_the_validation_images_count() -> None:
    outcome = ended(result=finished(test_accuracy=None))
    assert outcome.sentence() == (
        "Training finished. Validation accuracy 98.00 % (MNIST, 10,000 images)"
    )


def test_a_run_stopped_between_epochs_says_after_how_many() -> None:
    outcome = ended(result=finished(was_stopped=True), ended_by=EndedBy.STOP)
    assert outcome.ending is Ending.STOPPED
    assert not outcome.is_trouble
    assert outcome.sentence().startswith("Stopped after 3 epochs, 98.00 % on validation. Test")


def test_a_run_stopped_amidst_an_epoch_says_where() -> None:
    at = StoppedAt(epoch=1, batch=493, batches=1875, is_kept=True)
    result = finished(was_stopped=True, validation_accuracy=0.909, stopped_at=at)
    sentence = ended(result=result, ended_by=EndedBy.STOP).sentence()
    where = "Stopped in epoch 1 after 493 of 1,875 batches, 90.90 % on validation."
    assert sentence.startswith(where)
    earlier = StoppedAt(epoch=2, batch=1, batches=9, is_kept=False)
    result = finished(was_stopped=True, stopped_at=earlier)
    assert "an earlier epoch was better and is kept" in ended(result=result).sentence()


def test_a_crash_on_windows_is_told_by_its_name() -> None:
    assert signal_name(-1073741819) == "0xC0000005 (access violation)"
    assert signal_name(0xC0000BAD) == "0xC0000BAD (crash)"
    assert signal_name(11) == "SIGSEGV"
    assert signal_name(999) == "signal 999"


def test_only_what_is_all_right_has_a_hundred_percent() -> None:
    assert percent_right(1.0) == "100 %"
    assert percent_right(0.99999) == "99.99 %"


@pytest.mark.parametrize("how", [{"signal_number": 9}, {"exit_code": 0}, {"exit_code": 2}])
def test_a_stop_before_the_first_epoch_keeps_nothing(how: dict[str, int]) -> None:
    outcome = ended(ended_by=EndedBy.STOP, **how)
    assert outcome.ending is Ending.STOPPED
    assert outcome.finished is None
    assert "nothing to keep" in outcome.sentence()


def test_a_stopped_child_that_dies_while_it_keeps_is_trouble() -> None:
    outcome = ended(ended_by=EndedBy.STOP, has_epochs=True, signal_number=9)
    assert outcome.ending is Ending.UNKEPT
    assert outcome.is_trouble
    assert "before it had saved" in outcome.sentence()


def test_a_child_that_says_it_was_stopped_too_early_has_not_failed() -> None:
    failed = Failed(kind="StoppedError", sentence="Stopped too early.")
    outcome = ended(result=failed, ended_by=EndedBy.STOP, exit_code=2)
    assert outcome.ending is Ending.STOPPED
    assert not outcome.is_trouble
    assert outcome.finished is None


def test_a_failed_run_speaks_with_the_childs_words() -> None:
    failed = Failed(kind="DatasetError", sentence="MNIST is not here.", detail="404")
    outcome = ended(result=failed, exit_code=2)
    assert outcome.ending is Ending.FAILED
    assert outcome.is_trouble
    assert outcome.sentence() == "MNIST is not here."
    assert "404" in outcome.detail()


def test_a_crash_names_its_signal_and_keeps_what_it_printed() -> None:
    outcome = ended(
        signal_number=signal.SIGSEGV,
        error_tail="Fatal: bad",
        ignored_lines=4,
    )
    assert outcome.ending is Ending.CRASHED
    assert "crashed (SIGSEGV)" in outcome.sentence()
    assert "model in use is unchanged" in outcome.sentence()
    assert "Fatal: bad" in outcome.detail()
    assert "no events: 4" in outcome.detail()


def test_a_signal_without_a_name_is_given_by_number() -> None:
    outcome = ended(signal_number=250)
    assert "crashed (signal 250)" in outcome.sentence()


def test_an_exit_without_a_last_word_is_a_crash() -> None:
    outcome = ended(exit_code=1)
    assert outcome.ending is Ending.CRASHED
    assert "exit code 1" in outcome.sentence()


@pytest.mark.parametrize("number", [9, signal.SIGTERM])
def test_a_process_ended_from_outside_is_no_crash(number: int) -> None:
    outcome = ended(signal_number=number)
    assert outcome.ending is Ending.KILLED
    assert "ended from outside" in outcome.sentence()


def test_killed_while_the_system_ran_out_of_memory() -> None:
    outcome = ended(signal_number=9, memory_ran_out=True)
    assert outcome.ending is Ending.OUT_OF_MEMORY
    assert "choose a smaller batch" in outcome.sentence()


def test_the_memory_of_others_does_not_explain_a_crash() -> None:
    outcome = ended(signal_number=11, memory_ran_out=True)
    assert outcome.ending is Ending.CRASHED


@pytest.mark.parametrize(
    "printed",
    [
        "MemoryError: Unable to allocate 9 GiB",
        "terminate called after throwing an instance of 'std::bad_alloc'",
        "RESOURCE_EXHAUSTED: OOM when allocating tensor",
    ],
)
def test_memory_that_could_not_be_had_is_told_from_what_was_printed(printed: str) -> None:
    outcome = ended(signal_number=6, error_tail=printed)
    assert outcome.ending is Ending.OUT_OF_MEMORY


def test_a_bug_for_want_of_memory_is_told_as_such() -> None:
    failed = Failed(kind="bug", sentence="This is a bug.", detail="ResourceExhaustedError: …")
    outcome = ended(result=failed, exit_code=1)
    assert outcome.ending is Ending.OUT_OF_MEMORY
    assert "out of memory" in outcome.sentence()
    assert "ResourceExhausted" in outcome.detail()


def test_silence_says_how_long_it_lasted() -> None:
    outcome = ended(ended_by=EndedBy.IDLE_TIMEOUT, signal_number=15, idle_ms=60_000)
    assert outcome.ending is Ending.SILENT
    assert "said nothing for 60 s" in outcome.sentence()


def test_a_crash_after_the_last_word_loses_nothing() -> None:
    outcome = ended(result=finished(), signal_number=11)
    assert outcome.ending is Ending.FINISHED
    assert outcome.finished is not None


def test_not_started() -> None:
    outcome = RunOutcome(ending=Ending.NOT_STARTED, end=ChildEnd(error_tail="No such file"))
    assert "could not be started" in outcome.sentence()
    assert "No such file" in outcome.detail()


@pytest.mark.parametrize("ending", Ending)
def test_every_ending_has_a_sentence(ending: Ending) -> None:
    sentence = RunOutcome(ending=ending).sentence()
    assert sentence.endswith(".")
    assert len(sentence) > 20
