"""Benchmarks are scripts in one folder, which import each other by name alone."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
