"""What was done to a grid can be undone, also where its editor was put up anew meanwhile."""

from tests.javascript import Node

HISTORY = 'const { historyOf } = await load("grid_editor/history.js"); '


def test_an_editor_put_up_anew_goes_on_with_its_history(node: Node) -> None:
    made = node.run(
        HISTORY
        + """
        historyOf("anew", "1").push("2");
        const again = historyOf("anew", "2");
        const moved = historyOf("anew", "3");
        return [again === moved, moved.undo(), moved.undo(), moved.undo()];
        """,
        None,
    )
    assert made == [True, "2", "1", None]


def test_editors_do_not_share_a_history(node: Node) -> None:
    made = node.run(
        HISTORY + 'historyOf("one", "1").push("2"); return historyOf("other", "1").undo();', None
    )
    assert made is None
