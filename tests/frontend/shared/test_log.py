"""What a hand does isn't lost, however quickly it comes, nor taken in twice."""

from tests.javascript import Node


def test_all_that_python_has_not_taken_in_is_sent_again(node: Node) -> None:
    made = node.run(
        """
        const { Log } = await load("shared/log.js");
        const log = new Log();
        const numbers = (sent) => sent.map(({ sequence, kind }) => `${sequence} ${kind}`);
        const told = [log.add({ kind: "a" }), log.add({ kind: "b" })].map(numbers);
        log.taken(1);
        told.push(numbers(log.add({ kind: "c" })));
        log.taken(3);
        log.taken(1);
        const again = new Log();
        again.taken(3);
        return [...told, numbers(log.waiting), numbers(again.add({ kind: "d" }))];
        """
    )
    assert made == [["1 a"], ["1 a", "2 b"], ["2 b", "3 c"], [], ["4 d"]]
