"""The window: Qt widgets, and the presenters that connect them to `model`.

Never imports TensorFlow or Keras; what needs them runs in a child process.
"""
