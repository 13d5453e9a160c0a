"""The losses in numbers: the article's ten with ours beside them, or an epoch a row."""

from collections.abc import Sequence

import streamlit as st

from cnnviz.runs.history import Run
from cnnviz.spelling import fixed, percent, signed
from cnnviz.training.presets import ARTICLE_LOSSES

_STYLE = (
    "<style>.losses{width:100%;table-layout:fixed;border-collapse:collapse;font-size:.86rem;"
    "font-variant-numeric:tabular-nums}.losses caption{text-align:left;font-weight:600}"
    ".losses th{font-weight:400;color:var(--muted)}"
    ".losses td,.losses th{text-align:right;padding:0;line-height:1.45}"
    ".losses td:first-child,.losses th:first-child{text-align:left;width:18%}"
    ".losses td{font-family:'JetBrains Mono',monospace}</style>"
)


def of_run(run: Run) -> None:
    """Beside the article's where the run repeats it; else what each epoch came to."""
    if run.config.compares_with_article and not run.events.changes:
        beside_the_articles([row.loss_sum for row in run.events.epochs])
    elif run.events.epochs:
        _table(
            "Epoch by epoch",
            ("epoch", "mean loss", "test accuracy"),
            [
                (f"{row.epoch}", fixed(row.loss_mean, 4), percent(row.test_accuracy, 2))
                for row in run.events.epochs
            ],
        )


def beside_the_articles(
    losses: Sequence[float], title: str = "Losses in “Convolutional Neural Networks”, and ours"
) -> None:
    """`losses`: summed over the batches of each epoch so far."""
    rows = []
    for epoch, printed in enumerate(ARTICLE_LOSSES, start=1):
        ours = losses[epoch - 1] if epoch <= len(losses) else None
        rows.append(
            (
                f"{epoch}",
                fixed(printed, 3),
                "" if ours is None else fixed(ours, 3),
                "" if ours is None else signed(ours - printed, 3),
            )
        )
    _table(title, ("epoch", "printed", "ours", "Δ"), rows)


def _table(title: str, headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    head = "".join(f"<th scope='col'>{heading}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    st.html(
        f"{_STYLE}<table class='losses'><caption>{title}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
