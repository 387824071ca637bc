"""The Test lens: how good a model is, where it is wrong, and when it breaks."""
