"""One learning step on the server: gradients of all layers, a weight, the step, the curve."""

from time import perf_counter

import torch

from benchmarks.table import Row, median_row
from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.networks import checkpoints
from cnnviz.networks.trace import as_image
from cnnviz.reasons import step, weights
from cnnviz.reasons.backward import backward
from cnnviz.reasons.rule import Rule
from cnnviz.views.network import trace_message, weights_message

TIMES = 30


def measure() -> list[Row]:
    """Of the ten samples, by Adam, with what the network view is sent of one of them."""
    torch.set_num_threads(1)  # as the server has it
    model = checkpoints.article().model
    images = torch.cat([as_image(prepare(samples.ink(digit)).centred) for digit in range(10)])
    labels, number = torch.arange(10), weights.Number("conv1.weight", (0, 0, 1, 1))
    took = []
    for at in range(TIMES + 1):
        start = perf_counter()
        taken = step.take(model, images, labels, Rule("Adam", 0.01))
        step.curve(taken, images, labels)
        weights.gradient_of(model, taken.there, number)
        back = backward(model, images[7:8], 1)
        sent = weights_message(back.trace)
        trace_message(back.trace, key="step", weights=sent["id"], backward=back)
        if at:  # the first imports what is slow
            took.append(1000 * (perf_counter() - start))
    return [median_row("one learning step from ten drawings, on the server", took, "ms", 200)]
