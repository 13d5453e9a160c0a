"""What one does in the view, and what is left of it once the view has gone."""

from tests.javascript import Node


def test_a_view_that_has_gone_does_not_write_into_another_pages_address(node: Node) -> None:
    code = """
    const { createActions } = await load("network_view/actions.js");
    const waiting = new Map();
    const own = [globalThis.setTimeout, globalThis.clearTimeout];
    globalThis.setTimeout = (wake) => { waiting.set(waiting.size + 1, wake); return waiting.size; };
    globalThis.clearTimeout = (timer) => waiting.delete(timer);
    try {
      const actions = createActions({ options: { linked: true } }, {});
      actions.saveLink();
      const before = waiting.size;
      actions.stop();
      return [before, waiting.size];
    } finally {
      [globalThis.setTimeout, globalThis.clearTimeout] = own;
    }
    """
    assert node.run(code) == [1, 0]
