"""A run's settings in plain words: what a person needs to know it again."""

from cnnviz.training.config import DATASET_SIZES, TrainingConfig

_IMAGES = {"mnist": "MNIST", "digits": "scikit-learn's digits"}
_USUAL = TrainingConfig()


def in_words(config: TrainingConfig) -> str:
    """The recipe, and whatever else isn't as in the article's run."""
    return " · ".join([*_recipe(config), *_network(config), *_rest(config)])


def _recipe(config: TrainingConfig) -> list[str]:
    images = _IMAGES[config.dataset]
    if config.train_size not in (None, DATASET_SIZES[config.dataset][0]):
        images = f"the first {config.train_size:,} of {images}"
    optimizer = {"adam": "Adam", "sgd": "SGD"}[config.optimizer]
    rate = f"{'one-cycle up to ' if config.schedule == 'one-cycle' else ''}{config.learning_rate:g}"
    momentum = f", momentum {config.momentum:g}" if config.optimizer == "sgd" else ""
    return [
        images,
        f"{optimizer} {rate}{momentum}",
        f"batches of {config.batch_size}",
        f"{config.epochs} epoch{'s' if config.epochs > 1 else ''}",
    ]


def _network(config: TrainingConfig) -> list[str]:
    if config.model == "FullyConnected":
        return [f"fully connected, {config.hidden} hidden"]
    words = []
    if config.channels != _USUAL.channels:
        words.append(f"{config.channels[0]} and {config.channels[1]} maps")
    if config.kernel_size != _USUAL.kernel_size:
        words.append(f"{config.kernel_size}×{config.kernel_size} kernels")
    if config.activation != _USUAL.activation:
        words.append(config.activation)
    if config.pooling != _USUAL.pooling:
        words.append(f"{'no' if config.pooling == 'none' else config.pooling} pooling")
    return words


def _rest(config: TrainingConfig) -> list[str]:
    words = []
    if config.augmentation != _USUAL.augmentation:
        words.append(f"random {config.augmentation}")
    if config.shuffle_pixels is not None:
        words.append("pixels shuffled")
    if config.seed != _USUAL.seed:
        words.append(f"seed {config.seed}")
    if config.threads != _USUAL.threads:
        words.append(f"{config.threads} threads")
    return words
