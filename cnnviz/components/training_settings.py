"""The settings of a run in plain words, each saying what it does where it stands."""

from typing import Any

import streamlit as st

from cnnviz import data, runs_queue
from cnnviz.training_config import DATASET_SIZES, PRESETS, TrainingConfig, usable_threads

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

            data.fetch(progress=show)
        except data.Unavailable as error:
            bar.empty()
            st.error(str(error))
        else:
            runs_queue.queue().close()  # a new worker loads it before it's needed
            runs_queue.queue().warm()
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
        size = st.number_input(
            "How many of them",
            1,
            most,
            most,
            key=key(f"train_size_{settings['dataset']}"),
            help="Fewer images make a worse network, and show why data matters.",
        )
        settings["train_size"] = None if size == most else int(size)
        settings["epochs"] = st.number_input(
            "Epochs", 1, 100, base.epochs, key=key("epochs"), help="Times through all the images."
        )
        settings["batch_size"] = st.number_input(
            "Batch size",
            1,
            4096,
            base.batch_size,
            key=key("batch_size"),
            help="Images a step averages over: larger is smoother, but fewer steps.",
        )
        settings["learning_rate"] = st.number_input(
            "Learning rate",
            value=base.learning_rate,
            step=0.001,
            format="%g",
            key=key("learning_rate"),
            help="How far a step goes. Too small: slow. Too large: the loss explodes.",
        )
        settings["optimizer"] = st.selectbox(
            "Optimizer",
            ("adam", "sgd"),
            key=key("optimizer"),
            format_func={"adam": "Adam", "sgd": "SGD with momentum"}.__getitem__,
            help="Adam gives every weight a step size of its own; SGD rolls like a ball.",
        )
        if settings["optimizer"] == "sgd":
            settings["momentum"] = st.slider(
                "Momentum", 0.0, 0.99, 0.9, key=key("momentum"), help="How much of a step is kept."
            )
        settings["schedule"] = st.selectbox(
            "Schedule",
            ("constant", "one-cycle"),
            key=key("schedule"),
            help="One-cycle climbs to the learning rate, then falls to nothing.",
        )
        settings["augmentation"] = st.selectbox(
            "Augmentation",
            ("none", "shifts"),
            key=key("augmentation"),
            help="Shifts: every image is moved by up to two pixels, anew each time.",
        )
        settings.update(_network(key, base))
        settings["seed"] = st.number_input(
            "Seed", 0, 2**31 - 1, 42, key=key("seed"), help="Another seed, another start and order."
        )
        settings["threads"] = st.number_input(
            "Threads", 1, max(1, usable_threads()), 1, key=key("threads"), help="Of torch."
        )
    return settings


def _network(key: Any, base: TrainingConfig) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    settings["model"] = st.selectbox(
        "Network",
        ("SimpleCNN", "FullyConnected"),
        format_func={"SimpleCNN": "convolutional", "FullyConnected": "fully connected"}.__getitem__,
        key=key("model"),
        help="The fully connected one has as many weights, but knows nothing of neighbours.",
    )
    if settings["model"] == "FullyConnected":
        settings["hidden"] = st.number_input("Hidden units", 1, 1024, 3, key=key("hidden"))
        return settings
    first, second = st.columns(2)
    settings["channels"] = (
        int(first.number_input("conv1 maps", 1, 64, base.channels[0], key=key("channels_1"))),
        int(second.number_input("conv2 maps", 1, 64, base.channels[1], key=key("channels_2"))),
    )
    settings["kernel_size"] = st.selectbox(
        "Kernel size", (1, 3, 5, 7), index=1, key=key("kernel_size"), help="Pixels a kernel sees."
    )
    settings["activation"] = st.selectbox("Activation", ("relu", "tanh"), key=key("activation"))
    settings["pooling"] = st.selectbox(
        "Pooling", ("max", "average", "none"), key=key("pooling"), help="How maps are halved."
    )
    return settings
