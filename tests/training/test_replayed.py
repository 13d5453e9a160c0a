"""The batch and the state of any step of a run, taken anew."""

from dataclasses import replace

import pytest
import torch

from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import Change, Saved, Snapshot, Step, Wish
from cnnviz.training.loop import train
from tests.training.replayed import replayed

SMALL = TrainingConfig(preset="own", dataset="digits", train_size=120, epochs=3, batch_size=32)


@pytest.mark.parametrize("augmentation", ["none", "shifts"])
def test_a_replayed_step_is_the_runs_own_to_the_bit(augmentation: str) -> None:
    config = replace(SMALL, augmentation=augmentation, optimizer="sgd", schedule="one-cycle")
    states, rates = {}, {}
    for event in train(config):
        if isinstance(event, Saved) and isinstance(event.event, Snapshot):
            states[event.state.step] = event.state
        elif isinstance(event, Step):
            rates[event.step] = event.learning_rate
    for step in (0, 1, 4, 5):
        coming = replayed(config, step)
        for name, tensor in states[step].weights.items():
            assert torch.equal(coming.state.weights[name], tensor)
        for name, tensor in states[step].optimizer.items():
            assert torch.equal(coming.state.optimizer[name], tensor)
        assert coming.learning_rate == rates[step + 1]
        assert len(coming.labels) == 32
    assert len(replayed(config, 3).labels) == 24  # the last of an epoch


def test_changes_on_the_way_are_taken_along() -> None:
    def control() -> Wish | None:
        return Wish(learning_rate=0.005, batch_size=16) if seen >= 2 else None

    seen, found = 0, None
    changes: list[Change] = []
    for event in train(SMALL, control=control):
        if isinstance(event, Step):
            seen = event.step
        elif isinstance(event, Change):
            changes.append(event)
        elif isinstance(event, Saved) and event.state.step == 5:
            found = event.state
            break
    assert found is not None
    assert {change.setting for change in changes} == {"learning_rate", "batch_size"}
    coming = replayed(SMALL, 5, changes)
    for name, tensor in found.weights.items():
        assert torch.equal(coming.state.weights[name], tensor)
    assert len(coming.labels) == 8  # what is left of the epoch after 2 × 32 and 3 × 16
    assert coming.learning_rate == 0.005
    again = replayed(SMALL, 6, changes, resume=found)
    assert torch.equal(again.indices, replayed(SMALL, 6, changes).indices)


def test_there_is_no_step_after_the_last() -> None:
    with pytest.raises(ValueError, match="takes 12 steps, and none after step 12"):
        replayed(SMALL, 12)
