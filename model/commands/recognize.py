"""`digitpad recognize`: the digits, or the numbers, on pictures and in strokes files."""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.commands.model_option import add_model_option, converted_file
from model.errors import DigitpadError, StrokesError

if TYPE_CHECKING:
    from model.hand.taught_recognizer import TaughtRecognizer
    from model.ink import Strokes
    from model.numbers.reading import Group, Reading
    from model.recognizer import Recognition, Recognizer

    AnyRecognizer = Recognizer | TaughtRecognizer


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "recognize",
        help="recognise pictures or strokes",
        description="Recognise the digit on each picture, or in each row of a strokes file.",
        epilog='Rows are {"strokes": [[[x, y], ...], ...]} with y down, one a line.',
    )
    parser.add_argument("pictures", nargs="*", type=Path, metavar="PICTURE")
    parser.add_argument(
        "--strokes", type=Path, metavar="FILE.jsonl", help='strokes file; "-" is standard input'
    )
    parser.add_argument("--hand", metavar="NAME", help="answer with what that hand taught")
    parser.add_argument("--numbers", action="store_true", help="read several digits, row by row")
    add_model_option(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Recognise what was asked for.

    Returns:
        0, or 2 where something could not be read; everything else is answered all the same.
    """
    if not arguments.pictures and arguments.strokes is None:
        raise StrokesError("Name at least one picture, or a strokes file with --strokes FILE.")
    recognizer = _recognizer(arguments)
    answer = _number_of(recognizer) if arguments.numbers else _digit_of(recognizer)
    code = 0
    for name, given in _inputs(arguments):
        try:
            found = answer(_checked(given))
        except DigitpadError as error:
            _complain(name, error)
            code = 2
            continue
        sys.stdout.write(_as_json(found) if arguments.json else _as_text(name, found))
        sys.stdout.write("\n")
        # A program that sends rows through a pipe waits for each answer.
        sys.stdout.flush()
    return code


def _recognizer(arguments: argparse.Namespace) -> "AnyRecognizer":
    if arguments.hand is not None:
        from model.commands.hand import taught_recognizer

        return taught_recognizer(arguments.hand, converted_file(arguments.model, arguments.pixels))
    from model.recognizer import Recognizer

    return Recognizer.from_files(converted_file(arguments.model, arguments.pixels))


def _inputs(
    arguments: argparse.Namespace,
) -> Iterator[tuple[str, "Path | Strokes | DigitpadError"]]:
    """Yield each input's name and the picture's path, the strokes, or what is wrong with them."""
    for path in arguments.pictures:
        yield str(path), path
    if arguments.strokes is not None:
        from model.data.stroke_files import read_strokes

        try:
            for number, row in read_strokes(arguments.strokes):
                yield f"row {number}", row if isinstance(row, StrokesError) else row.strokes
        except StrokesError as error:
            yield "", error


def _checked(given: "Path | Strokes | DigitpadError") -> "Path | Strokes":
    """Return an input that could be read.

    Raises:
        DigitpadError: If it could not.
    """
    if isinstance(given, DigitpadError):
        raise given
    return given


def _digit_of(
    recognizer: "AnyRecognizer",
) -> "Callable[[Path | Strokes], Recognition]":
    """Return what answers an input with one digit."""

    def answer(given: "Path | Strokes") -> "Recognition":
        # Imported here: rows of strokes need nothing that pictures need.
        if isinstance(given, Path):
            from model.numbers.pictures import recognize_picture
            from model.raster.pictures import open_picture

            return recognize_picture(open_picture(given), recognizer)
        from model.ink import ink_from_strokes

        return recognizer.recognize(ink_from_strokes(given))

    return answer


def _number_of(
    recognizer: "AnyRecognizer",
) -> "Callable[[Path | Strokes], Reading]":
    """Return what answers an input with a number."""
    from model.numbers.reader import NumberReader

    reader = NumberReader(recognizer)

    def answer(given: "Path | Strokes") -> "Reading":
        if isinstance(given, Path):
            from model.numbers.pictures import read_picture
            from model.raster.pictures import open_picture

            return read_picture(open_picture(given), recognizer)
        return reader.read(given)

    return answer


def _complain(name: str, error: DigitpadError) -> None:
    # Answers that came before stand before the complaint, also where both go to one terminal.
    sys.stdout.flush()
    is_named = error.sentence.startswith(Path(name).name)
    where = "" if is_named else ("R" + name[1:] if name.startswith("row ") else name) + ": "
    sys.stderr.write(f"digitpad: {where}{error.sentence.rstrip('.')}.\n")


def _as_text(name: str, answer: "Recognition | Reading") -> str:
    from model.recognizer import Recognition

    label = answer.label if isinstance(answer, Recognition) else " ".join(answer.text.split())
    return f"{name}: {answer.verdict.line(label, answer.confidence)}"


def _as_json(answer: "Recognition | Reading") -> str:
    import msgspec

    from model.recognizer import Recognition

    if isinstance(answer, Recognition):
        return msgspec.json.encode(_digit_fields(answer)).decode()
    number = {
        "text": answer.text,
        "confidence": round(answer.confidence, 6),
        "verdict": answer.verdict.value,
        "digits": [_group_fields(group) for group in answer.groups],
    }
    return msgspec.json.encode(number).decode()


def _digit_fields(answer: "Recognition") -> dict[str, object]:
    return {
        "digit": answer.digit,
        "confidence": round(answer.confidence, 6),
        "verdict": answer.verdict.value,
        "probabilities": [round(float(each), 6) for each in answer.probabilities],
    }


def _group_fields(group: "Group") -> dict[str, object]:
    place = {"strokes": group.strokes} if group.parts else {"box": group.box}
    return {**_digit_fields(group.recognition), **place}
