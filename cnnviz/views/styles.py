"""The style sheets of what is shown without Streamlit, which elsewhere brings the theme."""

from cnnviz.palette import Theme
from cnnviz.views.modules import FRONTEND

FONTS = "--st-font: system-ui, sans-serif; --st-code-font: ui-monospace, monospace;"
"""The reader's own: the app's would be a fifth of a page."""


def colours(theme: Theme) -> str:
    """As CSS variables, under the names that Streamlit gives them."""
    names = {
        "--st-background-color": theme.background,
        "--st-secondary-background-color": theme.surface,
        "--st-border-color": theme.line,
        "--st-text-color": theme.text,
        "--st-primary-color": theme.accent,
        "--muted": theme.muted,
    }
    return " ".join(f"{name}: {colour};" for name, colour in names.items())


def style_of(component: str) -> str:
    """The style sheet of a component, by the folder that it has in the frontend."""
    return (FRONTEND / component / "style.css").read_text("utf-8")
