"""Export of a network to other formats, as far as it needs no Keras."""
