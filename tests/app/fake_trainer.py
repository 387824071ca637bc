"""A child that speaks the protocol, or does not: each mode is one way for a run to go.

Needs no packages, so it starts in a few hundredths of a second.
"""

import json
import os
import signal
import sys
import time

STARTED = {
    "event": "started",
    "device": "CPU (2 cores)",
    "device_note": "No GPU: there is none.",
    "layers": [
        {"name": "conv2d", "kind": "Conv2D", "output_shape": [None, 26, 26, 32], "parameters": 320}
    ],
    "parameters": 54410,
    "training_images": 640,
    "validation_images": 64,
    "batches": 10,
    "epochs": 2,
    "class_names": list("0123456789"),
}


def say(**event):
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def progress(epoch, batch):
    say(
        event="progress",
        epoch=epoch,
        batch=batch,
        loss=1 / (epoch + batch),
        accuracy=0.5 + batch / 40,
        images_per_second=1234.5,
        seconds_left=2.0,
    )


def epoch_finished(epoch):
    figures = {
        "epoch": epoch,
        "loss": 0.5 / epoch,
        "accuracy": 0.9,
        "validation_loss": 0.4 / epoch,
        "validation_accuracy": 0.9 + epoch / 100,
        "seconds": 1.5,
    }
    say(event="epoch", figures=figures, is_best=True)


def finished(epochs, *, was_stopped):
    say(
        event="finished",
        file=os.environ.get("FAKE_FILE", "/nowhere/new.keras"),
        litert_file=os.environ.get("FAKE_LITERT", "/nowhere/new.tflite"),
        test_accuracy=0.9876,
        validation_accuracy=0.9,
        epochs=epochs,
        was_stopped=was_stopped,
        seconds=3.0,
        measured_on="Bars, 40 images",
        previous_accuracy=0.95,
    )


def trains():
    say(event="preparing", activity="Reading MNIST", fraction=0.5)
    say(**STARTED)
    for epoch in (1, 2):
        for batch in range(1, 11):
            progress(epoch, batch)
        epoch_finished(epoch)
    finished(2, was_stopped=False)


def listens():
    """Train until asked to stop, and answer probes; the end of standard input ends it."""
    say(**STARTED)
    progress(1, 1)
    for line in sys.stdin:
        request = json.loads(line)
        if request["request"] == "stop":
            epoch_finished(1)
            finished(1, was_stopped=True)
            return
        share = sum(request["ink"]) / (784 * 255)
        probabilities = [share] + [(1 - share) / 9] * 9
        say(event="probe", number=request["number"], probabilities=probabilities)


def pauses():
    """Train, rest when asked to, and go on when asked to."""
    say(**STARTED)
    progress(1, 3)
    for line in sys.stdin:
        request = json.loads(line)["request"]
        if request == "pause":
            say(event="paused", epoch=1, batch=3)
        elif request == "go on":
            progress(1, 4)
            finished(2, was_stopped=False)
            return


def finishes_after_a_line():
    say(**STARTED)
    sys.stdin.readline()
    finished(1, was_stopped=True)


def stops_with_nothing():
    sys.stdin.readline()


def rubbish():
    sys.stdout.buffer.write(b'Epoch 1/5\n\x00\xff\xfe\n{"event": "unknown"}\n{"event": 3}\n\n')
    sys.stdout.buffer.write(b"{" + b"x" * (3 << 20) + b"\n")
    sys.stdout.buffer.flush()
    trains()


def in_pieces():
    """Write one event a byte at a time and the next two at once."""
    first = (json.dumps(STARTED) + "\n").encode()
    for index in range(len(first)):
        os.write(1, first[index : index + 1])
    trains()


def fails():
    say(event="failed", kind="DatasetError", sentence="MNIST is not here.", detail="404")
    sys.exit(2)


def has_no_network():
    say(event="failed", kind="DownloadError", sentence="MNIST can't be downloaded.", detail="")
    sys.exit(2)


def has_dark_ink():
    say(event="failed", kind="DarkInkError", sentence="The images show dark ink.", detail="")
    sys.exit(2)


def raises():
    sys.stderr.write("Traceback (most recent call last):\nValueError: surprise\n")
    sys.exit(1)


def runs_out_of_memory():
    sys.stderr.write("MemoryError\n")
    sys.exit(1)


def is_killed_stopping():
    say(**STARTED)
    epoch_finished(1)
    sys.stdin.readline()
    os.kill(os.getpid(), signal.SIGKILL)


def crashes():
    sys.stderr.write("about to crash\n")
    sys.stderr.flush()
    os.kill(os.getpid(), signal.SIGSEGV)


def dies_after_finishing():
    finished(2, was_stopped=False)
    os.kill(os.getpid(), signal.SIGSEGV)


def chatters():
    """Train for a few seconds, and always have something to say."""
    say(**STARTED)
    for batch in range(1, 61):
        progress(1, batch)
        time.sleep(0.05)
    finished(1, was_stopped=False)


def hangs():
    say(**STARTED)
    sys.stdin.read()


def starts_slowly():
    say(event="preparing", activity="Preparing TensorFlow", fraction=None)
    sys.stdin.read()


def hangs_on():
    """Hear neither a stop, nor the end of standard input, nor a polite signal."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    say(**STARTED)
    while True:
        signal.pause()


def finishes_but_stays():
    finished(2, was_stopped=False)
    hangs_on()


def shouts():
    """Fill standard error: a pipe that nobody empties would stop the child."""
    sys.stderr.write("noise " * 200_000 + "the end\n")
    sys.stderr.flush()
    trains()


globals()[sys.argv[1]]()
