"""The smallest change that is found to turn an answer into another: nobody can prove it smallest.

The functions need nothing but torch, and are what the page hands out as a program.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable

import torch
from torch import Tensor, nn


def lead(logits: Tensor, target: int) -> Tensor:
    """(N,) from logits (N, classes): the target's logit less the largest of the others."""
    others = logits.clone()
    others[:, target] = -torch.inf
    return logits[:, target] - others.amax(1)


def slope_of_lead(model: nn.Module, image: Tensor, target: int) -> Tensor:
    """The derivative of the lead by each value of the `image` (1, C, H, W)."""
    image = image.detach().clone().requires_grad_()
    return torch.autograd.grad(lead(model(image), target).sum(), image)[0]


def fewest_pixels(
    model: nn.Module,
    image: Tensor,
    target: int,
    most: int = 64,
    candidates: int = 128,
    enough: float = 1e-3,
) -> Tensor | None:
    """The `image` (1, C, H, W) with few pixels set to 0 or 1 in each channel, read as `target`.

    Greedy: the pixels whose slope promises most are all tried, and the best is kept, until the
    lead is `enough`; then each that isn't needed after all is put back. None where `most` pixels
    don't do it.
    """
    changed = image.clone()
    width = image.shape[-1]
    chosen: list[int] = []
    with torch.no_grad():
        ahead = float(lead(model(changed), target))
    while ahead < enough:
        if len(chosen) == most:
            return None
        slope = slope_of_lead(model, changed, target)
        corner = (slope > 0).to(image.dtype)
        gain = (slope * (corner - changed)).sum(1).flatten()
        gain[chosen] = -torch.inf
        tried = gain.topk(min(candidates, len(gain))).indices
        batch = changed.repeat(len(tried), 1, 1, 1)
        rows, columns = tried // width, tried % width
        batch[torch.arange(len(tried)), :, rows, columns] = corner[0, :, rows, columns].T
        with torch.no_grad():
            leads = lead(model(batch), target)
        best = int(leads.argmax())
        if float(leads[best]) <= ahead or int(tried[best]) in chosen:
            return None
        ahead = float(leads[best])
        changed = batch[best : best + 1].clone()
        chosen.append(int(tried[best]))
    for pixel in chosen:
        without = changed.clone()
        without[0, :, pixel // width, pixel % width] = image[0, :, pixel // width, pixel % width]
        with torch.no_grad():
            if float(lead(model(without), target)) >= enough:
                changed = without
    return changed


def smallest_change(
    model: nn.Module, image: Tensor, target: int, steps: int = 150, enough: float = 1e-3
) -> Tensor | None:
    """The `image` (1, C, H, W) with a change of small length (L2), within [0, 1], read as `target`.

    Projected gradient on a sphere that shrinks while the lead is `enough` and grows while it isn't
    (Rony et al. 2019, Decoupling Direction and Norm); then straight back towards the image as far
    as it goes. None where no step has done it.
    """
    change = torch.zeros_like(image)
    radius, best = 1.0, None
    for step in range(steps):
        slope = slope_of_lead(model, image + change, target)
        size = 1.0 - 0.99 * step / steps
        change = change + size * slope / slope.norm().clamp_min(1e-12)
        change = radius * change / change.norm().clamp_min(1e-12)
        change = (image + change).clamp(0, 1) - image
        with torch.no_grad():
            there = float(lead(model(image + change), target)) >= enough
        if there and (best is None or change.norm() < best.norm()):
            best = change
        radius = float(change.norm()) * 0.95 if there else radius * 1.05
    if best is None:
        return None
    shares = torch.linspace(0, 1, 65)[1:]
    with torch.no_grad():
        leads = lead(model(image + shares[:, None, None, None] * best), target)
    share = shares[int((leads >= enough).nonzero()[0])] if bool((leads >= enough).any()) else 1
    return (image + share * best).clamp(0, 1)


def fool_code(search: Callable[..., Tensor | None], target: int) -> str:
    """Lines of Python that find a `changed` picture of an `image` for a `model`: the functions
    that find it here, and their call."""
    sources = [inspect.getsource(each).rstrip() for each in (lead, slope_of_lead, search)]
    call = f"changed = {search.__name__}(model, image, target={target})"
    return "\n\n\n".join(["from torch import Tensor", *sources, call])
