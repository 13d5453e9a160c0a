"""What the changes on the draw page cost in general, and what each map alone would cost."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from cnnviz.components import theme
from cnnviz.images.png import thumbnail_url
from cnnviz.spelling import count, percent
from cnnviz.ui import what_if
from cnnviz.ui.escaping import escaped

if TYPE_CHECKING:
    from cnnviz.networks.checkpoints import Checkpoint
    from cnnviz.reasons.changes import Changes
    from cnnviz.reasons.costs import Behind, Cost


def costs(checkpoint: Checkpoint) -> None:
    """The changed network on test pictures, class by class, and a table of every map switched off
    alone; says why where there are no pictures."""
    from cnnviz.datasets.stored import Unavailable
    from cnnviz.reasons.costs import behind

    try:
        base = behind(checkpoint)
    except Unavailable as error:
        st.info(str(error))
        return
    changes = what_if.current(checkpoint).resolved.of_network
    pictures = f"{count(len(base.read))} test pictures of {escaped(base.tests.title)}"
    cost = _cost(base, changes)
    before, after = cost.accuracy
    if changes:
        st.markdown(
            f"Of {pictures}, {percent(before, 2)} are read rightly without the changes, "
            f"**{percent(after, 2)}** with them."
        )
        st.dataframe(_by_class(base, cost), hide_index=True, key="what_if_classes")
        _newly_wrong(base, cost)
    else:
        st.markdown(
            f"Nothing is changed. Without a change it reads {pictures}: the accuracy is "
            f"{percent(before, 2)}. Pin a map above and choose *what if*."
        )
    if not base.channels():
        st.caption(
            "This network has no convolutions, so there are no maps to switch off one by one."
        )
        return
    st.markdown("Each map of the convolutions switched off (set to 0) alone:")
    st.dataframe(_each_channel(checkpoint), hide_index=True, key="what_if_maps")


@lru_cache(maxsize=2)
def _cost(base: Behind, changes: Changes) -> Cost:
    """A stroke leaves the changes as they are: the test pictures aren't read again for it."""
    return base.cost(changes)


def _by_class(base: Behind, cost: Cost) -> list[dict[str, object]]:
    return [
        {
            "class": name,
            "pictures": int(cost.count[k]),
            "before": percent(cost.of_class(k)[0], 1),
            "after": percent(cost.of_class(k)[1], 1),
            "fewer right": int(cost.before[k] - cost.after[k]),
        }
        for k, name in enumerate(base.tests.classes)
    ]


def _newly_wrong(base: Behind, cost: Cost) -> None:
    if not cost.newly_wrong:
        st.caption("None is newly read wrongly.")
        return
    st.caption("Newly wrong, the most confident first:")
    with st.container(horizontal=True, gap="small"):
        for index, read in zip(cost.newly_wrong, cost.read_as, strict=True):
            url = thumbnail_url(base.tests.images[index].numpy(), 84, theme.current())
            truth, said = (
                escaped(base.tests.classes[k]) for k in (int(base.tests.labels[index]), read)
            )
            st.markdown(f"![a {truth}]({url})  \n{truth} → {said}")


@lru_cache(maxsize=4)
def _each_channel(checkpoint: Checkpoint) -> list[dict[str, object]]:
    from cnnviz.reasons.costs import behind

    base = behind(checkpoint)
    rows = []
    for channel, cost in base.of_each_channel():
        worst = cost.worst
        layer, number = channel.split(".")
        lost = cost.of_class(worst)
        rows.append(
            {
                "map": f"{layer} map {number}",
                "accuracy": percent(cost.accuracy[1], 2),
                "fewer right": int(cost.before.sum() - cost.after.sum()),
                "most of all": base.tests.classes[worst] if lost[1] < lost[0] else "none",
                "there, before": percent(lost[0], 1),
                "there, after": percent(lost[1], 1),
            }
        )
    return rows
