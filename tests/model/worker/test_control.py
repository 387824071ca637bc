"""Requests to a run."""

import pytest

from model.protocol import Probe
from model.worker.control import MAX_WAITING_PROBES, AbandonedError, RunControl, StoppedError

INK = (0,) * 784


def test_probes_are_answered_in_order_and_the_oldest_of_too_many_forgotten() -> None:
    control = RunControl()
    for number in range(MAX_WAITING_PROBES + 3):
        control.ask(Probe(number=number, ink=INK))
    taken = []
    while probe := control.next_probe():
        taken.append(probe.number)
    assert taken == list(range(3, MAX_WAITING_PROBES + 3))


def test_a_run_that_nobody_ends_goes_on() -> None:
    RunControl().check()


def test_a_stop_is_not_the_end_of_the_window() -> None:
    control = RunControl()
    control.stop()
    assert not control.is_abandoned
    with pytest.raises(StoppedError):
        control.check()


def test_an_abandoned_run_is_stopped_as_well() -> None:
    control = RunControl()
    control.abandon()
    assert control.is_stop_requested
    with pytest.raises(AbandonedError):
        control.check()
