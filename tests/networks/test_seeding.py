"""torch's global generator is lent to one at a time."""

from concurrent.futures import ThreadPoolExecutor

import torch

from cnnviz.networks.models import untrained
from cnnviz.networks.seeding import seeded
from cnnviz.training.presets import PRESETS
from cnnviz.training.recipe import build_model


def numbers(seed: int) -> list[float]:
    with seeded(seed):
        return [float(torch.rand(1)) for _ in range(50)]


def test_a_seed_gives_the_numbers_that_torch_gives_for_it():
    torch.manual_seed(5)
    expected = [float(torch.rand(1)) for _ in range(50)]
    assert numbers(5) == expected


def test_the_generator_goes_on_where_it_was_even_after_an_error():
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    try:
        with seeded(1):
            torch.rand(9)
            raise KeyError
    except KeyError:
        pass
    assert torch.equal(torch.rand(3), expected)


def test_whoever_draws_at_the_same_time_gets_the_numbers_of_their_own_seed():
    alone = [numbers(seed) for seed in range(8)]
    with ThreadPoolExecutor(8) as together:
        assert list(together.map(numbers, range(8), timeout=60)) == alone


def test_runs_and_untrained_networks_built_at_once_are_those_built_one_by_one():
    def of_a_run() -> torch.Tensor:
        return build_model(PRESETS["article"])[0].state_dict()["fc.weight"]

    def of_a_page() -> torch.Tensor:
        return untrained(seed=3).state_dict()["fc.weight"]

    makers = [of_a_run, of_a_page] * 8
    alone = [make() for make in makers]
    with ThreadPoolExecutor(16) as together:
        made = list(together.map(lambda make: make(), makers, timeout=60))
    assert all(torch.equal(one, other) for one, other in zip(alone, made, strict=True))
