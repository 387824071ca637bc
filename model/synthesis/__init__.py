"""Synthetic digits, letters and scribbles, made from stroke templates."""
