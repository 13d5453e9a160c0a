"""The rows of the table of settings: whatever is given is kept, or refused by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.training.config import SETTINGS, TrainingConfig, check
from cnnviz.training.settings import Choice, Option, Whole, Wholes, choice

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=True)
    | st.text(max_size=9)
)
anything = scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.text(max_size=3), scalars)


@given(st.sampled_from(sorted(SETTINGS)), anything)
def test_any_value_is_kept_as_it_is_or_refused_by_the_setting_s_name(name, value):
    config, said = None, ""
    try:
        config = TrainingConfig.from_dict({name: value})
    except ValueError as error:
        said = str(error)
    if config is None:
        assert said.startswith(f"{name} must be ")
        assert said.endswith(f"got {value!r}")
        return
    assert getattr(config, name) == (tuple(value) if isinstance(value, list) else value)
    assert TrainingConfig.from_dict(config.to_dict()) == config


@pytest.mark.parametrize("name", ["learning_rate", "momentum"])
def test_a_whole_number_that_no_float_can_hold_is_refused_by_the_setting_s_name(name):
    with pytest.raises(ValueError, match=f"{name} must be a number from"):
        TrainingConfig.from_dict({name: 10**400})


def test_a_default_passes_its_own_check_and_is_of_the_type_that_is_kept():
    for setting in SETTINGS.values():
        checked = setting.check(setting.default, TrainingConfig().to_dict())
        assert checked == setting.default
        assert type(checked) is type(setting.default)


def test_a_choice_has_a_name_in_menus_and_another_on_the_command_line():
    kind = choice("plain", Option("Fancy", label="fancy one", flag="fancy"))
    assert kind.flags == {"plain": "plain", "fancy": "Fancy"}
    assert [kind.shown(value) for value in kind.values] == ["plain", "fancy one"]


def test_one_is_no_true_and_three_no_three_point_nought():
    kind = choice(1, 3)
    for value in (True, 3.0, "1"):
        with pytest.raises(ValueError, match="size must be one of 1, 3, got"):
            kind.check("size", value)


def test_the_most_there_can_be_may_hang_on_the_other_settings():
    kind = Whole(1, 10, most=lambda others: others["most"], none="all")
    assert kind.among({"most": 4}).check("count", 4) == 4
    assert kind.among({"most": 4}).check("count", None) is None
    with pytest.raises(ValueError, match="count must be a whole number from 1 to 4, got 5"):
        kind.among({"most": 4}).check("count", 5)
    assert [kind.shown(value) for value in (3, None)] == ["3", "all"]


def test_several_numbers_are_shown_as_a_person_lists_them():
    assert Wholes(("a", "b"), 1, 9).shown((4, 8)) == "4 and 8"


def test_one_setting_alone_can_be_checked_by_its_name():
    assert check("learning_rate", 1) == 1.0
    with pytest.raises(ValueError, match="batch_size must be a whole number from 1 to 4096, got 0"):
        check("batch_size", 0)


def test_every_setting_that_hangs_on_another_comes_after_it_and_names_a_value_it_can_have():
    names = list(SETTINGS)
    for setting in SETTINGS.values():
        if setting.only_with is not None:
            other, value = setting.only_with
            assert names.index(other) < names.index(setting.name)
            kind = SETTINGS[other].kind
            assert isinstance(kind, Choice)
            assert value in kind.values
