"""theme.js: what the surface is painted with, before the view's own style has come, too."""

import pytest

from cnnviz.palette import DARK, LIGHT, Theme
from tests.javascript import Node

READ = """
const { readTheme } = await load("network_view/theme.js");
const own = globalThis.getComputedStyle;
globalThis.getComputedStyle = () => ({
  fontFamily: "serif",
  getPropertyValue: (name) => sent[name] ?? "",
});
try {
  const { palette, ...rest } = readTheme({ classList: { toggle() {} } });
  return rest;
} finally {
  globalThis.getComputedStyle = own;
}
"""


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_colour_and_font_is_there_before_the_views_own_style(
    node: Node, theme: Theme
) -> None:
    page = {
        "--st-background-color": theme.background,
        "--st-secondary-background-color": theme.surface,
        "--st-text-color": theme.text,
        "--st-border-color": theme.line,
        "--st-primary-color": theme.accent,
        "--st-font": "Inter",
        "--st-code-font": "JetBrains Mono",
    }
    read = node.run(READ, page)
    for name in ("background", "surface", "text", "muted", "line", "accent"):
        assert read[name] == getattr(theme, name), name
    assert read["sans"].startswith("Inter, ")
    assert read["mono"].startswith("JetBrains Mono, ")
