"""Trains every recipe but `bundled` in full, and compares each with the accuracy it has to reach.

    python benchmarks/recipes.py [--only NAME] [--again] [--json]

Every run is the real command line in a process of its own. Finished runs are kept in
`runs/recipes.json`, so that an interrupted benchmark goes on where it was; `--again` starts over.
The table is also written to docs/recipes.md.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import msgspec

from model.protocol import decode_event
from model.recipes import RECIPES
from model.run_events import EpochFinished, Failed, Finished, Started

ROOT = Path(__file__).resolve().parents[1]
RUNS = ROOT / "runs"
KEPT = RUNS / "recipes.json"
TABLE = ROOT / "docs" / "recipes.md"


@dataclass(frozen=True)
class Goal:
    """The accuracy that a run has to reach.

    Attributes:
        recipe: Its name.
        dataset: What it is trained and tested on.
        epochs: How long.
        accuracy: Fraction of the test split that must be right, in [0, 1].
        figure: Source of that accuracy.
    """

    recipe: str
    dataset: str
    epochs: int
    accuracy: float
    figure: str

    @property
    def key(self) -> str:
        """Name of the run."""
        return f"{self.recipe} on {self.dataset}, {self.epochs} epochs"


GOALS = (
    Goal("digitpad", "mnist", 1, 0.992, "our own"),
    Goal("digitpad", "mnist", 8, 0.9955, "our own"),
    Goal("conv32-dropout", "mnist", 10, 0.983, "lower than the tutorial's"),
    Goal("conv32-dense100", "mnist", 10, 0.98, "lower than the tutorial's"),
    Goal("conv64-dense128", "fashion-mnist", 5, 0.9071, "the tutorial's"),
    Goal("conv64-dense128", "mnist", 5, 0.99, "our own"),
    Goal("dense128", "fashion-mnist", 5, 0.871, "the tutorial's"),
    Goal("conv5x5-dense1024", "mnist", 5, 0.9856, "the tutorial's"),
    Goal("conv5x5", "mnist", 5, 0.965, "lower than the tutorial's"),
)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A finished run."""

    accuracy: float
    parameters: int
    seconds: float
    device: str
    recipe: dict[str, object]


def train(goal: Goal) -> Row:
    """Train by the command line; return the result."""
    out = RUNS / f"{goal.recipe}-{goal.dataset}-{goal.epochs}.keras"
    command = [sys.executable, "-m", "model", "train", "--json", "--recipe", goal.recipe]
    command += ["--dataset", goal.dataset, "--epochs", str(goal.epochs), "--out", str(out)]
    started = finished = None
    # Standard input stays open: where it ends, the child stops the run.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        for line in child.stdout:
            event = decode_event(line)
            if isinstance(event, Started):
                started = event
            elif isinstance(event, EpochFinished):
                figures = event.figures
                print(f"  epoch {figures.epoch}: {figures.accuracy:.2%}", file=sys.stderr)
            elif isinstance(event, Failed):
                sys.exit(f"{goal.key} failed: {event.sentence}")
            elif isinstance(event, Finished):
                finished = event
    if started is None or finished is None or finished.test_accuracy is None:
        sys.exit(f"{goal.key} ended without a result.")
    return Row(
        accuracy=finished.test_accuracy,
        parameters=started.parameters,
        seconds=finished.seconds,
        device=started.device,
        recipe=msgspec.to_builtins(RECIPES[goal.recipe]),
    )


def kept_rows() -> dict[str, Row]:
    """Return the finished runs whose recipes have not changed since."""
    if not KEPT.is_file():
        return {}
    rows = msgspec.json.decode(KEPT.read_bytes(), type=dict[str, Row])
    now = {name: msgspec.to_builtins(recipe) for name, recipe in RECIPES.items()}
    return {key: row for key, row in rows.items() if row.recipe == now[row.recipe["name"]]}


def as_table(rows: dict[str, Row]) -> str:
    """Return the table in Markdown."""
    lines = [
        "| recipe | data | epochs | parameters | test accuracy | must reach | whose | reached |",
        "|-|-|-|-|-|-|-|-|",
    ]
    for goal in GOALS:
        row = rows.get(goal.key)
        if row is None:
            continue
        reached = (
            "yes" if row.accuracy >= goal.accuracy else f"no, {row.accuracy - goal.accuracy:+.2%}"
        )
        lines.append(
            f"| `{goal.recipe}` | {goal.dataset} | {goal.epochs} | {row.parameters:,} |"
            f" {row.accuracy:.2%} | {goal.accuracy:.2%} | {goal.figure} | {reached} |"
        )
    return "\n".join(lines)


def page(rows: dict[str, Row]) -> str:
    """Return docs/recipes.md."""
    names = ("tensorflow", "keras", "numpy")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    devices = ", ".join(sorted({row.device for row in rows.values()}))
    return f"""# What the recipes reach

Made by `python benchmarks/recipes.py`, which trains every recipe but `bundled` in full through the
command line, on {devices} ({platform.system()}, Python {platform.python_version()}, {versions}),
{time.strftime("%Y-%m-%d")}.
Each test split was used once, at the end of the run.

{as_table(rows)}
"""


def main() -> None:
    """Train what is not trained yet, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help="train only this recipe")
    parser.add_argument("--again", action="store_true", help="forget finished runs")
    parser.add_argument("--json", action="store_true", help="print numbers, not a table")
    arguments = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    RUNS.mkdir(exist_ok=True)
    rows = {} if arguments.again else kept_rows()
    for goal in GOALS:
        if goal.key in rows or arguments.only not in (None, goal.recipe):
            continue
        print(goal.key, file=sys.stderr)
        rows[goal.key] = train(goal)
        KEPT.write_bytes(msgspec.json.format(msgspec.json.encode(rows), indent=1))
    if rows:
        TABLE.write_text(page(rows), encoding="utf-8")
    print(json.dumps(msgspec.to_builtins(rows)) if arguments.json else as_table(rows))


if __name__ == "__main__":
    main()
