"""Ink, recognition, data and training: everything that needs no window.

The modules listed in `pyproject.toml` as below the line (networks, training, evaluation,
conversion) import Keras; the rest start in milliseconds.
"""
