"""A part of a page that stops being run again has its page run anew."""

from tests.javascript import Node

PROGRAM = """
  const { default: render } = await load("awake/index.js");
  let due = null;
  const waits = [];
  globalThis.setTimeout = (call, ms) => { waits.push(ms); due = call; return waits.length; };
  globalThis.clearTimeout = () => { due = null; };
  const target = new EventTarget();
  globalThis.addEventListener = target.addEventListener.bind(target);
  globalThis.removeEventListener = target.removeEventListener.bind(target);
  globalThis.dispatchEvent = target.dispatchEvent.bind(target);
  let asked = 0;
  const element = () => ({ places: {} });
  const [outside, inside, elsewhere] = [element(), element(), element()];
  const watch = () => render({
    data: { part: "rail", patience: 4000 }, parentElement: outside,
    setTriggerValue: () => { asked += 1; },
  });
  const beat = (number, part = "rail", place = inside) => render({
    data: { part, beat: number }, parentElement: place, setTriggerValue: () => {},
  });
  const close = watch();
  const later = () => due();
  beat(1);
  beat(1);
  beat(1, "stage", elsewhere);
  const beating = [asked, ...waits];
  later();
  later();
  watch();
  later();
  const asleep = [asked, ...waits.slice(-3)];
  beat(2);
  const awake = waits.at(-1);
  close();
  const closed = due;
  beat(3);
  return [beating, asleep, awake, closed, waits.length];
"""


def test_it_asks_ever_more_seldom_until_the_part_is_run_again(node: Node) -> None:
    beating, asleep, awake, closed, waits = node.run(PROGRAM)
    # Sent again unchanged, and of another part, it is no beat.
    assert beating == [0, 4000, 4000]
    assert asleep == [3, 8000, 16000, 32000]
    assert awake == 4000
    assert closed is None
    assert waits == 6
