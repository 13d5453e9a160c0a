"""The link to any step of a lesson: copied, or shown as a QR code."""

from collections.abc import Sequence

from streamlit.components.v2 import component

from cnnviz.components.modules import together

_component = component(
    "cnnviz.step_links",
    js=together("step_links/index.js"),
    html="<i></i>",
    isolate_styles=False,
)


def step_links(name: str, steps: Sequence[str], *, language: str, label: str, key: str) -> None:
    """A choice among the `steps`, in words, of the lesson of that `name`, and its link's buttons.

    The link opens it in that `language`; `label` says to a screen reader what is chosen.
    """
    data = {"name": name, "language": language, "label": label, "steps": list(steps)}
    _component(key=key, data=data, width="content", height="content")
