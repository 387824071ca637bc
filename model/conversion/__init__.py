"""From a Keras network to other formats, each checked by its own runtime."""

from model.keras_settings import prepare_keras

prepare_keras()  # before any module in here imports Keras
