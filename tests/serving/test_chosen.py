"""A page that was chosen stays chosen, in whatever order the one before it tells something late."""

import itertools

import pytest
from streamlit.proto.ClientState_pb2 import ClientState

from cnnviz.serving.chosen import Chosen


def choice(page: str, query: str = "") -> ClientState:
    return ClientState(page_script_hash=page, query_string=query)


def widget(page: str, fragment: str = "", query: str = "") -> ClientState:
    state = ClientState(page_script_hash=page, fragment_id=fragment, query_string=query)
    state.widget_states.widgets.add(id="pad", json_value="[1]")
    return state


def test_what_the_page_that_is_left_tells_late_counts_for_the_chosen_one():
    chosen = Chosen()
    chosen.told(widget("lessons"))
    chosen.told(choice("draw", "sample=3"))
    late = chosen.told(widget("lessons", fragment="strip", query="lesson=02"))
    assert (late.page_script_hash, late.query_string) == ("draw", "sample=3")
    assert not late.fragment_id, "the chosen page has no such fragment"
    assert [each.json_value for each in late.widget_states.widgets] == ["[1]"]


@pytest.mark.parametrize("times", [1, 2, 5])
def test_however_often_it_tells(times: int):
    chosen = Chosen()
    chosen.told(choice("draw"))
    assert {chosen.told(widget("lessons")).page_script_hash for _ in range(times)} == {"draw"}


def test_what_was_sent_stays_as_it_was():
    chosen = Chosen()
    chosen.told(choice("draw"))
    sent = widget("lessons", fragment="strip")
    chosen.told(sent)
    assert sent == widget("lessons", fragment="strip")


def test_once_the_browser_shows_the_page_it_may_go_wherever_it_likes():
    chosen = Chosen()
    chosen.told(choice("draw"))
    own = widget("draw", fragment="view")
    assert chosen.told(own) is own
    other = widget("lessons")
    assert chosen.told(other) is other, "a script has gone there meanwhile"


def test_the_newest_choice_counts():
    chosen = Chosen()
    chosen.told(choice("draw"))
    chosen.told(choice("why"))
    assert chosen.told(widget("lessons")).page_script_hash == "why"
    assert chosen.told(widget("draw")).page_script_hash == "why"


def test_where_a_script_goes_from_the_chosen_page_the_browser_goes_too():
    chosen = Chosen()
    chosen.told(choice("draw"))
    chosen.runs("draw")
    chosen.runs("lessons")
    told = widget("lessons")
    assert chosen.told(told) is told


def test_a_run_of_the_chosen_page_is_not_yet_what_the_browser_shows():
    chosen = Chosen()
    chosen.told(choice("draw"))
    chosen.runs("draw")
    assert chosen.told(widget("lessons")).page_script_hash == "draw"


def test_a_browser_that_names_no_page_asks_for_what_its_address_says():
    chosen = Chosen()
    chosen.told(choice("draw"))
    begins = ClientState(page_name="why")
    assert chosen.told(begins) is begins


def test_what_a_page_that_a_script_has_left_tells_late_counts_for_where_it_went():
    chosen = Chosen()
    chosen.runs("training")
    chosen.runs("draw")
    late = chosen.told(widget("training", fragment="polled", query="run=a"))
    assert (late.page_script_hash, late.fragment_id, late.query_string) == ("draw", "", "")
    own = widget("draw")
    assert chosen.told(own) is own


def test_the_first_run_of_all_chooses_nothing():
    chosen = Chosen()
    begins = ClientState(page_name="why")
    assert chosen.told(begins) is begins
    chosen.runs("draw")  # as Streamlit has it until the script has named its pages
    told = widget("why")
    assert chosen.told(told) is told


def test_the_browsers_way_back_is_a_choice_too():
    chosen = Chosen()
    chosen.runs("training")
    chosen.runs("draw")
    back = widget("training")
    back.is_history_navigation = True
    assert chosen.told(back) is back


@pytest.mark.parametrize("late", list(itertools.product(["lessons", "draw"], repeat=3)))
def test_no_order_of_what_two_pages_tell_takes_one_back_to_the_page_that_was_left(
    late: tuple[str, ...],
):
    """A browser tells of the old page first and of the new one then, never the other way round."""
    chosen = Chosen()
    chosen.told(choice("draw"))
    shown = sorted(late, reverse=True)
    assert [chosen.told(widget(page)).page_script_hash for page in shown] == ["draw"] * 3
