"""A run's curve as a table for other programs."""

from cnnviz.runs.history import Events


def csv(events: Events) -> str:
    """A line a step: its loss and learning rate, and the test accuracy where it was measured."""
    tested = {row.step: f"{row.test_accuracy},{row.tested}" for row in events.snapshots}
    lines = ["step,loss,learning_rate,test_accuracy,tested"]
    if 0 in tested:
        lines.append(f"0,,,{tested[0]}")
    # Not strict: while it trains, a step may be taken in between two columns.
    lines += [
        f"{step},{loss},{rate},{tested.get(step, ',')}"
        for step, loss, rate in zip(
            events.steps, events.losses, events.learning_rates, strict=False
        )
    ]
    return "\n".join(lines) + "\n"
