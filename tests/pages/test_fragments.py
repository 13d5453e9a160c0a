"""A part of a page that is run again by itself, while the rest of the page is still on its way.

Streamlit then drops what it hasn't sent of that part, its place included, and sends it anew after
all the rest. Its browser side takes an element only where those before it in the same container
have come ("Bad delta path index"), so no part may have its place among what is not part of it.
"""

from collections.abc import Callable

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest, element_tree, local_script_runner

from cnnviz.datasets.catalogue import DATASETS
from cnnviz.runs import folders, locks, queue, recorder
from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import Wish

SMALL = TrainingConfig(preset="own", dataset="digits", train_size=96, epochs=2, batch_size=32)


class Page:
    """What Streamlit's browser side keeps of the messages it gets: containers and their places."""

    def __init__(self) -> None:
        # The page, the sidebar, and two more.
        self.children: dict[tuple[int, ...], int] = {(): 4, (0,): 0, (1,): 0, (2,): 0, (3,): 0}

    def take(self, message: ForwardMsg) -> None:
        if not message.HasField("delta"):
            return
        path = tuple(message.metadata.delta_path)
        parent, index = path[:-1], path[-1]
        assert parent in self.children, f"{path} is to go into what hasn't come"
        known = self.children[parent]
        assert index <= known, f"{path} comes before what is before it: {known} have come"
        self.children[parent] = max(known, index + 1)
        if message.delta.HasField("add_block"):
            self.children.setdefault(path, 0)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[ForwardMsg]:
    """What the last run of a page sent."""
    messages: list[ForwardMsg] = []
    parse = element_tree.parse_tree_from_messages

    def noted(given: list[ForwardMsg]):
        messages[:] = given
        return parse(given)

    monkeypatch.setattr(local_script_runner, "parse_tree_from_messages", noted)
    monkeypatch.setattr(queue.Queue, "warm", lambda self: None)
    monkeypatch.setattr(DATASETS["mnist"].stored, "available", lambda root=None: True)
    return messages


def assert_any_part_may_be_run_again_at_any_time(messages: list[ForwardMsg]) -> None:
    parts = list(dict.fromkeys(m.delta.fragment_id for m in messages if m.delta.fragment_id))
    assert parts
    for again in [*([part] for part in parts), parts]:
        for reached in range(len(messages) + 1):
            unsent = ForwardMsgQueue()
            for message in messages[reached:]:
                unsent.enqueue(message)
            unsent.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=again)
            page = Page()
            for message in [*messages[:reached], *unsent.flush()]:
                page.take(message)
            for message in messages:
                if message.delta.fragment_id in again:
                    page.take(message)  # run again, it sends the same


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("draw", ()),
        ("convolution_1d", ("conv1d_painted", "conv1d_near")),
        ("pooling", ()),
        ("why", ()),
    ],
)
def test_a_part_of_a_lab_may_be_run_again_while_the_page_is_on_its_way(
    name: str,
    seen: tuple[str, ...],
    open_script: Callable[..., AppTest],
    sent: list[ForwardMsg],
) -> None:
    open_script(name, **dict.fromkeys(seen, True))
    assert_any_part_may_be_run_again_at_any_time(sent)


def test_a_run_that_trains_is_looked_at_again_while_the_page_is_on_its_way(
    open_script: Callable[..., AppTest], sent: list[ForwardMsg]
) -> None:
    folder = folders.create(SMALL, "small")
    asked = iter(range(10**6))
    recorder.record(folder, lambda: Wish(stop=next(asked) >= 10))
    with locks.queued(folder):
        open_script("training", training_more="What it gets wrong")
        assert any(message.HasField("auto_rerun") for message in sent)
        assert_any_part_may_be_run_again_at_any_time(sent)
