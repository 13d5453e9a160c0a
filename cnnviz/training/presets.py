"""Recipes by name, the article's first, and the losses that it printed."""

from cnnviz.training.config import TrainingConfig

PRESETS = {
    "article": TrainingConfig(),
    "fast": TrainingConfig(
        preset="fast", epochs=2, batch_size=128, learning_rate=2e-2, schedule="one-cycle"
    ),
    "tiny": TrainingConfig(
        preset="tiny",
        dataset="digits",
        epochs=10,
        batch_size=32,
        learning_rate=1e-2,
        schedule="one-cycle",
    ),
}

ARTICLE_LOSSES = (
    420.520,
    143.036,
    112.597,
    96.404,
    86.154,
    79.574,
    73.306,
    69.770,
    66.393,
    62.597,
)
"""The losses the article prints: summed over the batches of each of its ten epochs."""
