"""What a person asks of the answer: why this class, and not which other."""

import streamlit as st

from cnnviz.components.escaping import escaped
from cnnviz.reasons.question import Question
from cnnviz.ui.why.context import Context


def question(context: Context) -> Question | None:
    """The two menus in the rail; None, with a message, where they name the same class.

    Only classes stand in them: with nothing chosen it is the network's answer, and against none.
    """
    classes = context.classes
    with context.rail, st.container(horizontal=True, gap="small"):
        why = st.selectbox(
            "Why",
            classes,
            index=None,
            placeholder="its answer",
            key="why",
            bind="query-params",
            width="stretch",
        )
        rather = st.selectbox(
            "and not",
            classes,
            index=None,
            placeholder="any other",
            key="not",
            bind="query-params",
            width="stretch",
        )
    target = context.answer if why is None else classes.index(why)
    other = None if rather is None else classes.index(rather)
    if target == other:
        st.error(
            f"Why {escaped(classes[target])} and not {escaped(classes[target])} is no question: "
            "choose another class at one of them."
        )
        return None
    return Question(target, other)


def asked_about_its_answer() -> bool:
    """Whether no class is chosen: then the question follows what the network says."""
    return st.session_state.get("why") is None


def score_in_words(context: Context, asked: Question) -> str:
    target = escaped(context.classes[asked.target])
    if asked.other is None:
        return f"the logit of {target}"
    return f"the logit of {target} less that of {escaped(context.classes[asked.other])}"
