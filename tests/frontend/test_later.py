"""What a page shows later comes, also where the browser's first word of it is lost."""

from tests.javascript import Node


def test_that_all_is_painted_is_told_again_until_it_is_taken_ever_more_seldom(node: Node) -> None:
    told, waits, told_after = node.run(
        """
        const { default: render } = await load("later/index.js");
        const waits = [];
        const due = [];
        globalThis.setTimeout = (call, ms = 0) => { waits.push(ms); due.push(call); return call; };
        globalThis.clearTimeout = (call) => due.splice(due.indexOf(call), 1);
        globalThis.requestIdleCallback = undefined;
        const view = { getAttribute: () => "1" };
        const host = { shadowRoot: null, querySelectorAll: () => [view] };
        globalThis.document = { querySelectorAll: () => [host] };
        let told = 0;
        const remove = render({ setTriggerValue: () => { told += 1; } });
        for (let turn = 0; turn < 5; turn += 1) due.shift()();
        const before = told;
        remove();
        for (const call of due) call();
        return [before, waits, told];
        """
    )
    assert told == told_after == 4
    assert waits == [0, 100, 3000, 6000, 12000, 24000]
