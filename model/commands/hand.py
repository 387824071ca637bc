"""`digitpad hand`: teaching the network by a user's own drawings."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.commands.model_option import add_model_option, converted_file
from model.errors import DigitpadError, HandError, StrokesError
from model.files.text import visible

if TYPE_CHECKING:
    from model.database.hands import Hands, KeptDrawing
    from model.hand.hand import Hand
    from model.hand.taught_recognizer import TaughtRecognizer
    from model.run_events import Finished

ACTIONS = {
    "add": "keep labelled drawings of a strokes file and teach them",
    "learn": "learn from all kept drawings, if that harms nobody",
    "list": "list the hands, or a hand's history",
    "back": "answer again as after an earlier step",
    "remove": "forget a hand with its drawings",
    "export": "write the kept drawings as a strokes file",
}


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "hand",
        help="teach the network how somebody writes",
        description="Teach the network how somebody writes. Nothing leaves this computer.",
        epilog='Rows are {"label": 3, "strokes": [[[x, y], ...], ...]} with y down, one a line.',
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION", dest="action")
    for name, summary in ACTIONS.items():
        action = actions.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
        action.add_argument(
            "--hand", metavar="NAME", required=name != "list", help="whose hand it is"
        )
        _add_options(name, action)
        action.add_argument("--json", action="store_true", help="print one JSON object a line")
        action.set_defaults(func=run)


def _add_options(name: str, action: argparse.ArgumentParser) -> None:
    if name in ("add", "export"):
        action.add_argument(
            "--strokes",
            type=Path,
            metavar="FILE.jsonl",
            required=name == "add",
            help='strokes file; "-" is standard input or output',
        )
    if name in ("add", "learn", "back"):
        add_model_option(action)
    if name == "learn":
        action.add_argument(
            "--fine-tune",
            action="store_true",
            help="train the network itself, on more than 200 kept drawings among others' digits",
        )
        action.add_argument(
            "--out", type=Path, metavar="FILE.keras", help="the tuned model, if it is accepted"
        )
        action.add_argument(
            "--epochs", type=int, metavar="N", help="epochs of fine-tuning (default 3)"
        )
        action.add_argument(
            "--device", default="auto", metavar="NAME", help="where to train (default auto)"
        )
    if name == "back":
        action.add_argument(
            "--to", type=int, metavar="STEP", help="a step of the list; 0 is no hand at all"
        )


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for; return the exit code."""
    from model.database.database import Database
    from model.database.hands import Hands

    with Database() as database:
        if database.notice:
            _complain(database.notice)
        return _RUNS[arguments.action](arguments, Hands(database))


def _add(arguments: argparse.Namespace, hands: "Hands") -> int:
    from model.hand.drawing_rows import read_drawings

    hand = _hand(arguments, hands)
    drawings: list[KeptDrawing] = []
    code = 0
    try:
        for number, row in read_drawings(arguments.strokes):
            if isinstance(row, StrokesError):
                _complain(f"Row {number}: {row.sentence.rstrip('.')}.")
                code = 2
            else:
                drawings.append(row)
    except StrokesError as error:
        _complain(error.sentence)
        code = 2
    kept = hand.keep(drawings) if drawings else []
    fields = {"hand": hand.name, "kept": len(kept), "drawings": hands.sizes().get(hand.name, 0)}
    _print(arguments, fields, f"{hand.name}: {_drawings(len(kept))} kept")
    return code


def _learn(arguments: argparse.Namespace, hands: "Hands") -> int:
    if arguments.fine_tune:
        return _fine_tune(arguments, hands)
    learning = _hand(arguments, hands).learn()
    judgement = learning.judgement
    _print(
        arguments,
        {
            "hand": arguments.hand,
            "accepted": judgement.is_accepted,
            "step": learning.step.id,
            **judgement.as_row(),
        },
        judgement.sentence(),
    )
    return 0


def _fine_tune(arguments: argparse.Namespace, hands: "Hands") -> int:
    from model.converted_model import read_converted_model
    from model.hand.fine_tuning import remember

    if arguments.hand not in hands.sizes():
        raise HandError(f"There is no hand {arguments.hand!r} yet; add drawings to it first.")
    if arguments.out is None:
        raise HandError("--fine-tune makes a new model: say with --out where it is to be written.")
    before = converted_file(arguments.model, arguments.pixels)
    finished = _trained(arguments, before)
    acceptance = finished.acceptance
    if acceptance is None:
        raise HandError("Only models of the ten digits can be fine-tuned to a hand.")
    step = remember(
        hands,
        arguments.hand,
        acceptance,
        before_sha256=read_converted_model(before)[1].source_sha256,
        after_sha256=read_converted_model(Path(finished.litert_file))[1].source_sha256,
    )
    if not acceptance.is_accepted:
        arguments.out.unlink(missing_ok=True)
    fields = {
        "hand": arguments.hand,
        "accepted": acceptance.is_accepted,
        "step": step.id,
        "file": finished.file if acceptance.is_accepted else None,
        **acceptance.figures,
    }
    _print(arguments, fields, acceptance.sentence)
    return 0


