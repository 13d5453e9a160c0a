"""A run's settings in plain words: what a person needs to know it again."""

from cnnviz.spelling import count
from cnnviz.training.config import SETTINGS, TrainingConfig

_IN_RECIPE = {
    *("preset", "dataset", "train_size", "optimizer", "schedule", "learning_rate", "momentum"),
    *("batch_size", "epochs"),
}
_ARTICLE = TrainingConfig()


def in_words(config: TrainingConfig) -> str:
    """The recipe, and whatever else isn't as in the article's run."""
    return " · ".join([*_recipe(config), *_what_differs(config)])


def _recipe(config: TrainingConfig) -> list[str]:
    images = config.images.title
    if config.train_size not in (None, config.images.train):
        images = f"the first {count(config.train_size)} of {images}"
    peak = _said(config, "schedule") if config.schedule != "constant" else ""
    rate = f"{_said(config, 'optimizer')} {peak}{config.learning_rate:g}"
    if SETTINGS["momentum"].applies(vars(config)):
        rate += f", {_said(config, 'momentum')}"
    epochs = f"{config.epochs} epoch{'s' if config.epochs > 1 else ''}"
    return [images, rate, _said(config, "batch_size"), epochs]


def _what_differs(config: TrainingConfig) -> list[str]:
    words = []
    for setting in SETTINGS.values():
        if setting.name in _IN_RECIPE or not setting.applies(vars(config)):
            continue
        # A setting without effect in the article's run is always news.
        is_news = not setting.applies(vars(_ARTICLE))
        if is_news or getattr(config, setting.name) != setting.default:
            words.append(_said(config, setting.name))
    return [said for said in words if said]


def _said(config: TrainingConfig, name: str) -> str:
    return SETTINGS[name].in_words(getattr(config, name))


def shown(config: TrainingConfig, name: str) -> str:
    """A setting's value as a table of settings has it."""
    if name == "dataset":  # one that was deleted is in no menu any more
        return config.images.label
    return SETTINGS[name].kind.shown(getattr(config, name))
