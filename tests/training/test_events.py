"""Events as lines: what is written is what is read back, and nothing else is an event."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.training.events import (
    Change,
    Continued,
    Epoch,
    Failed,
    Finished,
    Paused,
    Queued,
    Snapshot,
    Started,
    Step,
    Stopped,
    Told,
    from_line,
    to_line,
)

whole = st.integers(0, 10**9 - 1)
number = st.floats(allow_nan=False, allow_infinity=False)
positive = st.floats(0, exclude_min=True, allow_infinity=False)
share = st.floats(0, 1)
EVENTS = st.one_of(
    st.builds(Step, whole, whole, number, number, number.map(lambda x: round(x, 4))),
    st.builds(Snapshot, whole, whole, share, whole),
    st.builds(Epoch, whole, whole, number, number, share, number, number),
    st.builds(Change, whole, st.just("learning_rate"), positive, st.floats(1e-6, 10)),
    st.builds(Change, whole, st.just("batch_size"), positive, st.integers(1, 4096)),
    st.builds(Failed, whole, st.text(max_size=1000), st.none() | whole),
    st.builds(Finished, whole, share),
    st.builds(Started, whole, whole),
    *(st.builds(kind, whole) for kind in (Stopped, Queued, Paused, Continued)),
)


@given(EVENTS, st.none() | st.floats(0, 1e10))
def test_an_event_read_back_from_its_line_is_the_same_event(event: Told, time: float | None):
    line = to_line(event, time)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert from_line(line) == event


@given(EVENTS, st.data())
def test_a_line_with_one_value_of_another_kind_tells_nothing(event: Told, data: st.DataObject):
    content = json.loads(to_line(event))
    spoiled = data.draw(st.sampled_from(sorted(content.keys() - {"reason", "last_good_step"})))
    content[spoiled] = data.draw(
        st.sampled_from([None, True, "1", [1], {}, -math.inf, math.nan, 10**400])
    )
    with pytest.raises(ValueError, match="not an event"):
        from_line(json.dumps(content))


def test_a_failure_of_before_last_good_steps_were_written_is_read():
    assert from_line('{"event": "failed", "step": 3, "reason": "full"}') == Failed(3, "full")


@pytest.mark.parametrize(("setting", "new"), [("learning_rate", 11), ("batch_size", 4097)])
def test_a_change_to_what_the_setting_may_not_be_tells_nothing(setting, new):
    with pytest.raises(ValueError, match="not an event"):
        from_line(
            json.dumps({"event": "change", "step": 1, "setting": setting, "old": 1, "new": new})
        )


def test_a_number_that_is_none_is_not_written():
    with pytest.raises(ValueError, match="JSON"):
        to_line(Step(1, 1, math.nan, 0.001, 0.5))
