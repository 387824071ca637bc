"""Measuring a model: how good it is, where it is wrong, and when it breaks."""
