"""What looking into the network costs: every layer's output beside the answer alone.

    python benchmarks/inside.py [--json] [--answers N]

Both are timed in turns in the same run, because only ratios of one run mean anything. The answer
is also compared: the watching runtime must say the same as the plain one.
"""

import argparse
import json
import time

import numpy as np

from model.activations.look import Look
from model.activations.watched_network import WatchedNetwork
from model.data.sample_digits import sample_digits
from model.recognizer import Recognizer, calibrated

WARM_UP = 50


def timed_in_turns(ways: dict[str, object], answers: int) -> dict[str, float]:
    """Return the median milliseconds of each of several functions, called in turns."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    for round_number in range(WARM_UP + answers):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            if round_number >= WARM_UP:
                took[name].append(1000 * (time.perf_counter() - began))
    return {name: float(np.median(each)) for name, each in took.items()}


def measured(answers: int) -> dict[str, float]:
    """Time one digit in each way, and compare the answers to sixty."""
    recognizer, network = Recognizer.bundled(), WatchedNetwork.bundled()
    inks = sample_digits().inks
    one = inks[:1]
    milliseconds = timed_in_turns(
        {
            "answer": lambda: recognizer.recognize(one[0]),
            "activations": lambda: network.activations(one),
            "features": lambda: network.features(one),
            "look": lambda: Look(network, one[0]),
        },
        answers,
    )
    plain = np.stack([recognizer.recognize(ink).probabilities for ink in inks])
    outputs = [network.outputs(ink[np.newaxis], [network.layers[-1].output])[0] for ink in inks]
    watched = calibrated(np.concatenate(outputs), network.metadata)
    return {
        **{f"{name}_ms": each for name, each in milliseconds.items()},
        "ratio": milliseconds["activations"] / milliseconds["answer"],
        "largest_difference": float(np.abs(plain - watched).max()),
    }


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=1000, help="how many are timed")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    figures = measured(arguments.answers)
    if arguments.json:
        print(json.dumps(figures))
        return
    print(f"the answer alone                {figures['answer_ms']:.3f} ms")
    print(f"every layer's output as well    {figures['activations_ms']:.3f} ms")
    print(f"the last dense layer's features {figures['features_ms']:.3f} ms")
    print(f"a look that can be kept         {figures['look_ms']:.3f} ms")
    print(f"every layer's output costs {figures['ratio']:.2f} times the answer alone (at most 1.3)")
    print(f"largest difference between the answers: {figures['largest_difference']:.1e}")


if __name__ == "__main__":
    main()
