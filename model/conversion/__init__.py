"""From a Keras network to other formats, each checked by its own runtime."""
