"""Strokes: made up from templates, and read from files."""
