"""Several runs beside one another: their curves, the settings that differ, what came of them."""

import streamlit as st

from cnnviz.components.escaping import escaped
from cnnviz.figures import training as figures
from cnnviz.runs.history import Run
from cnnviz.spelling import count, fixed, percent, short
from cnnviz.training.config import SETTINGS
from cnnviz.training.words import shown
from cnnviz.ui.model import TRAINED, current_model
from cnnviz.ui.tables import table
from cnnviz.ui.training import session
from cnnviz.ui.training.management import labels


def comparison(run: Run) -> None:
    """Of `run` and two others to begin with."""
    usable = {other.name: other for other in session.readable() if other.events.steps}
    words = labels({name: other.about for name, other in usable.items()})
    others = [name for name in usable if name != run.name]
    chosen = st.multiselect(
        "Runs to compare",
        list(usable),
        default=[name for name in (run.name, *others[:2]) if name in usable],
        format_func=lambda name: words.get(str(name), str(name)),
        max_selections=6,
        key=f"training_compared_{run.name}",
    )
    picked = [usable[name] for name in chosen if name in usable]
    if len(picked) < 2:
        st.caption("Pick two runs or more." if len(usable) > 1 else "Train another run first.")
        return
    titles = _titles(picked, words)
    st.plotly_chart(figures.comparison(picked, titles), key="training_comparison")
    rows = _settings_that_differ(picked) | _results(picked)
    table(
        ["setting", *map(escaped, titles)],
        [[name, *values] for name, values in rows.items()],
        align="l" * (len(picked) + 1),
    )
    in_use = session.in_use()
    if in_use is None or in_use[0] not in [run.name for run in picked]:
        name = current_model().name
        shown = (
            "the app's own *article*, the network of “Convolutional Neural Networks”"
            if name == TRAINED
            else escaped(name)
        )
        st.caption(f"None of these is on the draw page now, but {shown}.")


def _titles(picked: list[Run], words: dict[str, str]) -> list[str]:
    """The runs' titles; when two are the same, what tells them apart."""
    titles = [run.about.title for run in picked]
    return titles if len(set(titles)) == len(titles) else [words[run.name] for run in picked]


def _settings_that_differ(picked: list[Run]) -> dict[str, list[str]]:
    rows = {}
    for setting in SETTINGS.values():
        values = [shown(run.config, setting.name) for run in picked]
        if len(set(values)) > 1:
            rows[setting.words] = values
    changes = [
        ", ".join(
            f"{SETTINGS[change.setting].words} {short(change.new)} "
            f"from step {count(change.step + 1)}"
            for change in run.events.changes
        )
        for run in picked
    ]
    if any(changes):
        rows["changed on its way"] = changes
    return rows


def _results(picked: list[Run]) -> dict[str, list[str]]:
    in_use = session.in_use()
    return {
        "steps": [count(run.events.last_step) for run in picked],
        "test accuracy": [_accuracy(run) for run in picked],
        "last epoch's mean loss": [
            fixed(run.events.epochs[-1].loss_mean, 4) if run.events.epochs else "–"
            for run in picked
        ],
        "on the draw page": [
            f"in use, step {count(in_use[1])}" if in_use and in_use[0] == run.name else "–"
            for run in picked
        ],
    }


def _accuracy(run: Run) -> str:
    if not run.events.snapshots:
        return "–"
    last = run.events.snapshots[-1]
    return f"{percent(last.test_accuracy, 2)} of {count(last.tested)}"
