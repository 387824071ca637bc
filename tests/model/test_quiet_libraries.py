"""Keeping the lines of C++ libraries out of the terminal."""

import os
import threading

import pytest

from model.quiet_libraries import quiet_libraries


def test_lines_on_the_descriptor_are_dropped_inside_only(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_libraries():
        os.write(2, b"inside")
    os.write(2, b"outside")
    assert capfd.readouterr().err == "outside"


def test_standard_error_comes_back_when_two_threads_overlap(
    capfd: pytest.CaptureFixture[str],
) -> None:
    second_is_inside, first_is_outside = threading.Event(), threading.Event()

    def be_second() -> None:
        with quiet_libraries():
            second_is_inside.set()
            assert first_is_outside.wait(10)
            os.write(2, b"still quiet")

    second = threading.Thread(target=be_second)
    with quiet_libraries():
        second.start()
        assert second_is_inside.wait(10)
    first_is_outside.set()
    second.join(10)
    os.write(2, b"after both")
    assert capfd.readouterr().err == "after both"


def test_it_is_restored_after_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="inside"), quiet_libraries():
        raise ValueError("inside")
    os.write(2, b"outside")
    assert capfd.readouterr().err == "outside"
