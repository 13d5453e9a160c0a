"""The lines of Python, without cnnviz, that give what the page shows: what excites a map, the
picture that climbs, and where a drawing lies."""

from __future__ import annotations

import base64
import textwrap
import zlib
from collections.abc import Mapping

from torch import Tensor

from cnnviz.networks.as_python import imports_of, in_order, sequential
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.reasons import ascent, embedding, tsne
from cnnviz.reasons.changes import Change, Changes
from cnnviz.reasons.examples import BATCH, Examples, shuffling_seed
from cnnviz.reasons.exciting import SHOWN, Target
from cnnviz.reasons.stages import Stages

WEIGHTS = "weights.pt"
"""What the program reads the weights from (`cnnviz.export.weights.state_dict`)."""


def exciting(
    checkpoint: Checkpoint, examples: Examples, stages: Stages, target: Target, image: Tensor
) -> str:
    """Prints the numbers and the answers of the pictures that excite the target most, and its
    answer to `image` (1, C, H, W)."""
    at = _answer(stages, target)
    body = f"""\
layers = nn.Sequential(*list(network)[:{stages.index(target.layer) + 1}])  # through {target.layer}
with torch.no_grad():
    answers = torch.cat([layers(batch){at} for batch in test_images.split({BATCH})])
    own = layers(image){at}
sorted_answers, numbers = answers.sort(descending=True, stable=True)
print(numbers[:{SHOWN}].tolist(), sorted_answers[:{SHOWN}].tolist())
print(own.item())
"""
    return _program(checkpoint, examples, [_drawing(image), body])


def climbing(checkpoint: Checkpoint, stages: Stages, target: Target, start: Tensor | None) -> str:
    """Prints the answer to each step's picture, from `start` (1, C, H, W), or else from noise."""
    at = _answer(stages, target)
    shape = ", ".join(map(str, (1, *stages.picture)))
    first = (
        f"image = torch.rand({shape}, generator=torch.Generator().manual_seed({ascent.SEED}))"
        if start is None
        else _drawing(start)
    )
    body = f"""\
layers = nn.Sequential(*list(network)[:{stages.index(target.layer) + 1}])  # through {target.layer}
# Where every gradient is 0, since ReLUs answer 0, those that leak show the way.
leaky = nn.Sequential(
    *(nn.LeakyReLU({ascent.LEAK}) if isinstance(layer, nn.ReLU) else layer for layer in layers)
)
image.requires_grad_()
optimizer = torch.optim.Adam([image], lr={ascent.RATE}, maximize=True)
answers = []
for step in range({ascent.STEPS}):
    answer = layers(image){at}.sum()
    answers.append(answer.item())
    image.grad = torch.autograd.grad(answer, image)[0]
    if not image.grad.any():
        image.grad = torch.autograd.grad(leaky(image){at}.sum(), image)[0]
    optimizer.step()
    with torch.no_grad():
        image.clamp_(0, 1)
answers.append(layers(image){at}.item())
print(answers)
"""
    return _program(checkpoint, None, [first, body])


def lying(
    checkpoint: Checkpoint,
    examples: Examples,
    stages: Stages,
    layer: str,
    image: Tensor,
    many: int = tsne.MOST,
) -> str:
    """Prints where `image` (1, C, H, W) lies in the plane, its nearest neighbours among the
    `examples`, and makes the map by t-SNE of the first `many`."""
    many = min(len(examples), many)
    body = f"""\
layers = nn.Sequential(*list(network)[:{stages.index(layer) + 1}])  # through {layer}
with torch.no_grad():
    values = torch.cat([layers(batch).flatten(1) for batch in test_images.split({BATCH})]).numpy()
    own = layers(image).flatten(1).numpy()
pca = PCA(2, random_state=0).fit(values)
print(pca.transform(own)[0].tolist())
distances = np.linalg.norm(values - own, axis=1)
print(distances.argsort(kind="stable")[:{embedding.NEIGHBOURS}].tolist())
tsne = TSNE(
    perplexity={tsne.perplexity(tsne.PERPLEXITY, many)},
    early_exaggeration_iter={tsne.STEPS[0]},
    n_iter={tsne.STEPS[1]},
    neighbors="exact",
    negative_gradient_method="{tsne.forces(many)}",
    n_jobs=1,
    random_state={tsne.SEED},
)
points = tsne.fit(values[:{many}])
"""
    imports = (
        "import numpy as np",
        "from openTSNE import TSNE",
        "from sklearn.decomposition import PCA",
    )
    return _program(checkpoint, examples, [_drawing(image), body], imports)


