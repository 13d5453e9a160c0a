"""Figures of the 1D lab: shifted responses adding up, heat in a rod, spectra."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from cnnviz.figures.text import legible
from cnnviz.labs import convolution_1d, heat
from cnnviz.labs.convolution_1d import Sliding
from cnnviz.labs.heat import Cooling
from cnnviz.labs.spectrum import Spectrum, spectrum
from cnnviz.palette import IMPULSES, Theme, faint
from cnnviz.spelling import short

Values = NDArray[np.float64]

# Of each figure, in px: known before it is drawn, so that its place can be kept free.
HEIGHTS = {
    "impulse_response": 230,
    "superposition": 430,
    "cooling": 330,
    "heat_kernel": 160,
    "filtering": 420,
}


def impulse_response(kernel: Values, colours: Theme) -> go.Figure:
    """A unit impulse, and below it the answer to it: the filter (taps,) itself."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.3)
    n = np.arange(-1, len(kernel) + 1)
    impulse = (n == 0).astype(float)
    response = np.pad(kernel, 1)
    for row, values in ((1, impulse), (2, response)):
        figure.add_trace(_stems(n, values, IMPULSES[0]), row=row, col=1)
        figure.add_trace(_dots(n, values, IMPULSES[0], len(n)), row=row, col=1)
    _title(figure, 1, "one unit impulse", colours)
    _title(figure, 2, "its response: the filter", colours)
    return _laid_out(figure, HEIGHTS["impulse_response"], colours)


def superposition(signal: Values, kernel: Values, colours: Theme) -> go.Figure:
    """The signal (samples,) as impulses, and their shifted responses adding up to the result.

    Eight impulses, the largest, get a colour each; the others share one.
    """
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.14)
    figure.update_layout(barmode="relative", bargap=0.6 if len(signal) <= 16 else 0.2)
    largest = np.argsort(-np.abs(signal), kind="stable")[: len(IMPULSES)]
    chosen = sorted(int(at) for at in largest if signal[at] != 0)
    for order, at in enumerate(chosen):
        colour, name = IMPULSES[order], f"f[{at}] = {short(signal[at])}"
        # Only where it isn't zero: thousands of empty bars would slow the page down.
        _bars(figure, 1, np.array([at]), signal[at : at + 1], colour, name, shown=True)
        response, where = signal[at] * kernel, at + np.arange(len(kernel))
        _bars(figure, 2, where, response, colour, f"response to {name}", shown=False)
    n = np.arange(len(signal) + len(kernel) - 1)
    rest = signal.copy()
    rest[chosen] = 0
    if rest.any():
        _bars(figure, 1, np.arange(len(signal)), rest, colours.muted, "the others", shown=True)
        response = convolution_1d.convolve(rest, kernel, Sliding())
        _bars(figure, 2, n, response, colours.muted, "response to the others", shown=False)
    result = convolution_1d.convolve(signal, kernel, Sliding())
    many = len(n) > 128  # dots would run into one another
    total = _dots(n, result, colours.text, len(n))
    if many:
        total = go.Scatter(x=n, y=result, mode="lines", line=_line(colours.text, 1.5))
    total.update(name="their sum: the result", showlegend=True)
    figure.add_trace(total, row=2, col=1)
    _title(figure, 1, "the signal, an impulse at each sample", colours)
    _title(figure, 2, f"their responses, stacked; {'line' if many else 'dots'}: f ∗ h", colours)
    figure.update_layout(legend={"orientation": "h", "y": -0.1, "yanchor": "top"})
    return _laid_out(figure, HEIGHTS["superposition"], colours)


def cooling(state: Cooling, colours: Theme) -> go.Figure:
    """The rod's temperature at the start and now, by convolution and by finite differences."""
    x = np.arange(len(state.start))
    figure = go.Figure()
    figure.add_trace(
        go.Scatter(
            x=x,
            y=state.start,
            name="at the start",
            line={"color": colours.muted, "width": 1, "shape": "hvh"},
            fill="tozeroy",
            fillcolor=faint(colours.muted, 0.12),
        )
    )
    figure.add_trace(
        go.Scatter(
            x=x,
            y=state.convolved,
            name="start ∗ heat kernel",
            line={"color": colours.orange, "width": 3},
        )
    )
    figure.add_trace(
        go.Scatter(
            x=x[::4],
            y=state.stepped[::4],
            name="finite differences",
            mode="markers",
            marker={"color": colours.text, "size": 5, "symbol": "circle-open"},
        )
    )
    figure.update_xaxes(title="mm along the rod")
    figure.update_yaxes(title="°C", range=[-4, 108])
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    return _laid_out(figure, HEIGHTS["cooling"], colours)


