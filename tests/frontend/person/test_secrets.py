"""What a browser keeps of its person."""

from cnnviz import people
from tests.javascript import Node

KEY = "a long enough key"

SETTLE = """
  const { Secrets, KEY } = await load("person/secrets.js");
  const kept = new Map(sent.kept);
  const storage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
  const secrets = new Secrets(() => { if (sent.closed) throw new Error("no"); return storage; });
  return [secrets.settle(sent.offered), secrets.settle(sent.offered), [...kept]];
"""


def test_a_browser_keeps_the_first_token_that_it_is_offered(node: Node) -> None:
    first, second = people.new_token(), people.new_token()
    offered = {"token": first, "teacher": None}

    def settle(kept: list[list[str]], offered: object, closed: bool = False):
        return node.run(SETTLE, {"kept": kept, "offered": offered, "closed": closed})

    one, again, kept = settle([], offered)
    assert one == again == offered
    assert kept == [["cnnviz.person", first]]
    # Offered another by a later visit's server, or by a tab that opened at the same time.
    one, again, kept = settle(kept, {"token": second, "teacher": KEY})
    assert one == again == {"token": first, "teacher": KEY}
    one, _, kept = settle(kept, {"token": second, "teacher": None})
    assert one == {"token": first, "teacher": KEY}
    one, _, kept = settle(kept, {"token": second, "teacher": ""})
    assert one == {"token": first, "teacher": None}
    assert kept == [["cnnviz.person", first]]
    # What isn't a token isn't told, and a browser that keeps nothing has the offered one.
    assert settle([["cnnviz.person", "<b>"]], offered)[0] == offered
    assert settle([], offered, closed=True)[:2] == [offered, offered]
