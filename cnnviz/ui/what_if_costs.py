"""What the changes on the draw page cost in general, and what each map alone would cost."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from cnnviz.components import theme
from cnnviz.components.escaping import as_sentence, escaped
from cnnviz.images.png import thumbnail_url
from cnnviz.spelling import count, percent
from cnnviz.ui import fragments, what_if

FILLS_FOR = 0.3
AGAIN = 0.1
"""Seconds that the table of all maps is filled for at a time, and from one time to the next: what
the pen does comes between."""

COLUMNS = ("accuracy", "fewer right", "most of all", "there, before", "there, after")

if TYPE_CHECKING:
    from cnnviz.networks.checkpoints import Checkpoint
    from cnnviz.reasons.changes import Changes
    from cnnviz.reasons.costs import Behind, Cost
    from cnnviz.reasons.each_channel import EachChannel


def costs(checkpoint: Checkpoint) -> None:
    """The changed network on test pictures, class by class, and a table of every map switched off
    alone; says why where there are no pictures."""
    from cnnviz.datasets.stored import Unavailable
    from cnnviz.reasons.costs import behind

    try:
        base = behind(checkpoint)
    except Unavailable as error:
        st.info(as_sentence(error))
        return
    changes = what_if.current(checkpoint).resolved.of_network
    pictures = f"{count(len(base.read))} test pictures of {escaped(base.tests.dataset.title)}"
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
            f"Nothing is changed. Of {pictures}, {percent(before, 2)} are read rightly. Pin a map "
            "above and choose *what if*."
        )
    if not base.channels():
        st.caption(
            "This network has no convolutions, so there are no maps to switch off one by one."
        )
        return
    st.markdown("Each map of the convolutions switched off (set to 0) alone:")
    _each_channel(base)


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
        for k, name in enumerate(base.tests.dataset.classes)
    ]


def _newly_wrong(base: Behind, cost: Cost) -> None:
    if not cost.newly_wrong:
        st.caption("None is newly read wrongly.")
        return
    st.caption("Newly wrong, the most confident first:")
    with st.container(horizontal=True, gap="small"):
        for index, read in zip(cost.newly_wrong, cost.read_as, strict=True):
            url = thumbnail_url(base.tests.image(index), 84, theme.current())
            truth = escaped(base.tests.named(index))
            said = escaped(base.tests.dataset.classes[read])
            st.markdown(f"![a {truth}]({url})  \n{truth} → {said}")


def _each_channel(base: Behind) -> None:
    """The table; where it isn't whole, a part that fills it while the rest of the page stays."""
    from cnnviz.reasons.each_channel import each_channel

    table = each_channel(base)

    def look() -> None:
        whole = table.fill(FILLS_FOR)
        done = len(table.costs)
        _shown(table)
        if whole:
            st.rerun()  # once more without this part, which would go on looking
        st.caption(f"{count(done)} of {count(len(table.channels))} maps; the others are coming.")

    if table.whole:
        _shown(table)
    else:
        fragments.polled(look, every=AGAIN)()


def _shown(table: EachChannel) -> None:
    st.dataframe(_rows(table), hide_index=True, key="what_if_maps")


def _rows(table: EachChannel) -> list[dict[str, object]]:
    """A row for each map from the start: the table doesn't grow under the pointer."""
    costs, rows = table.costs, []
    for at, channel in enumerate(table.channels):
        layer, number = channel.split(".")
        said = _said(table, costs[at]) if at < len(costs) else (None,) * len(COLUMNS)
        rows.append({"map": f"{layer} map {number}"} | dict(zip(COLUMNS, said, strict=True)))
    return rows


def _said(table: EachChannel, cost: Cost) -> tuple[object, ...]:
    worst = cost.worst
    before, after = cost.of_class(worst)
    return (
        percent(cost.accuracy[1], 2),
        int(cost.before.sum() - cost.after.sum()),
        table.base.tests.dataset.classes[worst] if after < before else "none",
        percent(before, 1),
        percent(after, 1),
    )
