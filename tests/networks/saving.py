"""A network's weights as a file that says what they are, as a run's snapshots do."""

import json
from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import save as content_of

from cnnviz.files import write_atomically
from cnnviz.networks.models import FullyConnected, SimpleCNN


def save(
    path: Path, model: SimpleCNN | FullyConnected, metadata: Mapping[str, str] | None = None
) -> None:
    """Write them as safetensors, with the model's kind and architecture beside `metadata`."""
    described = {"model": type(model).__name__, "architecture": json.dumps(model.described())}
    write_atomically(path, content_of(model.state_dict(), described | dict(metadata or {})))
