"""The components' style sheets, and the theme for where no Streamlit brings it."""

import re

from cnnviz.palette import Theme
from cnnviz.views.modules import FRONTEND

FONTS = "--st-font: system-ui, sans-serif; --st-code-font: ui-monospace, monospace;"
"""The reader's own: the app's would be a fifth of a page."""

IMPORT = re.compile(r'^@import "(?P<path>\.\./shared/[^"]+)";\n', re.MULTILINE)


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
    """The style sheet of a component, by the folder that it has in the frontend.

    What it imports of `frontend/shared` stands in it: Streamlit takes one sheet a component.
    """
    folder = FRONTEND / component
    own = (folder / "style.css").read_text("utf-8")
    return IMPORT.sub(lambda found: (folder / found["path"]).read_text("utf-8"), own)
