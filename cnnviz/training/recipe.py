"""From a configuration to what trains: the untrained network and the learning rate."""

import math

import torch
from torch import Tensor, nn

from cnnviz.datasets.shuffling import permutation
from cnnviz.networks import checkpoints
from cnnviz.networks.architecture import normalisation_of
from cnnviz.networks.models import FullyConnected, SimpleCNN
from cnnviz.networks.seeding import seeded
from cnnviz.training.config import TrainingConfig


def build_model(config: TrainingConfig) -> tuple[nn.Sequential, torch.Generator]:
    """The network from the seed, and a generator that goes on where its building stopped."""
    with seeded(config.seed):
        if config.model == "FullyConnected":
            images = config.images
            normalize = normalisation_of(images.frame)
            model = FullyConnected(config.hidden, images.shape, len(images.classes), normalize)
            if config.shuffle_pixels is not None:
                # The same start, in the pixels' new order: then only chance in the last bits of
                # the sums tells this network from its twin, and the comparison is not one of seeds.
                first = model.get_submodule("fc1").get_parameter("weight")
                first.data = first.data[:, permutation(config.shuffle_pixels, model.picture)]
        else:
            model = SimpleCNN(config.architecture)
        generator = torch.Generator()
        generator.set_state(torch.get_rng_state())
    if config.starts_with_shipped:  # not above: reading the file builds a network, which draws, too
        with torch.no_grad():
            for name, weight in shipped_convolutions().items():
                model.get_parameter(name).copy_(weight)
    return model, generator


def shipped_convolutions() -> dict[str, Tensor]:
    """The weights and biases of the shipped network's convolutions, by name; shared, so only to be
    copied."""
    state = checkpoints.article().model.state_dict()
    return {name: weight for name, weight in state.items() if name.startswith("conv")}


def scheduled_rate(schedule: str, peak: float, progress: float) -> float:
    """The learning rate at `progress` (0 to 1 over the whole run).

    One-cycle: up from peak / 25 over the first 30 %, then down to peak / 250,000, both along
    half a cosine (Smith, "Super-Convergence", 2018; the shape of torch's OneCycleLR).
    """
    if schedule == "constant":
        return peak
    low, end, top = peak / 25, peak / 250_000, 0.3
    if progress < top:
        start, stop, part = low, peak, progress / top
    else:
        start, stop, part = peak, end, (progress - top) / (1 - top)
    return stop + (start - stop) * (1 + math.cos(math.pi * min(part, 1.0))) / 2
