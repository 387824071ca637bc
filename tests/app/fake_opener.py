"""A child that looks into, opens or exports a file, or does not: each mode is one way to go.

Needs no packages, so it starts in a few hundredths of a second. What it says comes from the
environment: FAKE_SUMMARY is a file, FAKE_LITERT a converted model.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path


def say(**event):
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def preparing(activity, fraction):
    say(event="preparing", activity=activity, fraction=fraction)


def works():
    command = sys.argv[2]
    if command == "info":
        sys.stdout.write(Path(os.environ["FAKE_SUMMARY"]).read_text(encoding="utf-8") + "\n")
    elif command == "import":
        preparing("Converting the network", 0.6)
        say(
            event="imported",
            litert_file=os.environ["FAKE_LITERT"],
            sha256="0" * 64,
            input_format={},
            largest_difference=1e-7,
            digits_right=0.9,
            milliseconds=0.2,
        )
    else:
        preparing("Comparing on real images", 0.6)
        out = sys.argv[sys.argv.index("--out") + 1]
        say(
            event="exported",
            file=out,
            readme="",
            target=sys.argv[sys.argv.index("--to") + 1],
            quantization=sys.argv[sys.argv.index("--quantize") + 1],
            size_bytes=1234,
            digits=1000,
            digits_from="MNIST",
            largest_difference=6e-8,
            accuracy=0.9938,
            exported_accuracy=0.9937,
        )


def asks():
    """Know the pixels only when told."""
    if sys.argv[2] != "import" or "--pixels" in sys.argv:
        if "FAKE_ARGUMENTS" in os.environ:
            Path(os.environ["FAKE_ARGUMENTS"]).write_text(json.dumps(sys.argv[2:]))
        works()
        return
    choices = [
        {"input_format": {"scale": 255.0}, "digits_right": 0.9, "confidence": 0.8},
        {"input_format": {"scale": 1.0, "is_inverted": True}, "digits_right": None,
         "confidence": 0.1},
    ]  # fmt: skip
    say(event="asked", sentence="Which pixels?", choices=choices)


def complains():
    sys.stderr.write("a warning\ndigitpad: The file is refused: it holds a Lambda layer.\n")
    sys.exit(2)


def refuses_to_convert():
    if sys.argv[2] == "info":
        works()
    else:
        say(event="failed", kind="ModelFileError", sentence="It is refused.", detail="why")
        sys.exit(2)


def crashes():
    os.kill(os.getpid(), signal.SIGSEGV)


def hangs():
    preparing("Looking into the file", 0.0)
    time.sleep(600)


def obeys():
    """Hear no polite signal, but a request on standard input."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    preparing("Looking into the file", 0.0)
    request = sys.stdin.readline()
    if "FAKE_ARGUMENTS" in os.environ:
        Path(os.environ["FAKE_ARGUMENTS"]).write_text(request)


def hangs_on():
    """Hear no polite signal."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    preparing("Looking into the file", 0.0)
    time.sleep(600)


def rubbish():
    sys.stdout.buffer.write(b'Epoch 1/5\n\x00\xff\xfe\n{"event": "unknown"}\n{"event": 3}\n\n')
    sys.stdout.buffer.write(b"{" + b"x" * (3 << 20) + b"\n")
    sys.stdout.buffer.flush()
    works()


globals()[sys.argv[1]]()
