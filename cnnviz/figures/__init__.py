"""Plotly figures: values in, `go.Figure` out."""
