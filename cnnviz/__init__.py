"""See a convolutional network work: traces of small torch models, drawn by one component.

    import cnnviz

    cnnviz.show(model, image)              # in a notebook: every layer, to be pointed at
    cnnviz.show(model, image, live=True)   # with a pen
    cnnviz.trace(model, image)["conv1"]    # the same as tensors
    cnnviz.save_page(model, "my.html")     # the explorer as one file

`model` is a plain `torch.nn.Sequential`. Everything else in this package is its inside.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cnnviz.notebook.interface import save_page, show, trace

__version__ = "0.1.0"
__all__ = ["__version__", "save_page", "show", "trace"]

# Looked up when they are asked for: torch takes seconds to import, `import cnnviz` none.
_INTERFACE = "cnnviz.notebook.interface"


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_INTERFACE), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