def changed(
    checkpoint: Checkpoint, changes: Changes, means: Mapping[str, float], image: Tensor
) -> str:
    """Has the values that each layer of the changed network makes of `image` (1, C, H, W) in
    `values`, by name, and prints the probabilities. `means` has a number for each mean."""
    resolved = changes.resolved(means)
    written = {change.target: f"  # {change}" for change in changes}
    pixels = [
        f"image[{', '.join(map(str, (0, *change.place)))}] = {change.number!r}"
        for change in resolved.of_input
    ]
    weights = [_reweighed(change) for change in resolved if change.of_weights]
    hooks = [
        f"network.{layer}.register_forward_hook(setting({place!r}, {value!r}))"
        f"{written['.'.join((layer, *map(str, place)))]}"
        for layer, places in resolved.values_set().items()
        for place, value in places
    ]
    body = []
    if pixels:
        body.append("\n".join(pixels))
    if weights:
        body.append("with torch.no_grad():\n" + textwrap.indent("\n".join(weights), "    "))
    if hooks:
        body.append(_SETTING + "\n".join(hooks))
    body.append(_KEEPING)
    return _program(checkpoint, None, [_drawing(image), *body])


_SETTING = """\

def setting(place, value):
    def hook(module, inputs, output):
        output = output.clone()
        output[(slice(None), *place)] = value
        return output

    return hook


"""

_KEEPING = """\
values = {}
for name, layer in network.named_children():
    # After the hooks that set something: what they gave is what is kept.
    layer.register_forward_hook(lambda _, given, made, name=name: values.update({name: made[0]}))
with torch.no_grad():
    probabilities = network(image).softmax(1)[0]
print(probabilities.tolist())
"""


def _reweighed(change: Change) -> str:
    values = [*change.values]
    at = f"network.{change.layer}.{change.part}[{', '.join(map(str, change.place))}]"
    if len(values) == 1:
        return f"{at} = {values[0]!r}"
    return f"{at} = torch.tensor({values}).view_as({at})"


def _program(
    checkpoint: Checkpoint, examples: Examples | None, body: list[str], more: tuple[str, ...] = ()
) -> str:
    steps = checkpoint.model.steps
    imports = {"import torch", *imports_of(steps), *more}
    parts = [
        f"network = {sequential(steps)}.eval()\n"
        f'network.load_state_dict(torch.load("{WEIGHTS}", weights_only=True))'
    ]
    if examples is not None:
        stored = examples.dataset.stored
        imports |= {*stored.imports}
        text = stored.lines()
        if "F." in text:
            imports.add("import torch.nn.functional as F")
        seed = shuffling_seed(checkpoint)
        if seed is not None:
            text += (
                f"\norder = torch.randperm({examples.images[0, 0].size}, "
                f"generator=torch.Generator().manual_seed({seed}))\n"
                "test_images = test_images.flatten(2)[:, :, order].view(test_images.shape)"
            )
        parts.append(f"{text}\ntest_images = test_images[:{len(examples)}]")
    parts += body
    if any("zlib." in part for part in parts):
        imports |= {"import base64", "import zlib"}
    return "\n\n".join([in_order(imports), *(part.rstrip("\n") for part in parts)]) + "\n"


def _drawing(image: Tensor) -> str:
    """`image` with its very numbers, packed."""
    packed = base64.b64encode(zlib.compress(image.contiguous().numpy().tobytes(), 9)).decode()
    text = "\n".join(f'    "{line}"' for line in textwrap.wrap(packed, 90))
    shape = ", ".join(map(str, image.shape))
    return (
        f"drawing = (\n{text}\n)\n"
        "numbers = bytearray(zlib.decompress(base64.b64decode(drawing)))\n"
        f"image = torch.frombuffer(numbers, dtype=torch.float32).view({shape})"
    )


def _answer(stages: Stages, target: Target) -> str:
    """What is taken of a layer's values: `Target.answers` as text."""
    shape = stages[target.layer].shape
    if len(shape) == 1:
        return f"[:, {target.channel}]"
    if target.place is None:
        return f"[:, {target.channel}].amax((1, 2))"
    row, column = divmod(target.place, shape[2])
    return f"[:, {target.channel}, {row}, {column}]"
