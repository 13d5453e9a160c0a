import threading

import pytest

from cnnviz.networks.models import untrained
from cnnviz.networks.modes import evaluating


def test_threads_use_one_model_at_the_same_time_and_the_last_puts_its_modes_back() -> None:
    model = untrained().train()
    model.get_submodule("relu1").eval()
    modes = [module.training for module in model.modules()]
    inside, leave = threading.Barrier(3), threading.Event()

    def use() -> None:
        with evaluating(model):
            inside.wait(20)  # broken, and an error, where one waits for the other to go
            leave.wait(20)

    users = [threading.Thread(target=use) for _ in range(2)]
    for user in users:
        user.start()
    inside.wait(20)
    with evaluating(model):
        pass  # who goes first leaves the mode to the others
    assert not any(module.training for module in model.modules())
    leave.set()
    for user in users:
        user.join()
    assert [module.training for module in model.modules()] == modes


def test_within_itself_and_after_an_error_the_modes_come_back() -> None:
    model = untrained().train()
    with pytest.raises(ZeroDivisionError), evaluating(model), evaluating(model):
        raise ZeroDivisionError
    assert all(module.training for module in model.modules())
