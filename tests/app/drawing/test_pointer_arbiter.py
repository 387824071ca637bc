"""One movement of the hand is one stroke, in whichever order its events come."""

from itertools import permutations

import pytest

from app.drawing.pointer_arbiter import Decision, Pointer, PointerArbiter

HERE, NEAR, FAR = (100.0, 100.0), (108.0, 96.0), (300.0, 220.0)


@pytest.fixture
def arbiter() -> PointerArbiter:
    return PointerArbiter()


@pytest.mark.parametrize("better", [Pointer.TOUCH, Pointer.PEN])
def test_the_mouse_is_silent_while_a_better_device_draws(arbiter, better):
    assert arbiter.press(better, HERE, 0) is Decision.START
    assert arbiter.press(Pointer.MOUSE, NEAR, 0) is Decision.IGNORE
    assert arbiter.draws(better)
    assert not arbiter.draws(Pointer.MOUSE)


@pytest.mark.parametrize("better", [Pointer.TOUCH, Pointer.PEN])
def test_a_better_device_takes_over_the_stroke_that_its_echo_began(arbiter, better):
    arbiter.press(Pointer.MOUSE, HERE, 0)
    assert arbiter.press(better, NEAR, 0) is Decision.TAKE_OVER
    assert arbiter.draws(better)
    arbiter.lift(Pointer.MOUSE, NEAR, 0)
    assert arbiter.draws(better)


def test_the_ball_of_the_hand_gives_way_to_the_pen(arbiter):
    arbiter.press(Pointer.TOUCH, FAR, 0)
    assert arbiter.press(Pointer.PEN, HERE, 0.1) is Decision.TAKE_OVER


@pytest.mark.parametrize("place", [HERE, NEAR])
def test_an_echo_after_the_pen_has_lifted_draws_nothing(arbiter, place):
    arbiter.press(Pointer.PEN, HERE, 0)
    arbiter.lift(Pointer.PEN, FAR, 1)
    assert arbiter.press(Pointer.MOUSE, place, 1.3) is Decision.IGNORE


def test_an_echo_that_came_whole_before_the_pen_is_taken_back(arbiter):
    arbiter.press(Pointer.MOUSE, HERE, 0)
    arbiter.lift(Pointer.MOUSE, FAR, 0.01)
    assert arbiter.press(Pointer.PEN, NEAR, 0.02) is Decision.REPLACE_LAST


def test_a_dot_of_the_mouse_half_a_second_before_the_pen_is_no_echo(arbiter):
    arbiter.press(Pointer.MOUSE, HERE, 0)
    arbiter.lift(Pointer.MOUSE, HERE, 0.05)
    assert arbiter.press(Pointer.PEN, HERE, 0.5) is Decision.START


@pytest.mark.parametrize(("place", "seconds"), [(FAR, 0.2), (HERE, 2.0)])
def test_the_mouse_draws_again_elsewhere_and_later(arbiter, place, seconds):
    arbiter.press(Pointer.PEN, HERE, 0)
    arbiter.lift(Pointer.PEN, HERE, 0)
    assert arbiter.press(Pointer.MOUSE, place, seconds) is Decision.START


def test_two_quick_strokes_of_the_pen_are_two(arbiter):
    arbiter.press(Pointer.PEN, HERE, 0)
    arbiter.lift(Pointer.PEN, HERE, 0.05)
    assert arbiter.press(Pointer.PEN, HERE, 0.1) is Decision.START


@pytest.mark.parametrize("pointer", list(Pointer))
def test_a_second_press_of_one_device_tells_that_a_lift_got_lost(arbiter, pointer):
    arbiter.press(pointer, HERE, 0)
    assert arbiter.press(pointer, FAR, 5) is Decision.FINISH_LOST
    assert arbiter.draws(pointer)


def test_a_cancelled_stroke_is_nobody_s(arbiter):
    arbiter.press(Pointer.MOUSE, HERE, 0)
    arbiter.cancel()
    assert not any(arbiter.draws(pointer) for pointer in Pointer)


@pytest.mark.parametrize("order", sorted(set(permutations("PPMM"))))
def test_any_interleaving_of_a_pen_s_stroke_and_its_echo_is_one_stroke(arbiter, order):
    """`P` is the pen's press, then its lift; `M` the mouse's."""
    strokes = 0
    down: set[Pointer] = set()
    for number, letter in enumerate(order):
        pointer = Pointer.PEN if letter == "P" else Pointer.MOUSE
        seconds = number * 0.002
        if pointer not in down:
            down.add(pointer)
            decision = arbiter.press(pointer, HERE, seconds)
            strokes += {Decision.START: 1}.get(decision, 0)
        else:
            arbiter.lift(pointer, HERE, seconds)
    assert strokes == 1
