import base64
from pathlib import Path

import streamlit as st

from cnnviz.ui import lesson, startup

TITLES = {
    "draw": "Draw",
    "why": "Why",
    "convolution_1d": "1D convolution",
    "convolution_2d": "2D convolution",
    "pooling": "Pooling",
    "translation": "Translation",
    "build": "Build",
    "training": "Training",
    "teach": "Teach",
    "lessons": "Lessons",
}
HERE = Path(__file__).parent


def icon() -> str:
    """The app's icon as an address that holds it: one of a file is asked for after each run."""
    picture = (HERE / "static" / "icon.png").read_bytes()
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


def show() -> None:
    """One visitor's run."""
    st.set_page_config(page_title="cnnviz", page_icon=icon(), layout="wide")
    chosen = st.navigation(
        [
            st.Page(HERE / "pages" / f"{name}.py", title=title, url_path=name)
            for name, title in TITLES.items()
            if (HERE / "pages" / f"{name}.py").exists()
        ],
        position="top",
    )
    st.session_state["page_title"] = chosen.title
    st.session_state["page_address"] = chosen.url_path
    st.session_state["page_path"] = chosen.url_path or next(iter(TITLES))
    lesson.follow()
    chosen.run()


# Streamlit imports this file once for the server, and runs it for each visitor.
if __name__ == "__main__":
    show()
else:
    app = st.App(
        __file__,
        routes=startup.routes(),
        middleware=startup.middleware(),
        lifespan=startup.lifespan,
    )
