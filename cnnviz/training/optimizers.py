"""A run's optimizer: made, told as tensors that can be saved, and put back to where it was."""

import torch
from torch import Tensor, nn

from cnnviz.networks.plain_optimizers import SGD, Adam
from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import State


def make(config: TrainingConfig, model: nn.Module) -> torch.optim.Optimizer:
    """Fused: one kernel for all parameters; three times as fast on a network this small."""
    if config.optimizer == "sgd":
        return SGD(
            model.parameters(), lr=config.learning_rate, momentum=config.momentum, fused=True
        )
    return Adam(model.parameters(), lr=config.learning_rate, fused=True)


def saved_tensors(optimizer: torch.optim.Optimizer, model: nn.Module) -> dict[str, Tensor]:
    """What it keeps of each of the model's parameters, copied, keyed `<parameter>.<name>`."""
    return {
        f"{parameter}.{name}": plain(value)
        for parameter, weight in model.named_parameters()
        for name, value in optimizer.state[weight].items()
        if isinstance(value, Tensor)
    }


def restore(
    optimizer: torch.optim.Optimizer,
    model: nn.Module,
    config: TrainingConfig,
    state: State,
) -> None:
    """Fill a new optimizer with a state's tensors, of exactly the shapes that it would have made.

    The fused kernels trust them: one that is too small would be written past its end.

    Raises:
        ValueError: naming the tensor that is missing, too much, or of another shape or type.
    """
    saved = state.optimizer
    names = _names(config) if state.step else ()
    wanted = {
        f"{parameter}.{name}": (weight, name)
        for parameter, weight in model.named_parameters()
        for name in names
    }
    if saved.keys() != wanted.keys():
        odd = sorted(saved.keys() ^ wanted.keys())
        raise ValueError(f"the optimizer's {odd[0]} is missing, or is too much")
    for key, (weight, name) in wanted.items():
        value = saved[key]
        shape = torch.Size() if name == "step" else weight.shape
        if value.shape != shape or value.dtype != torch.float32:
            raise ValueError(
                f"the optimizer's {key} is {value.dtype} of shape {tuple(value.shape)}, "
                f"it should be torch.float32 of shape {tuple(shape)}"
            )
        # As the optimizer makes it: laid out in memory like its parameter.
        like = torch.empty_like(weight) if name != "step" else torch.empty(())
        optimizer.state[weight][name] = like.detach().copy_(value)


def _names(config: TrainingConfig) -> tuple[str, ...]:
    """What the optimizer keeps of each parameter once it has taken a step, by torch's names.

    Each is of the parameter's shape, but `step`, which is a scalar.
    """
    if config.optimizer == "adam":
        return ("step", "exp_avg", "exp_avg_sq")
    return ("momentum_buffer",) if config.momentum else ()


def plain(tensor: Tensor) -> Tensor:
    """A copy for a file: no gradient, contiguous, whatever the layout in memory was."""
    return tensor.detach().clone(memory_format=torch.contiguous_format)
