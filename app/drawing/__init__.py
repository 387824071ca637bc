"""What is on the pad: strokes as values, the pad itself, pictures and files."""
