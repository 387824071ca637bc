"""A training run: networks, callbacks, checkpoints and the model file at its end."""

from model.keras_settings import prepare_keras

prepare_keras()  # before any module in here imports Keras
