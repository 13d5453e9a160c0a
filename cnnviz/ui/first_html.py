"""What stands in the pages' HTML, so that it is there before Streamlit has started."""

from pathlib import Path

from cnnviz.components.modules import together
from cnnviz.serving.kept import COMPONENTS

STYLE = Path(__file__).parent / "page.css"


def dressed(html: bytes) -> bytes:
    """Streamlit's page with our style, which comes after its own and so weighs more, and with the
    address of the network view's file, which most pages show."""
    style = f"<style>\n{STYLE.read_text(encoding='utf-8')}</style>"
    html = html.replace(b"</head>", f"{_needed()}</head>".encode(), 1)
    return html.replace(b"</body>", f"{style}</body>".encode(), 1)


def _needed() -> str:
    address = f".{COMPONENTS}cnnviz.network_view/{together('network_view/index.js')}"
    return f'<link rel="modulepreload" href="{address}" fetchpriority="low">'