def heat_kernel(width: float, colours: Theme) -> go.Figure:
    """The Gaussian that the start is convolved with, `width` its standard deviation in mm."""
    reach = heat.LENGTH // 2
    x = np.arange(-reach, reach + 1)
    figure = go.Figure(
        go.Scatter(
            x=x,
            y=heat.kernel(width, reach),
            line={"color": colours.orange, "width": 2},
            fill="tozeroy",
            showlegend=False,
        )
    )
    figure.update_xaxes(title="mm")
    return _laid_out(figure, HEIGHTS["heat_kernel"], colours)


def filtering(signal: Values, kernel: Values, colours: Theme) -> go.Figure:
    """The signal before and after the filter, and both spectra with the filter's gain."""
    figure = make_subplots(rows=2, cols=1, vertical_spacing=0.26)
    after = convolution_1d.convolve(signal, kernel, Sliding())
    for values, colour, name, width in (
        (signal, colours.muted, "before", 1.5),
        (after, colours.orange, "after", 2.5),
    ):
        figure.add_trace(
            go.Scatter(x=np.arange(len(values)), y=values, name=name, line=_line(colour, width)),
            row=1,
            col=1,
        )
    spectra: Spectrum = spectrum(signal, kernel)
    peak = max(spectra.before.max(), spectra.after.max())
    scale = peak / spectra.gain.max() if spectra.gain.max() else 0.0
    for values, line, name, legend in (
        (spectra.before, _line(colours.muted, 1.5), "before", False),
        (spectra.after, _line(colours.orange, 2.5), "after", False),
        (
            spectra.gain * scale,
            _line(colours.text, 1.5, "dot"),
            f"gain (top: {short(spectra.gain.max(), 3)})",
            True,
        ),
    ):
        figure.add_trace(
            go.Scatter(x=spectra.frequency, y=values, name=name, line=line, showlegend=legend),
            row=2,
            col=1,
        )
    _title(figure, 1, "the signal, sample by sample", colours)
    _title(figure, 2, "its spectrum: slow on the left, fast on the right", colours)
    figure.update_xaxes(title="cycles per sample", row=2, col=1)
    figure.update_layout(legend={"orientation": "h", "y": 1.08, "yanchor": "bottom"})
    return _laid_out(figure, HEIGHTS["filtering"], colours)


def _line(colour: str, width: float, dash: str = "solid") -> dict[str, object]:
    return {"color": colour, "width": width, "dash": dash}


def _stems(n: NDArray[np.int_], values: Values, colour: str) -> go.Scatter:
    gap = np.full(len(n), np.nan)
    return go.Scatter(
        x=np.column_stack([n, n, gap]).ravel(),
        y=np.column_stack([np.zeros(len(n)), values, gap]).ravel(),
        mode="lines",
        line={"color": colour, "width": 2},
        showlegend=False,
        hoverinfo="skip",
    )


def _dots(n: NDArray[np.int_], values: Values, colour: str, count: int) -> go.Scatter:
    size = 8 if count <= 40 else 4
    return go.Scatter(
        x=n, y=values, mode="markers", marker={"color": colour, "size": size}, showlegend=False
    )


def _bars(
    figure: go.Figure,
    row: int,
    n: NDArray[np.int_],
    values: Values,
    colour: str,
    name: str,
    *,
    shown: bool,
) -> None:
    figure.add_trace(
        go.Bar(
            x=n,
            y=values,
            marker={"color": colour, "line": {"width": 0}},
            name=name,
            legendgroup=name.removeprefix("response to "),
            showlegend=shown,
        ),
        row=row,
        col=1,
    )


def _title(figure: go.Figure, row: int, text: str, colours: Theme) -> None:
    axis = "" if row == 1 else str(row)
    figure.add_annotation(
        text=text,
        xref="paper",
        x=0,
        yref=f"y{axis} domain",
        y=1.02,
        xanchor="left",
        yanchor="bottom",
        showarrow=False,
        font={"color": colours.muted},
    )


def _laid_out(figure: go.Figure, height: int, colours: Theme) -> go.Figure:
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 28, "b": 8},
        dragmode=False,  # a finger on the figure scrolls the page
        hovermode="x unified",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    figure.update_xaxes(
        fixedrange=True, showgrid=False, zeroline=False, color=colours.muted, automargin=True
    )
    figure.update_yaxes(
        fixedrange=True,
        gridcolor=colours.line,
        zerolinecolor=colours.line,
        color=colours.muted,
        automargin=True,
    )
    return legible(figure)
