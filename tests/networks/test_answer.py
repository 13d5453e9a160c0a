import pytest
import torch

from cnnviz.networks.answer import read, words


def test_the_likeliest_digit_and_the_next() -> None:
    reading = read(torch.tensor([0.1, 0.7, 0.2]))
    assert (reading.digit, reading.second) == (1, 2)
    assert reading.probability == pytest.approx(0.7)
    assert reading.second_probability == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("probabilities", "unsure"),
    [
        ([0.9, 0.1], False),
        ([0.61, 0.39], False),
        ([0.59, 0.41], True),  # within 20 points
        ([0.5, 0.1, 0.1, 0.1, 0.1, 0.1], True),  # none above 50 %
        ([0.52, 0.12, 0.12, 0.12, 0.12], False),
    ],
)
def test_unsure_is_within_twenty_points_or_none_above_half(
    probabilities: list[float], unsure: bool
) -> None:
    assert read(torch.tensor(probabilities, dtype=torch.float64)).unsure is unsure


def test_of_equals_the_first_comes_first() -> None:
    reading = read(torch.full((10,), 0.1))
    assert (reading.digit, reading.second) == (0, 1)


def test_the_words_say_when_it_is_misread() -> None:
    sure = read(torch.tensor([0.05, 0.95]))
    assert words(sure) == "Reads a **1**, 95.0 % sure"
    assert words(sure, label=1).endswith("truly a **1**")
    assert words(sure, label=0).endswith("truly a **0**: misread")
    assert words(read(torch.tensor([0.45, 0.55]))) == "**Unsure:** a 1 (55.0 %), or a 0 (45.0 %)"


def test_a_doubt_is_said_however_sure_the_network_is() -> None:
    said = words(read(torch.tensor([0.05, 0.95])), doubt="that is no more than a dot")
    assert said.startswith("**Unsure:** that is no more than a dot.")
    assert "a 1 (95.0 %)" in said


def test_a_batch_is_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(N,\), got \(1, 10\)"):
        read(torch.zeros(1, 10))
