"""A run's settings as a person reads them."""

from dataclasses import replace

import pytest

from cnnviz.training.config import TrainingConfig
from cnnviz.training.presets import PRESETS
from cnnviz.training.words import in_words


def test_the_articles_run_is_its_recipe_and_nothing_else():
    assert in_words(PRESETS["article"]) == "MNIST · Adam 0.001 · batches of 64 · 10 epochs"


def test_whatever_is_not_the_articles_is_said():
    config = TrainingConfig(
        preset="own",
        **{"dataset": "digits", "train_size": 1000, "epochs": 1, "batch_size": 16},
        **{"optimizer": "sgd", "learning_rate": 0.05, "momentum": 0.8, "schedule": "one-cycle"},
        **{"channels": (6, 12), "kernel_size": 5, "activation": "tanh", "pooling": "none"},
        **{"augmentation": "shifts", "shuffle_pixels": 3, "seed": 7, "threads": 2},
    )
    assert in_words(config) == (
        "the first 1,000 of scikit-learn's digits · SGD one-cycle up to 0.05, momentum 0.8 · "
        "batches of 16 · 1 epoch · random shifts · 6 and 12 maps · 5×5 kernels · tanh · "
        "no pooling · pixels shuffled · seed 7 · 2 threads"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"model": "FullyConnected", "hidden": 9}, "fully connected, 9 hidden"),
        ({"pooling": "average"}, "average pooling"),
        ({"train_size": 60_000}, "MNIST · "),
    ],
)
def test_one_setting_more(change, words):
    assert words in in_words(replace(TrainingConfig(preset="own"), **change))
