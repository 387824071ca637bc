"""A training run: networks, callbacks, checkpoints and the model file at its end."""
