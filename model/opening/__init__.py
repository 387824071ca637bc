"""Opening a model file, whoever made it: nothing in it can run."""
