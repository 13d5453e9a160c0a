"""What the programs that are handed out have in common: their imports, and a network's layers."""

import sys
from collections.abc import Iterable, Sequence

from cnnviz.networks.steps import Step


def sequential(steps: Sequence[Step]) -> str:
    """torch's `nn.Sequential` of the layers, by name; it needs `imports_of` them."""
    lines = "\n".join(f"        {step.name}={step.layer.line(step.given)}," for step in steps)
    return f"nn.Sequential(\n    OrderedDict(\n{lines}\n    )\n)"


def imports_of(steps: Iterable[Step]) -> set[str]:
    """The lines of import that `sequential` needs."""
    layers = {line for step in steps for line in step.layer.imports}
    return {"from collections import OrderedDict", "from torch import nn", *layers}


def in_order(imports: set[str]) -> str:
    """Lines of import: Python's own first, and whole modules before what is taken from one."""
    of_python = {line for line in imports if line.split()[1] in sys.stdlib_module_names}
    groups = (of_python, imports - of_python)
    return "\n\n".join("\n".join(sorted(group, key=_modules_first)) for group in groups if group)


def _modules_first(line: str) -> tuple[bool, str]:
    return line.startswith("from"), line
