"""Two runs for tests of who trains what when: one is soon over, the other never by itself."""

from dataclasses import replace
from pathlib import Path

from cnnviz.runs import history
from cnnviz.training.config import TrainingConfig

SHORT = TrainingConfig(preset="own", dataset="digits", train_size=96, epochs=2, batch_size=32)
LONG = replace(SHORT, train_size=None, epochs=100, batch_size=4)


def status(folder: Path) -> str:
    return history.read(folder).status
