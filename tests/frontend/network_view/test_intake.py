"""Values come in: whose picture they are of."""

import torch
from torch import nn

from tests.frontend.networks import base64_floats
from tests.javascript import Node

PROGRAM = """
  const { storeWeights } = await load("network_view/payload.js");
  const { createRunner } = await load("network_view/forward.js");
  const { createIntake } = await load("network_view/intake.js");
  globalThis.window = globalThis;
  storeWeights({
    id: "intake", layers: { fc: { digest: "of intake", weight: sent.weight, bias: null } },
  }, {});
  const traceOf = (image, output) => ({
    weights: "intake", image, probabilities: null, options: { alone: true },
    layers: [
      { name: "flatten", kind: "flatten", hyper: {}, shape: [4], values: image.values },
      { name: "fc", kind: "linear", hyper: {}, ...output },
    ],
  });
  const view = { options: {}, drawn: null, values: null, root: { dataset: {} } };
  let network = null;
  const whatIf = {
    adopt(next) { network = next; },
    made: () => ({ network, runner: createRunner(network) }),
    beside: () => null, change() {}, inForce: () => true, stop() {},
  };
  const shown = [];
  const intake = createIntake(view, whatIf, {
    adopted() {}, previewed() {}, changed() {},
    shown() { shown.push([view.source, view.drawn !== null]); },
  });
  intake.trace(traceOf(sent.image, sent.output));
  intake.down();
  view.drawn = { image: new Float32Array(4) };
  intake.preview(view.drawn.image);
  intake.up();
  intake.change([]);
  intake.trace(traceOf(sent.zeros, sent.nothing));
  intake.change([]);
  intake.stop();
  return shown;
"""


def test_a_preview_after_another_picture_has_come_is_not_of_the_drawing_before(node: Node) -> None:
    torch.manual_seed(0)
    layer = nn.Linear(4, 2, bias=False)
    image = torch.rand(1, 2, 2)
    tensors = {
        "weight": layer.weight,
        "image": image,
        "output": layer(image.flatten()),
        "zeros": torch.zeros(1, 2, 2),
        "nothing": torch.zeros(2),
    }
    sent = {
        name: {"shape": list(tensor.shape), "values": base64_floats(tensor.detach())}
        for name, tensor in tensors.items()
    }
    assert node.run(PROGRAM, sent) == [
        ["torch", False],
        ["preview", True],
        ["preview", True],  # a change, of the drawing still
        ["torch", False],
        ["preview", False],
    ]
