"""Which ink made it this answer."""

import numpy as np
import streamlit as st

from cnnviz.components import theme
from cnnviz.images.cells import framed_cells
from cnnviz.reasons.occlusion import occlusion
from cnnviz.reasons.question import Question
from cnnviz.ui.why.context import Context


def show(context: Context) -> None:
    assert context.traced.logits is not None
    target = int(context.traced.logits.argmax())
    found = occlusion(context.checkpoint.model, context.image, Question(target)).sum(0).numpy()
    st.markdown(f"Why **{context.classes[target]}**: occlusion, a square of 3×3 pixels at a time.")
    st.html(
        framed_cells(
            found,
            np.zeros(found.shape, bool),
            theme.current(),
            paint="signed",
            scale=float(np.abs(found).max()),
            alt="What the logit loses with each pixel covered",
        )
    )
