"""`digitpad recognize`: the digits on pictures and in strokes files."""

import argparse
import sys
from pathlib import Path
from typing import Any

from model.pictures import ink_from_picture, open_picture


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser("recognize", help="recognise pictures or strokes")
    parser.add_argument("pictures", nargs="*", type=Path, metavar="PICTURE")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Recognise what was asked for; return the exit code."""
    from model.recognizer import Recognizer

    recognizer = Recognizer.bundled()
    for path in arguments.pictures:
        answer = recognizer.recognize(ink_from_picture(open_picture(path)))
        sys.stdout.write(f"{path.name}: {answer.label} ({answer.confidence:.0%})\n")
    return 0
