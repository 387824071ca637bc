"""`digitpad recognize`: the digits, or the numbers, on pictures and in strokes files."""

import argparse
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from model.commands.model_option import add_model_option, converted_file
from model.errors import DigitpadError, StrokesError
from model.files.text import visible

if TYPE_CHECKING:
    from model.hand.taught_recognizer import TaughtRecognizer
    from model.ink import InkImage, Strokes
    from model.numbers.reading import Group, Reading
    from model.recognizer import Recognition, Recognizer

    AnyRecognizer = Recognizer | TaughtRecognizer
    Given = Path | Strokes | DigitpadError
    Input = tuple["Source", Given]
    Answers = Iterator[tuple["Source", Recognition | Reading | DigitpadError]]
    Begun = Callable[[], Answers]

MOST_AT_ONCE = 16
"""Number of rows that go through the network together."""

MOST_BEGUN = 8
"""Number of batches in work before the first one's answers are written."""


@dataclass(frozen=True)
class Source:
    """Where an answer is from.

    Attributes:
        kind: "picture", "row", or "strokes" where a strokes file can't be read on.
        value: The picture's path, the row's number from 1, or the strokes file's path.
    """

    kind: str
    value: str | int

    @property
    def name(self) -> str:
        """For people."""
        return f"row {self.value}" if self.kind == "row" else str(self.value)


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
    begin = partial(_begin_numbers, recognizer) if arguments.numbers else DigitReader(recognizer)
    code = 0
    for part in _in_order(begin, _batches(arguments)):
        for source, answer in part:
            if isinstance(answer, DigitpadError):
                _complain(source, answer)
                code = 2
            if arguments.json:
                sys.stdout.write(_as_json(source, answer) + "\n")
            elif not isinstance(answer, DigitpadError):
                sys.stdout.write(_as_text(source, answer) + "\n")
    return code


def _in_order(
    begin: "Callable[[list[Input]], list[Begun]]", batches: "Iterator[list[Input]]"
) -> "Iterator[Answers]":
    """Yield answers in the order of their inputs, some parts later than they were begun."""
    begun: deque[Begun] = deque()
    for batch in batches:
        begun.extend(begin(batch))
        while begun and (len(begun) > MOST_BEGUN or not batch):
            yield begun.popleft()()
        if not batch:
            # A program that sends rows through a pipe waits for their answers.
            sys.stdout.flush()
    while begun:
        yield begun.popleft()()


def _recognizer(arguments: argparse.Namespace) -> "AnyRecognizer":
    if arguments.hand is not None:
        from model.commands.hand import taught_recognizer

        return taught_recognizer(arguments.hand, converted_file(arguments.model, arguments.pixels))
    from model.recognizer import Recognizer
    from model.refusal import let_bundled_refuse

    return let_bundled_refuse(
        Recognizer.from_files(converted_file(arguments.model, arguments.pixels))
    )


def _batches(arguments: argparse.Namespace) -> "Iterator[list[Input]]":
    """Yield each picture, and the rows of strokes as many at once as have arrived."""
    for path in arguments.pictures if os.name != "nt" else expanded(arguments.pictures):
        yield [(Source("picture", str(path)), path)]
        yield []
    if arguments.strokes is None:
        return
    from model.data.stroke_files import read_stroke_batches

    try:
        for rows in read_stroke_batches(arguments.strokes):
            yield [
                (Source("row", number), row if isinstance(row, StrokesError) else row.strokes)
                for number, row in rows
            ]
    except StrokesError as error:
        yield [(Source("strokes", str(arguments.strokes)), error)]


SWITCH_SECONDS = 0.0005
"""Longest time that one thread runs while another waits for its turn."""


def expanded(paths: Iterable[Path]) -> "Iterator[Path]":
    """Replace patterns such as `*.png` by the files they match, which Windows' shells don't do."""
    for path in paths:
        is_pattern = bool(set("*?[") & set(path.name)) and not path.exists()
        found = sorted(path.parent.glob(path.name)) if is_pattern else []
        yield from found or [path]


