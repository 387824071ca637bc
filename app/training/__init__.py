"""Training: the form, the run, its curves and its result."""
