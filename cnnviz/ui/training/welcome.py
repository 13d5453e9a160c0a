"""Before anyone has trained: what will come, and what came of it for the shipped weights."""

import streamlit as st
from torch import Tensor

from cnnviz.components.network_view import network_view
from cnnviz.figures import training as figures
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.trace import trace
from cnnviz.ui.training import losses


def rail(checkpoint: Checkpoint) -> None:
    losses.beside_the_articles(
        checkpoint.losses,
        "Losses in “Convolutional Neural Networks”, and in this project's own run",
    )


def stage(checkpoint: Checkpoint, image: Tensor) -> None:
    """`image` (1, 1, 28, 28) is what the network is shown at work on."""
    st.info(
        "Once you have pressed **Start**, your run stands here. Until then: how the shipped "
        "weights were trained."
    )
    st.plotly_chart(
        figures.epochs(checkpoint.losses),
        key="training_shipped_curve",
        config={"displayModeBar": False},
    )
    st.markdown("**Where it led: the shipped network and your drawing**")
    network_view(trace(checkpoint.model, image), key="training_shipped_network")
