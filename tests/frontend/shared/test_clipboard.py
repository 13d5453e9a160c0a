"""Where a browser lends no clipboard, a copy leaves the keyboard where it was."""

from tests.javascript import Node


def test_what_has_the_keyboard_is_found_inside_of_components(node: Node) -> None:
    found = node.run(
        """
        const { focused } = await load("shared/clipboard.js");
        const button = { name: "copy", shadowRoot: null };
        const inner = { name: "inner", shadowRoot: { activeElement: button } };
        const outer = { name: "outer", shadowRoot: { activeElement: inner } };
        const host = { shadowRoot: { activeElement: null } };
        const told = [];
        for (const activeElement of [button, outer, host, null]) {
          globalThis.document = { activeElement };
          told.push(focused()?.name);
        }
        return told;
        """
    )
    assert found == ["copy", "copy", None, None]
