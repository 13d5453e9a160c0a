"""A click on one of `cnnviz.components.choices`, as a browser sends it: AppTest knows of none."""

import json
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest


def row(script: AppTest, label: str) -> tuple[str, dict[str, Any]]:
    """The id of the choices of that label, and what they were given."""
    found = {
        component.proto.id: data
        for component in script.get("bidi_component")
        if (data := json.loads(component.proto.json or "{}")).get("label") == label
        and "inView" in data
    }
    ((identity, data),) = found.items()
    return identity, data


def chosen(script: AppTest, label: str) -> str | None:
    """The option that is marked."""
    _, data = row(script, label)
    return None if data["inView"] is None else data["options"][data["inView"]]


def choose(script: AppTest, label: str, option: str) -> AppTest:
    """Click the option, and let the page run."""
    identity, data = row(script, label)
    states = script._tree.get_widget_states()
    click = WidgetStates().widgets.add(id=_make_trigger_id(identity, "events"))
    value = data["options"].index(option)
    click.json_trigger_value = json.dumps({"event": "chosen", "value": value})
    script._run(WidgetStates(widgets=[*states.widgets, click]))
    assert not script.exception, script.exception
    return script
