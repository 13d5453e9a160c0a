"""The person's token is told to the server until that says the same."""

from cnnviz import people
from tests.javascript import Node


def test_a_server_that_never_agrees_is_asked_once_a_minute_for_ever(node: Node) -> None:
    told, waits = node.run(
        """
        const { default: render } = await load("person/index.js");
        const waits = [];
        let due = null;
        globalThis.setTimeout = (call, ms) => { waits.push(ms); due = call; return waits.length; };
        globalThis.window = globalThis;
        globalThis.clearTimeout = () => {};
        globalThis.addEventListener = globalThis.removeEventListener = () => {};
        globalThis.localStorage = { getItem: () => sent.mine, setItem() {}, removeItem() {} };
        let told = 0;
        render({
          data: { token: sent.offered, teacher: "" }, parentElement: {},
          setStateValue: (name) => { if (name === "token") told += 1; },
        });
        for (let turn = 0; turn < 40; turn += 1) due();
        return [told, waits];
        """,
        {"mine": people.new_token(), "offered": people.new_token()},
    )
    assert told == 41
    assert waits[:7] == [2000, 4000, 8000, 16000, 32000, 60000, 60000]
    # A timer of more than 2**31 ms would be one of none.
    assert max(waits) == 60000
