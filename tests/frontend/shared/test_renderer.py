"""Streamlit takes an older render back while a newer one is under way: the view outlives that."""

from tests.javascript import Node


def test_an_older_render_taken_back_closes_nothing_while_the_element_is_there(node: Node) -> None:
    body = """const { renderer } = await load("shared/renderer.js");
    const told = [];
    const render = renderer(() => {
      told.push("made");
      return { receive: ({ data }) => told.push(data), close: () => told.push("closed") };
    });
    const parentElement = { isConnected: true };
    const older = render({ data: "older", parentElement });
    older();
    const newer = render({ data: "newer", parentElement });
    parentElement.isConnected = false;
    newer();
    render({ data: "another", parentElement });
    return told;"""
    assert node.run(body) == ["made", "older", "newer", "closed", "made", "another"]
