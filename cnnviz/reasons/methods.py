"""The ways to say which ink an answer comes from: a row of `METHODS` each, all by Captum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from cnnviz.networks.models import FullyConnected, SimpleCNN
from cnnviz.reasons.grad_cam import Cells, cells, grad_cam, spread
from cnnviz.reasons.gradients import (
    MOST_STEPS,
    Integrated,
    gradient,
    gradient_times_input,
    integrated_gradients,
)
from cnnviz.reasons.occlusion import at_once, occlusion
from cnnviz.reasons.question import Question

Network = SimpleCNN | FullyConnected


@dataclass(frozen=True)
class Asked:
    """A question, and what the methods need to know besides: the side of occlusion's `patch` in
    pixels, what a pixel without ink is (`fill`), and the `layer` of Grad-CAM. `most_steps` bounds
    the work of integrated gradients."""

    question: Question
    patch: int = 3
    fill: float = 0.0
    layer: str | None = None
    most_steps: int = MOST_STEPS


@dataclass(frozen=True, eq=False)
class Found:
    """A method's map: `values` (C, H, W) of the picture's own, or (h, w) of `cells` that lie on it.

    `worth` (H, W) is what each pixel is said to be worth: the sum over its channels, or its cell's.
    """

    values: Tensor
    worth: Tensor
    cells: Cells | None = None
    integrated: Integrated | None = None


@dataclass(frozen=True)
class Method:
    """A `title`, what the map says in a sentence, what one unit of it is, and how it is computed.

    `code` are Captum's lines, which make `attribution` (1, …) of a `score` of images,
    the `image` and, where the method asks for it, the `model`.
    """

    title: str
    words: str
    compute: Callable[[Network, Tensor, Asked], Found]
    code: Callable[[Asked, tuple[int, ...]], str]
    needs_maps: bool = False


def _of_pixels(values: Tensor) -> Found:
    return Found(values, values.sum(0))


def _occlusion(model: Network, image: Tensor, asked: Asked) -> Found:
    return _of_pixels(occlusion(model, image, asked.question, asked.patch, asked.fill))


def _gradient(model: Network, image: Tensor, asked: Asked) -> Found:
    return _of_pixels(gradient(model, image, asked.question))


def _gradient_times_input(model: Network, image: Tensor, asked: Asked) -> Found:
    return _of_pixels(gradient_times_input(model, image, asked.question))


def _integrated_gradients(model: Network, image: Tensor, asked: Asked) -> Found:
    found = integrated_gradients(model, image, asked.question, asked.fill, asked.most_steps)
    return Found(found.values, found.values.sum(0), integrated=found)


def _grad_cam(model: Network, image: Tensor, asked: Asked) -> Found:
    if not isinstance(model, SimpleCNN) or asked.layer is None:
        raise ValueError("Grad-CAM needs a layer that makes maps; this network has none")
    values = grad_cam(model, image, asked.question, asked.layer)
    steps = model.architecture.steps
    last = [step.name for step in steps].index(asked.layer)
    where = cells([step.layer.window(step.given) for step in steps[: last + 1]])
    return Found(values, spread(values, where, (image.shape[-2], image.shape[-1])), where)


def _occlusion_code(asked: Asked, shape: tuple[int, ...]) -> str:
    channels = shape[0]
    return f"""\
from captum.attr import Occlusion

attribution = Occlusion(score).attribute(
    image,
    sliding_window_shapes=({channels}, {asked.patch}, {asked.patch}),
    strides=({channels}, 1, 1),
    baselines={asked.fill!r},
    perturbations_per_eval={at_once(shape, asked.patch)},
)"""


def _gradient_code(asked: Asked, shape: tuple[int, ...]) -> str:
    return """\
from captum.attr import Saliency

attribution = Saliency(score).attribute(image.requires_grad_(), abs=False)"""


def _gradient_times_input_code(asked: Asked, shape: tuple[int, ...]) -> str:
    return """\
from captum.attr import InputXGradient

attribution = InputXGradient(score).attribute(image.requires_grad_())"""


def _integrated_code(asked: Asked, shape: tuple[int, ...]) -> str:
    return f"""\
from captum.attr import IntegratedGradients

attribution = IntegratedGradients(score).attribute(
    image, baselines={asked.fill!r}, n_steps={asked.most_steps}
)"""


def _grad_cam_code(asked: Asked, shape: tuple[int, ...]) -> str:
    return f"""\
from captum.attr import LayerGradCam

attribution = LayerGradCam(score, model.{asked.layer}).attribute(image)[0]"""


METHODS = {
    "occlusion": Method(
        "Occlusion",
        "What the score loses while a square is covered; for a pixel, the mean over all squares "
        "that cover it.",
        _occlusion,
        _occlusion_code,
    ),
    "gradient": Method(
        "Gradient",
        "How fast the score would rise with more ink at the pixel.",
        _gradient,
        _gradient_code,
    ),
    "gradient_input": Method(
        "Gradient × input",
        "The gradient times the ink that is there; without ink, 0.",
        _gradient_times_input,
        _gradient_times_input_code,
    ),
    "integrated": Method(
        "Integrated gradients",
        "The gradient, averaged on the way from a blank picture to this one, times the ink.",
        _integrated_gradients,
        _integrated_code,
    ),
    "grad_cam": Method(
        "Grad-CAM",
        "A layer's maps, each weighted by its mean gradient and added up: a value a cell.",
        _grad_cam,
        _grad_cam_code,
        needs_maps=True,
    ),
}
"""By the name that it has in the page's address."""
