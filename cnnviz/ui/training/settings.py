"""The settings of a run in plain words, each saying what it does where it stands."""

from collections.abc import Iterator
from typing import Any

import streamlit as st

from cnnviz.datasets import mnist
from cnnviz.runs import queue
from cnnviz.training.config import DATASET_SIZES, PRESETS, TrainingConfig, usable_threads

WORDS = {
    "article": "The article's run: seed 42, Adam 0.001, batches of 64, ten epochs.",
    "fast": "For a live audience: the learning rate climbs and falls once; 98 % in two epochs.",
    "tiny": "A few seconds on 1,437 small digits from scikit-learn: needs no MNIST.",
    "own": "Your own settings, below.",
}


def preset_picker() -> str:
    """The name of the chosen preset, or "own"."""
    names = [*PRESETS, "own"]
    chosen = st.segmented_control(
        "New run",
        names,
        default="article",
        format_func=lambda name: "own…" if name == "own" else name,
        key="training_preset",
        persist_state="session",
        required=True,
    )
    st.caption(WORDS[chosen or "article"])
    return chosen or "article"


def offer_mnist() -> None:
    """Without MNIST: download it, or take `tiny`."""
    st.info("MNIST isn't on this machine yet: 11.6 MB to download. *tiny* does without it.")
    if st.button("Download MNIST", type="primary", width="stretch"):
        bar = st.progress(0.0, "Downloading MNIST")
        try:

            def show(done: int, total: int) -> None:
                bar.progress(done / total, "Downloading MNIST")

            mnist.fetch(progress=show)
        except mnist.Unavailable as error:
            bar.empty()
            st.error(str(error))
        else:
            queue.queue().close()  # a new worker loads it before it's needed
            queue.queue().warm()
            st.rerun()


def settings_of(preset: str, *, expanded: bool = True) -> TrainingConfig | None:
    """A preset's settings, or those of one's own, which are asked for here.

    None when these make no sense: the page then says what would be right.
    """
    if preset != "own":
        return PRESETS[preset]
    settings = _own(expanded)
    try:
        return TrainingConfig.from_dict({"preset": "own", **settings})
    except ValueError as error:
        st.error(str(error))
        return None


def _own(expanded: bool) -> dict[str, Any]:
    base = TrainingConfig()
    key = "training_own_{}".format
    settings: dict[str, Any] = {}
    with st.expander("Settings", expanded=expanded):
        settings["dataset"] = st.selectbox(
            "Images",
            tuple(DATASET_SIZES),
            format_func=lambda name: (
                "MNIST, 28×28" if name == "mnist" else "scikit-learn's digits, 8×8"
            ),
            key=key("dataset"),
            help="What to train on.",
        )
        most = DATASET_SIZES[settings["dataset"]][0]
        cell = _pairs()
        size = next(cell).number_input(
            "How many",
            1,
            most,
            most,
            key=key(f"train_size_{settings['dataset']}"),
            help="Of these images. Fewer make a worse network, and show why data matters.",
        )
        settings["train_size"] = None if size == most else int(size)
        settings["epochs"] = next(cell).number_input(
            "Epochs", 1, 100, base.epochs, key=key("epochs"), help="Times through all the images."
        )
        settings["batch_size"] = next(cell).number_input(
            "Batch size",
            1,
            4096,
            base.batch_size,
            key=key("batch_size"),
            help="Images a step averages over: larger is smoother, but fewer steps.",
        )
        settings["learning_rate"] = next(cell).number_input(
            "Learning rate",
            value=base.learning_rate,
            step=0.001,
            format="%g",
            key=key("learning_rate"),
            help="How far a step goes. Too small: slow. Too large: the loss explodes.",
        )
        settings["optimizer"] = next(cell).selectbox(
            "Optimizer",
            ("adam", "sgd"),
            key=key("optimizer"),
            format_func={"adam": "Adam", "sgd": "SGD"}.__getitem__,
            help="Adam gives every weight a step size of its own; SGD rolls like a ball.",
        )
        settings["schedule"] = next(cell).selectbox(
            "Schedule",
            ("constant", "one-cycle"),
            key=key("schedule"),
            help="One-cycle climbs to the learning rate, then falls to nothing.",
        )
        settings["augmentation"] = next(cell).selectbox(
            "Augmentation",
            ("none", "shifts"),
            key=key("augmentation"),
            help="Shifts: every image is moved by up to two pixels, anew each time.",
        )
        if settings["optimizer"] == "sgd":
            settings["momentum"] = next(cell).slider(
                "Momentum", 0.0, 0.99, 0.9, key=key("momentum"), help="How much of a step is kept."
            )
        settings.update(_network(cell, key, base))
        settings["seed"] = next(cell).number_input(
            "Seed", 0, 2**31 - 1, 42, key=key("seed"), help="Another seed, another start and order."
        )
        settings["threads"] = next(cell).number_input(
            "Threads",
            1,
            max(1, usable_threads()),
            1,
            key=key("threads"),
            help="That torch computes with. The network is small: one is nearly as fast.",
        )
    return settings


def _network(cell: Iterator[Any], key: Any, base: TrainingConfig) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    settings["model"] = next(cell).selectbox(
        "Network",
        ("SimpleCNN", "FullyConnected"),
        format_func={"SimpleCNN": "CNN", "FullyConnected": "fully conn."}.__getitem__,
        key=key("model"),
        help="The fully connected one has as many weights, but knows nothing of neighbours.",
    )
    if settings["model"] == "FullyConnected":
        settings["hidden"] = next(cell).number_input(
            "Hidden units",
            1,
            1024,
            3,
            key=key("hidden"),
            help="Between the pixels and the ten digits.",
        )
        return settings
    settings["channels"] = (
        _maps(next(cell), "conv1 maps", base.channels[0], key("channels_1")),
        _maps(next(cell), "conv2 maps", base.channels[1], key("channels_2")),
    )
    settings["kernel_size"] = next(cell).selectbox(
        "Kernel size", (1, 3, 5, 7), index=1, key=key("kernel_size"), help="Pixels a kernel sees."
    )
    settings["activation"] = next(cell).selectbox(
        "Activation",
        ("relu", "tanh"),
        key=key("activation"),
        help="What becomes of each sum: relu makes 0 of negative ones, tanh bends all into ±1.",
    )
    settings["pooling"] = next(cell).selectbox(
        "Pooling", ("max", "average", "none"), key=key("pooling"), help="How maps are halved."
    )
    return settings


def _pairs() -> Iterator[Any]:
    """Places for widgets, two to a row."""
    while True:
        yield from st.columns(2)


def _maps(column: Any, label: str, usual: int, key: str) -> int:
    return int(
        column.number_input(label, 1, 64, usual, key=key, help="How many kernels: a map for each.")
    )
