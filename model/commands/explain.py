"""`digitpad explain`: explanations of the answers to the rows of a strokes file."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.commands.model_option import add_model_option, converted_file
from model.errors import DigitpadError, ExplanationError, StrokesError
from model.files.text import visible

if TYPE_CHECKING:
    from model.data.stroke_files import StrokesRow
    from model.explain.explanation import Explanation
    from model.explain.flips import MissingStroke
    from model.explain.neighbours import Neighbours, Resemblance
    from model.recognizer import Recognizer


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "explain",
        help="say why strokes are recognised as they are",
        description="Say of each row of a strokes file which pieces speak for the answer, what is"
        " missing for another one, and which training digits it resembles.",
        epilog="A piece's weight is what it adds to the log margin between the answer and the"
        " class against.",
    )
    parser.add_argument(
        "--strokes",
        type=Path,
        metavar="FILE.jsonl",
        required=True,
        help='strokes file; "-" is standard input',
    )
    parser.add_argument(
        "--against", metavar="CLASS", help="class to weigh the answer against; the runner-up's"
    )
    add_model_option(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object a row")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Explain each row.

    Returns:
        0, or 2 where a row could not be explained; the others are explained all the same.
    """
    from model.activations.watched_network import WatchedNetwork
    from model.data.stroke_files import read_strokes
    from model.explain.neighbours import Neighbours
    from model.explain.questions import THREADS
    from model.recognizer import Recognizer

    litert_file = converted_file(arguments.model, arguments.pixels)
    recognizer = Recognizer.from_files(litert_file, threads=THREADS)
    against = _class_named(arguments.against, recognizer)
    neighbours = Neighbours.of_network(WatchedNetwork.from_files(litert_file))
    code = 0
    for number, row in read_strokes(arguments.strokes):
        try:
            explained = _Explained(recognizer, neighbours, row, against)
        except DigitpadError as error:
            _complain(number, error, as_json=arguments.json)
            code = 2
            continue
        line = explained.as_json(number) if arguments.json else explained.as_text(number)
        sys.stdout.write(f"{line}\n")
        # A program that sends rows through a pipe waits for each explanation.
        sys.stdout.flush()
    return code


def _class_named(name: str | None, recognizer: "Recognizer") -> int | None:
    if name is None:
        return None
    names = recognizer.metadata.class_names
    if name not in names:
        raise ExplanationError(f"There is no class {name!r}; choose one of {', '.join(names)}.")
    return names.index(name)


def _complain(number: int, error: DigitpadError, *, as_json: bool) -> None:
    import msgspec

    sys.stdout.flush()
    if as_json:
        sys.stdout.write(msgspec.json.encode({"row": number, "error": error.sentence}).decode())
        sys.stdout.write("\n")
    sys.stderr.write(f"digitpad: Row {number}: {visible(error.sentence.rstrip('.'))}.\n")


class _Explained:
    """One row's explanation, to be printed."""

    def __init__(
        self,
        recognizer: "Recognizer",
        neighbours: "Neighbours",
        row: "StrokesRow | StrokesError",
        against: int | None,
    ) -> None:
        from model.explain.explanation import explain, search_thoroughly

        if isinstance(row, StrokesError):
            raise row
        self._names = recognizer.metadata.class_names
        found = explain(recognizer, row.strokes, against=against)
        target = None if against == found.recognition.digit else against
        if not found.has_stroke_towards(target):
            found = search_thoroughly(recognizer, row.strokes, found, target=target)
        self._explanation: Explanation = found
        self._resemblance: Resemblance = neighbours.of(self._explanation.steps.ink)

    def as_json(self, number: int) -> str:
        """Return one JSON object."""
        import msgspec

        found, resemblance = self._explanation, self._resemblance
        deciding = found.deciding
        return msgspec.json.encode(
            {
                "row": number,
                "digit": found.recognition.digit,
                "label": found.recognition.label,
                "confidence": round(found.recognition.confidence, 6),
                "verdict": found.recognition.verdict.value,
                "against": found.against,
                "pieces": [
                    {
                        "stroke": each.piece.stroke,
                        "from": each.piece.first,
                        "to": each.piece.last,
                        "weight": round(each.weight, 4),
                    }
                    for each in found.pieces
                ],
                "missing": list(map(_missing_as_json, found.missing)),
                "deciding": deciding
                and {
                    "stroke": deciding.stroke,
                    "from": deciding.first,
                    "to": deciding.last,
                    "digit": deciding.recognition.digit,
                    "confidence": round(deciding.recognition.confidence, 6),
                    "length": round(deciding.length, 4),
                },
                "nearest": [
                    {
                        "label": each.label,
                        "distance": round(each.distance, 4),
                        "source": each.source,
                    }
                    for each in resemblance.nearest
                ],
                "typical": round(resemblance.typical, 4),
            }
        ).decode()

    def as_text(self, number: int) -> str:
        """Return a few lines for people."""
        found = self._explanation
        label, other = found.recognition.label, self._names[found.against]
        lines = [f"row {number}: {label} ({found.recognition.confidence:.0%}), against {other}"]
        for each in sorted(found.pieces, key=lambda each: -abs(each.weight))[:3]:
            place = f"stroke {each.piece.stroke + 1}, points {each.piece.first}-{each.piece.last}"
            side = "for" if each.weight > 0 else "against"
            left = each.without.probabilities[found.recognition.digit]
            lines.append(f"  {side} {label}: {place} (without it {left:.0%})")
        lines += [
            f"  with a stroke of {each.length:.0%} of its height it would be a"
            f" {each.recognition.label} ({each.recognition.confidence:.0%})"
            for each in found.missing
        ]
        nearest = ", ".join(each.label for each in self._resemblance.nearest)
        lines.append(f"  resembles {nearest}; typical {self._resemblance.typical:.0%}")
        return "\n".join(lines)


def _missing_as_json(missing: "MissingStroke") -> dict[str, object]:
    return {
        "points": [[round(x, 3), round(y, 3)] for x, y in missing.points.tolist()],
        "digit": missing.recognition.digit,
        "confidence": round(missing.recognition.confidence, 6),
        "length": round(missing.length, 4),
    }
