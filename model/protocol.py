"""The messages between the window and a worker: one JSON object per line.

A worker writes events to standard output and reads requests from standard input. It ends with
exactly one terminal event. The end of standard input means that the window is gone.
"""

import json
from typing import Annotated, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from model.ink import INK_SIZE
from model.run_events import (
    EpochFinished,
    Event,
    Failed,
    Finished,
    Paused,
    Preparing,
    Probed,
    Progress,
    Started,
)
from model.task_events import Asked, DataChecked, Exported, Imported, Measured, SpeedMeasured

_Message = TypeVar("_Message")

MAX_LINE_BYTES = 1 << 20
"""A longer line is no message, but another program's output."""

AnyEvent = Preparing | Started | Progress | Paused | EpochFinished | Probed | Finished | Failed
AnyTaskEvent = (
    Preparing | Imported | Asked | Exported | Measured | DataChecked | SpeedMeasured | Failed
)
"""Events of a process with another task than training."""

TerminalEvent: TypeAlias = (
    Finished | Failed | Imported | Asked | Exported | Measured | DataChecked | SpeedMeasured
)
TERMINAL_EVENTS = (
    Finished,
    Failed,
    Imported,
    Asked,
    Exported,
    Measured,
    DataChecked,
    SpeedMeasured,
)

_GreyLevel = Annotated[int, Meta(ge=0, le=255)]
_Ink = Annotated[tuple[_GreyLevel, ...], Meta(min_length=INK_SIZE**2, max_length=INK_SIZE**2)]


class Request(msgspec.Struct, frozen=True, kw_only=True, tag_field="request"):
    """Base of all requests."""


class Stop(Request, tag="stop", frozen=True, kw_only=True):
    """End the task soon; a run keeps its present weights, or those of an epoch that was better."""


class Skip(Request, tag="skip", frozen=True, kw_only=True):
    """Leave out the work that goes on, where its `Preparing` event says that it can be skipped."""


class Pause(Request, tag="pause", frozen=True, kw_only=True):
    """Pause after the current batch."""


class GoOn(Request, tag="go on", frozen=True, kw_only=True):
    """End a pause."""


class Probe(Request, tag="probe", frozen=True, kw_only=True):
    """Ask what the network in training predicts for an ink image.

    Attributes:
        number: Repeated in the answer, to match both.
        ink: 784 grey levels in [0, 255], row by row; 255 is ink.
        with_layers: Whether to send the outputs of its layers, too.
    """

    number: int
    ink: _Ink
    with_layers: bool = False


AnyRequest = Stop | Skip | Pause | GoOn | Probe


def encode_line(message: Event | Request) -> bytes:
    """Return one message as a line of UTF-8 JSON with its newline.

    Bytes of a path that are not UTF-8 become question marks.
    """
    try:
        line = msgspec.json.encode(message)
    except UnicodeEncodeError:
        text = json.dumps(msgspec.to_builtins(message), ensure_ascii=False)
        line = text.encode("utf-8", "replace")
    return line + b"\n"


_event_decoder = msgspec.json.Decoder(AnyEvent)
_task_event_decoder = msgspec.json.Decoder(AnyTaskEvent)
_request_decoder = msgspec.json.Decoder(AnyRequest)


def decode_event(line: bytes) -> AnyEvent | None:
    """Read one event; None if the line is none, such as a library's output."""
    return _decoded(line, _event_decoder)


def decode_task_event(line: bytes) -> AnyTaskEvent | None:
    """Read one event of a process that opens or exports a file; None if the line is not one."""
    return _decoded(line, _task_event_decoder)


def decode_request(line: bytes) -> AnyRequest | None:
    """Read one request; None if the line is not one."""
    return _decoded(line, _request_decoder)


def _decoded(line: bytes, decoder: msgspec.json.Decoder[_Message]) -> _Message | None:
    if len(line) > MAX_LINE_BYTES:
        return None
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
