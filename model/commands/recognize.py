"""`digitpad recognize`: the digits on pictures and in strokes files."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.errors import DigitpadError, StrokesError

if TYPE_CHECKING:
    from model.ink import InkImage
    from model.recognizer import Recognition, Recognizer


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
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="model file; the bundled network by default"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Recognise what was asked for.

    Returns:
        0, or 2 where something could not be read; everything else is answered all the same.
    """
    if not arguments.pictures and arguments.strokes is None:
        raise StrokesError("Name at least one picture, or a strokes file with --strokes FILE.")
    recognizer = _recognizer(arguments.model)
    code = 0
    for name, ink in _inks(arguments):
        if isinstance(ink, DigitpadError):
            _complain(name, ink)
            code = 2
            continue
        answer = recognizer.recognize(ink)
        sys.stdout.write(_as_json(answer) if arguments.json else _as_text(name, answer))
        sys.stdout.write("\n")
        # Whoever feeds rows through a pipe waits for each answer.
        sys.stdout.flush()
    return code


def _recognizer(model_file: Path | None) -> "Recognizer":
    from model.recognizer import Recognizer

    if model_file is None:
        return Recognizer.bundled()
    if model_file.suffix == ".tflite":
        return Recognizer.from_files(model_file)
    from model.model_files.opening import adopt

    return Recognizer.from_files(adopt(model_file))


def _inks(arguments: argparse.Namespace) -> Iterator[tuple[str, "InkImage | DigitpadError"]]:
    """Yield each input's name and its ink image, or what is wrong with it."""
    for path in arguments.pictures:
        yield str(path), _picture_ink(path)
    if arguments.strokes is not None:
        yield from _strokes_inks(arguments.strokes)


def _picture_ink(path: Path) -> "InkImage | DigitpadError":
    # Imported here: rows of strokes need nothing that pictures need.
    from model.raster.pictures import ink_from_picture, open_picture

    try:
        return ink_from_picture(open_picture(path))
    except DigitpadError as error:
        return error


def _strokes_inks(path: Path) -> Iterator[tuple[str, "InkImage | DigitpadError"]]:
    from model.data.stroke_files import read_strokes
    from model.ink import ink_from_strokes

    try:
        for number, row in read_strokes(path):
            name = f"row {number}"
            if isinstance(row, StrokesError):
                yield name, row
                continue
            try:
                yield name, ink_from_strokes(row.strokes)
            except StrokesError as error:
                yield name, error
    except StrokesError as error:
        yield "", error


def _complain(name: str, error: DigitpadError) -> None:
    # Answers that came before stand before the complaint, also where both go to one terminal.
    sys.stdout.flush()
    is_named = error.sentence.startswith(Path(name).name)
    where = "" if is_named else ("R" + name[1:] if name.startswith("row ") else name) + ": "
    sys.stderr.write(f"digitpad: {where}{error.sentence.rstrip('.')}.\n")


def _as_text(name: str, answer: "Recognition") -> str:
    return f"{name}: {answer.verdict.line(answer.label, answer.confidence)}"


def _as_json(answer: "Recognition") -> str:
    import msgspec

    return msgspec.json.encode(
        {
            "digit": answer.digit,
            "confidence": round(answer.confidence, 6),
            "verdict": answer.verdict.value,
            "probabilities": [round(float(share), 6) for share in answer.probabilities],
        }
    ).decode()
