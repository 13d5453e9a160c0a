"""How large the words of a figure are."""

import plotly.graph_objects as go

SIZE = 12.25
"""px, as the page's own small words; page.css makes 18 of them in the presentation size."""


def legible(figure: go.Figure) -> go.Figure:
    """The figure with its ticks, titles, legend and annotations of `SIZE`, where Streamlit's theme
    and Plotly would have each of another."""
    figure.update_layout(font={"size": SIZE}, legend={"font": {"size": SIZE}})
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(tickfont={"size": SIZE}, title={"font": {"size": SIZE}})
    figure.update_annotations(font={"size": SIZE})
    return figure
