"""What one does in the view, and what is left of it once the view has gone."""

from tests.javascript import Node


def test_a_view_that_has_gone_does_not_write_into_another_pages_address(node: Node) -> None:
    code = """
    const { createActions } = await load("network_view/actions.js");
    const waiting = new Map();
    const own = [globalThis.setTimeout, globalThis.clearTimeout];
    globalThis.setTimeout = (wake) => { waiting.set(waiting.size + 1, wake); return waiting.size; };
    globalThis.clearTimeout = (timer) => waiting.delete(timer);
    globalThis.location = new URL("https://cnn.example/");
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


def test_a_pin_of_a_moment_before_one_leaves_is_kept_for_its_own_page(node: Node) -> None:
    code = """
    const page = (path) => { globalThis.location = new URL(path, "https://cnn.example"); };
    page("/");
    globalThis.history = { state: null, replaceState: (state, title, href) => page(href) };
    delete globalThis[Symbol.for("cnnviz.address")];
    const { createActions } = await load("network_view/actions.js");
    const { writtenAt } = await load("shared/address.js");
    const own = globalThis.setTimeout;
    let wake = () => {};
    globalThis.setTimeout = (then, after, ...given) => { wake = () => then(...given); return 1; };
    try {
      const view = { options: { linked: true }, pin: null, scope: "map" };
      createActions(view, {}).saveLink();
      page("/why?about=step");  // the view is there still, until the next page's takes its place
      wake();
      return [location.search, writtenAt("/why") ?? null, writtenAt("/").get("scope")];
    } finally {
      globalThis.setTimeout = own;
    }
    """
    assert node.run(code) == ["?about=step", None, "map"]
