"""`digitpad export` as far as it is its own: how it ends."""

import contextlib
import os
import signal
from argparse import Namespace
from collections.abc import Callable

import pytest

from model.commands import export


@pytest.mark.skipif(os.name == "nt", reason="sends a signal to its own process")
def test_an_interrupt_that_a_library_loses_still_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGINT)

    def exported(_: Namespace, report: Callable[[str, float | None], None]) -> None:
        report("Building the network", None)
        with contextlib.suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
            pytest.fail("no interrupt")
        report("Exporting", None)
        pytest.fail("it goes on")

    monkeypatch.setattr(export, "_exported", exported)
    with pytest.raises(KeyboardInterrupt):
        export.run(Namespace(json=False))
    assert signal.getsignal(signal.SIGINT) is before
