"""What a page and its components tell one another: AppTest knows of none."""

import json
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest


def components(script: AppTest, name: str) -> list[tuple[str, dict[str, Any]]]:
    """The id of each component called `name`, and what it is told, one after the other."""
    every: list[Any] = list(script.get("bidi_component"))
    found = [each.proto for each in every if each.proto.component_name == f"cnnviz.{name}"]
    return [(proto.id, json.loads(proto.json or "{}")) for proto in found]


def sent(script: AppTest, name: str) -> list[dict[str, Any]]:
    """What the components called `name` are told, one after the other."""
    return [data for _, data in components(script, name)]


def tell(script: AppTest, identity: str, event: str, value: object) -> AppTest:
    """What the component of that id tells of a person's doing; the page runs."""
    states = script._tree.get_widget_states()
    said = WidgetStates().widgets.add(id=_make_trigger_id(identity, "events"))
    said.json_trigger_value = json.dumps({"event": event, "value": value})
    script._run(WidgetStates(widgets=[*states.widgets, said]))
    assert not script.exception, script.exception
    return script