def _trained(arguments: argparse.Namespace, before: Path) -> "Finished":
    """Fine-tune, with a progress bar unless JSON is wanted."""
    from model.files.temporary_folders import own_temporary_files
    from model.recipes import FINE_TUNING, RECIPES, changed_recipe
    from model.recognizer import BUNDLED_MODEL
    from model.training.job import run_job
    from model.training.terminal import show_run
    from model.training_job import TrainingJob
    from model.worker.control import RunControl

    recipe = RECIPES[FINE_TUNING]
    if arguments.epochs is not None:
        recipe = changed_recipe(recipe, epochs=arguments.epochs)
    job = TrainingJob(
        recipe=recipe,
        out=arguments.out,
        device=arguments.device,
        from_model=arguments.model or BUNDLED_MODEL,
        compare_with=before,
    )
    with own_temporary_files():
        if arguments.json:
            return run_job(job, lambda _: None, RunControl())
        return show_run(job)


def _list(arguments: argparse.Namespace, hands: "Hands") -> int:
    if arguments.hand is None:
        for name, drawings in hands.sizes().items():
            _print(
                arguments, {"hand": name, "drawings": drawings}, f"{name}: {_drawings(drawings)}"
            )
        return 0
    for step in hands.steps(arguments.hand):
        _print(
            arguments,
            {
                "step": step.id,
                "kind": step.kind.value,
                "time": step.time,
                "model": step.model_sha256,
                **step.figures,
            },
            f"{step.id}  {step.time}  {step.kind.value}  model {step.model_sha256[:8]}"
            + _figures(step.figures),
        )
    return 0


def _figures(figures: dict[str, float]) -> str:
    if "own" not in figures:
        return ""
    return (
        f"  own {figures['own_wrong_before']:.0f} to {figures['own_wrong_after']:.0f}"
        f" of {figures['own']:.0f} wrong, others {figures['others_wrong_untaught']:.0f} to"
        f" {figures['others_wrong_after']:.0f} of {figures['others']:.0f}"
    )


def _back(arguments: argparse.Namespace, hands: "Hands") -> int:
    step = _hand(arguments, hands).go_back(arguments.to)
    target = int(step.figures["to"])
    words = f"as after step {target}" if target else "without this hand"
    _print(
        arguments,
        {"hand": arguments.hand, "step": step.id, "to": target},
        f"The model answers {words}; what is kept from now on counts.",
    )
    return 0


def _remove(arguments: argparse.Namespace, hands: "Hands") -> int:
    drawings = len(hands.drawings(arguments.hand))
    hands.remove(arguments.hand)
    _print(
        arguments,
        {"hand": arguments.hand, "removed": drawings},
        f"{arguments.hand}: {_drawings(drawings)} forgotten",
    )
    return 0


def _export(arguments: argparse.Namespace, hands: "Hands") -> int:
    from model.data.stroke_files import STDIN
    from model.files.atomic_file import write_atomically
    from model.hand.drawing_rows import as_line

    drawings = hands.drawings(arguments.hand)
    lines = "".join(as_line(drawing) + "\n" for drawing in drawings)
    if arguments.strokes is None or arguments.strokes == STDIN:
        sys.stdout.write(lines)
        return 0
    write_atomically(arguments.strokes, lines.encode())
    _print(
        arguments,
        {"hand": arguments.hand, "written": len(drawings), "file": str(arguments.strokes)},
        f"{arguments.strokes}: {_drawings(len(drawings))}",
    )
    return 0


_RUNS: dict[str, Callable[[argparse.Namespace, "Hands"], int]] = {
    "add": _add,
    "learn": _learn,
    "list": _list,
    "back": _back,
    "remove": _remove,
    "export": _export,
}


def _hand(arguments: argparse.Namespace, hands: "Hands") -> "Hand":
    from model.hand.hand import Hand
    from model.hand.teachable_network import TeachableNetwork

    if arguments.action != "add" and arguments.hand not in hands.sizes():
        raise HandError(f"There is no hand {arguments.hand!r} yet; add drawings to it first.")
    return Hand(
        hands,
        arguments.hand,
        TeachableNetwork.from_files(converted_file(arguments.model, arguments.pixels)),
    )


def taught_recognizer(name: str, litert_file: Path) -> "TaughtRecognizer":
    """Return a recogniser with what a hand taught the model, learnt again if it has to be.

    Args:
        name: The hand's.
        litert_file: The converted network, with its record beside it.

    Raises:
        HandError: If there is no such hand.
        ModelFileError: If the network is missing or damaged.
        UserDatabaseError: If the database can't be used.
    """
    from model.database.database import Database
    from model.database.hands import Hands
    from model.hand.hand import Hand
    from model.hand.teachable_network import TeachableNetwork
    from model.refusal import let_bundled_refuse

    with Database() as database:
        if database.notice:
            _complain(database.notice)
        hands = Hands(database)
        if name not in hands.sizes():
            raise HandError(f"There is no hand {name!r}; `digitpad hand list` names all there are.")
        network = TeachableNetwork.from_files(litert_file)
        let_bundled_refuse(network.recognizer)
        hand = Hand(hands, name, network)
        try:
            hand.learn_again()
        except DigitpadError as error:
            # The prototypes answer all the same.
            _complain(error.sentence)
        return hand.recognizer


def _drawings(count: int) -> str:
    return "1 drawing" if count == 1 else f"{count:,} drawings"


def _print(arguments: argparse.Namespace, fields: dict[str, Any], words: str) -> None:
    import msgspec

    line = msgspec.json.encode(fields).decode() if arguments.json else visible(words)
    sys.stdout.write(line + "\n")


def _complain(sentence: str) -> None:
    sys.stdout.flush()
    sys.stderr.write(f"digitpad: {visible(sentence)}\n")
