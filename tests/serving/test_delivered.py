"""No reference is sent to what a browser has let go, whenever it asks and runs end."""

import random

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from cnnviz.serving.delivered import Delivered

AGE = 2  # runs, as Streamlit tells a browser


class Browser:
    """What Streamlit's browser side keeps (its ForwardMessageCache)."""

    def __init__(self) -> None:
        self.runs = 0
        self.kept: dict[str, tuple[int, str]] = {}

    def take(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return
            self.runs += 1
            parts = message.metadata.run.fragment_ids
            for name, (run, part) in [*self.kept.items()]:
                if (not parts or part in parts) and self.runs - run > AGE:
                    del self.kept[name]
            return
        name = message.ref_hash or message.hash
        assert not message.ref_hash or name in self.kept, f"Cached ForwardMsg MISS: {name}"
        if message.ref_hash or message.metadata.cacheable:
            part = self.kept[name][1] if name in self.kept else message.delta.fragment_id
            self.kept[name] = self.runs, part


def whole(name: str, part: str = "") -> ForwardMsg:
    message = ForwardMsg(hash=name)
    message.metadata.cacheable = True
    message.delta.fragment_id = part
    message.delta.new_element.text.body = "text"
    return message


def end(run: str, *parts: str, early: bool = False) -> ForwardMsg:
    message = ForwardMsg()
    if early:
        message.script_finished = ForwardMsg.FINISHED_EARLY_FOR_RERUN
    elif parts:
        message.script_finished = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
    else:
        message.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    message.metadata.run.script_run_id = run
    message.metadata.run.fragment_ids.extend(parts)
    return message


def test_what_each_run_uses_is_referred_to_and_what_two_have_not_used_is_sent_again():
    delivered = Delivered(AGE)
    assert delivered.kept(["a"]) == frozenset()
    for run in range(5):
        delivered.sent([ForwardMsg(ref_hash="a") if run else whole("a"), end(str(run))])
        assert delivered.kept(["a", "unknown"]) == {"a"}
    delivered.sent([whole("b"), end("without a")])
    assert delivered.kept(["a", "b"]) == {"b"}
    # It isn't, either, where the browser will be told of the ends only before what comes next.
    delivered.ended("one", [])
    delivered.ended("two", [])
    assert delivered.kept(["b"]) == frozenset()
    # The first of the two it won't be told of: nothing of that run was sent.
    delivered.sent([end("one", early=True), whole("b"), end("two")])
    assert delivered.kept(["b"]) == {"b"}


def test_what_is_of_one_part_of_a_page_stays_while_others_are_run_by_themselves():
    delivered = Delivered(AGE)
    delivered.sent([whole("a", "one"), whole("b", "two"), end("all")])
    for run in range(6):
        delivered.sent([ForwardMsg(ref_hash="b"), end(str(run), "two")])
    assert delivered.kept(["a", "b"]) == {"a", "b"}
    delivered.sent([end("once more", "one")])
    assert delivered.kept(["a", "b"]) == {"b"}


def test_whatever_comes_when_the_browser_has_what_it_is_referred_to():
    """Runs begin and end, and are read late; what waits is dropped as another run begins."""
    for seed in range(300):
        chance = random.Random(seed)
        delivered, browser = Delivered(AGE), Browser()
        waiting: list[ForwardMsg] = []
        asked = [frozenset(browser.kept)]
        referred = 0
        for run in range(40):
            asked.append(frozenset(browser.kept))
            # It may have been asked for some time ago.
            hashes = chance.choice(asked[-4:] if chance.random() < 0.3 else asked[-1:])
            parts = chance.choice([(), (), ("one",), ("two",)])
            if chance.random() < 0.4:  # nothing of the last run has been sent: it never will be
                waiting = [
                    end(each.metadata.run.script_run_id, early=True)
                    for each in waiting
                    if each.WhichOneof("type") == "script_finished"
                ]
            kept = delivered.kept(hashes)
            for name in chance.sample("abcdef", 3):
                part = parts[0] if parts else chance.choice(["", "one", "two"])
                referred += f"{name} {part}" in kept
                waiting.append(
                    ForwardMsg(ref_hash=f"{name} {part}")
                    if f"{name} {part}" in kept
                    else whole(f"{name} {part}", part)
                )
            delivered.ended(str(run), parts)
            waiting.append(end(str(run), *parts))
            if chance.random() < 0.6:
                delivered.sent(waiting)
                for message in waiting:
                    browser.take(message)
                waiting = []
        assert referred > 0