class DigitReader:
    """Answers each input with one digit; many rows of strokes on two cores.

    This thread draws, two others run the network: LiteRT releases the interpreter's lock.
    """

    def __init__(self, recognizer: "AnyRecognizer") -> None:
        self._recognizer = recognizer
        self._free: SimpleQueue[AnyRecognizer] = SimpleQueue()
        self._pool: ThreadPoolExecutor | None = None

    def __call__(self, batch: "list[Input]") -> "list[Begun]":
        """Draw inputs, and return a function that waits for their answers."""
        parts = [
            batch[start : start + MOST_AT_ONCE] for start in range(0, len(batch), MOST_AT_ONCE)
        ]
        return [self._begin(part, is_one_of_many=len(parts) > 1) for part in parts]

    def _begin(self, part: "list[Input]", *, is_one_of_many: bool) -> "Begun":
        inks = _inks([given for _, given in part])
        ask = partial(self._recognized, inks)
        answers = self._threads().submit(ask).result if is_one_of_many else ask
        return partial(self._answered, part, inks, answers)

    def _answered(
        self,
        part: "list[Input]",
        inks: "list[Path | InkImage | DigitpadError]",
        answers: "Callable[[], list[Recognition]]",
    ) -> "Answers":
        found = iter(answers())
        for (source, _), ink in zip(part, inks, strict=True):
            if isinstance(ink, Path):
                yield source, _picture_digit(self._recognizer, ink)
            else:
                yield source, ink if isinstance(ink, DigitpadError) else next(found)

    def _threads(self) -> ThreadPoolExecutor:
        if self._pool is None:
            # By default an answer waits up to 5 ms for the thread that draws: as long as it took.
            sys.setswitchinterval(SWITCH_SECONDS)
            recognizers = _twins(self._recognizer)
            for each in recognizers:
                self._free.put(each)
            self._pool = ThreadPoolExecutor(len(recognizers))
        return self._pool

    def _recognized(self, inks: "list[Path | InkImage | DigitpadError]") -> "list[Recognition]":
        import numpy as np

        drawn = [ink for ink in inks if not isinstance(ink, (Path, DigitpadError))]
        if not drawn:
            return []
        recognizer = self._recognizer if self._pool is None else self._free.get()
        try:
            return recognizer.recognize_batch(np.stack(drawn))
        finally:
            if self._pool is not None:
                self._free.put(recognizer)


def _twins(recognizer: "AnyRecognizer") -> "list[AnyRecognizer]":
    """Return a network and, if it can be loaded twice, a second copy."""
    from model.recognizer import Recognizer

    return [recognizer, recognizer.twin()] if isinstance(recognizer, Recognizer) else [recognizer]


def _inks(given: "list[Given]") -> "list[Path | InkImage | DigitpadError]":
    from model.ink import inks_from_drawings

    drawings = [each for each in given if not isinstance(each, (Path, DigitpadError))]
    try:
        inks = iter(inks_from_drawings(drawings))
    except DigitpadError:  # one of them is bad: recognise one by one to find it
        return [_ink(each) for each in given]
    return [each if isinstance(each, (Path, DigitpadError)) else next(inks) for each in given]


def _ink(given: "Given") -> "Path | InkImage | DigitpadError":
    if isinstance(given, (Path, DigitpadError)):
        return given
    from model.ink import ink_from_strokes

    try:
        return ink_from_strokes(given)
    except DigitpadError as error:
        return error


def _picture_digit(recognizer: "AnyRecognizer", path: Path) -> "Recognition | DigitpadError":
    # Imported here: rows of strokes do not need it.
    from model.numbers.pictures import recognize_picture
    from model.raster.pictures import open_picture

    try:
        return recognize_picture(open_picture(path), recognizer)
    except DigitpadError as error:
        return error


def _begin_numbers(recognizer: "AnyRecognizer", batch: "list[Input]") -> "list[Begun]":
    return [partial(_numbers, recognizer, batch)]


def _numbers(
    recognizer: "AnyRecognizer", batch: "list[Input]"
) -> "Iterator[tuple[Source, Reading | DigitpadError]]":
    """Answer each input with a number."""
    from model.numbers.pictures import read_picture
    from model.numbers.reader import NumberReader
    from model.raster.pictures import open_picture

    reader = NumberReader(recognizer)

    def answer(given: "Given") -> "Reading | DigitpadError":
        if isinstance(given, DigitpadError):
            return given
        try:
            if isinstance(given, Path):
                return read_picture(open_picture(given), recognizer)
            return reader.read(given)
        except DigitpadError as error:
            return error

    for source, given in batch:
        yield source, answer(given)


def _complain(source: Source, error: DigitpadError) -> None:
    # Earlier answers come before the complaint, also if both go to one terminal.
    sys.stdout.flush()
    is_named = source.kind == "strokes" or error.sentence.startswith(Path(str(source.value)).name)
    name = f"Row {source.value}" if source.kind == "row" else source.name
    where = "" if is_named else f"{name}: "
    sys.stderr.write(f"digitpad: {visible(where + error.sentence.rstrip('.'))}.\n")


def _as_text(source: Source, answer: "Recognition | Reading") -> str:
    from model.recognizer import Recognition

    label = answer.label if isinstance(answer, Recognition) else " ".join(answer.text.split())
    return visible(f"{source.name}: {answer.verdict.line(label, answer.confidence)}")


def _as_json(source: Source, answer: "Recognition | Reading | DigitpadError") -> str:
    import msgspec

    from model.recognizer import Recognition

    fields: dict[str, object] = {source.kind: _as_unicode(source.value)}
    if isinstance(answer, DigitpadError):
        fields["error"] = _as_unicode(answer.sentence)
    elif isinstance(answer, Recognition):
        fields |= _digit_fields(answer)
    else:
        fields |= {
            "text": answer.text,
            "confidence": round(answer.confidence, 6),
            "verdict": answer.verdict.value,
            "digits": [_group_fields(group) for group in answer.groups],
        }
    return msgspec.json.encode(fields).decode()


def _as_unicode(value: str | int) -> str | int:
    """Return a name that JSON can hold: a file name may have bytes that are not UTF-8."""
    return value if isinstance(value, int) else value.encode("utf-8", "backslashreplace").decode()


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
