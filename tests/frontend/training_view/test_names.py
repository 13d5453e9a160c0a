"""Under a snapshot there is room for a few letters of a class's name."""

import pytest

from tests.javascript import Node


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["cat", "ship", "horse"], ["cat", "ship", "horse"]),
        (["automobile", "airplane"], ["autom…", "airpl…"]),
        (["symbol 1", "symbol 2", "symbol 1"], ["…bol 1", "…bol 2"]),
        (["left shoes", "left gloves", "right shoes"], ["le…oes", "le…ves", "ri…oes"]),
        (["Größe 1", "Größe 2"], ["…öße 1", "…öße 2"]),
    ],
)
def test_no_two_names_are_shortened_to_the_same(
    node: Node, names: list[str], short: list[str]
) -> None:
    code = """
    const { shortened } = await load("training_view/names.js");
    return [...shortened(sent, 6).values()];
    """
    assert node.run(code, names) == short
