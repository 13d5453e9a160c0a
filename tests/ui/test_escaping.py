"""Names that somebody gave, and what the core says of them, are shown to the letter."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnnviz.components.escaping import as_sentence, escaped

ROOT = Path(__file__).parents[2]
SOURCES = [
    *(ROOT / "pages").glob("*.py"),
    *(ROOT / "cnnviz" / "ui").rglob("*.py"),
    *(ROOT / "cnnviz" / "components").rglob("*.py"),
]
MESSAGES = {"error", "warning", "info", "success", "toast"}
TEXTS = MESSAGES | {
    *("button", "caption", "checkbox", "download_button", "expander", "header", "markdown"),
    *("pills", "popover", "progress", "radio", "selectbox", "status", "subheader", "title"),
    *("toggle", "write"),
}
TO_THE_LETTER = {"as_sentence", "escaped"}
NUMBERS = {"count", "fixed", "len", "percent", "short", "sum"}
# Texts of this project's own, each from a table in its code.
OUR_OWN = {
    "SEARCHES[by].title",
    "WAYS[1 - guess]",
    "WAYS[guess]",
    "label.lower()",
    "refusal.megabytes",
    "refusal.reason",
    "words.answer_first",
    "words.title",
}
# Put together of escaped parts where they are kept.
ESCAPED_BEFORE = {
    "given.notes",
    "st.session_state.get(_NOTE)",
    "st.session_state.pop(_SAID, None)",
    "st.session_state[note]",
}


def test_what_markdown_would_take_for_more_than_text_is_escaped():
    assert escaped("a_b *c* `d`") == r"a\_b \*c\* \`d\`"
    assert escaped("[e](f) <g> #h") == r"\[e\](f) \<g\> \#h"
    assert escaped(":i[ $j$ ~k~ | \\") == r"\:i\[ \$j\$ \~k\~ \| \\"
    assert escaped("Grüße, 7 × 7") == "Grüße, 7 × 7"
    assert escaped("&lt; a\n\n    b") == r"\&lt; a b"
    assert escaped("nul\0www.x") == "nul\N{REPLACEMENT CHARACTER}www:small[].x"
    assert escaped("https://x") == r"https\::small[]//x"
    assert escaped(ValueError("side must be at most 5, got -6")) == "side must be at most 5, got -6"


@pytest.mark.parametrize("name", ["1. one", "2) two", "- dash", "+ plus", "---", "=", "10."])
def test_a_name_begins_no_list_and_draws_no_line(name: str):
    shown = escaped(name)
    assert shown.replace("\\", "") == name
    assert shown.count("\\") == 1
    assert escaped("-0.5 is odd") == "-0.5 is odd"


@pytest.mark.parametrize(
    "name",
    [
        *(
            ":material/delete:",
            ":material_delete:",
            ":smile:",
            ":streamlit:",
            "a -> b",
            "a <-> b",
            "--",
            ">=",
        ),
        *("www.evil.example", "HTTPS://evil.example", "me@evil.example"),
    ],
)
def test_what_streamlit_makes_of_text_afterwards_is_kept_apart_by_text_without_a_letter(name: str):
    shown = escaped(name).replace("\\", "")
    assert shown != name
    assert shown.replace(":small[]", "") == name


def test_an_error_is_a_sentence_with_one_full_stop():
    assert as_sentence(ValueError("side_x is 0")) == r"side\_x is 0."
    assert as_sentence("no network here") == "No network here."
    assert as_sentence("The file is empty.") == "The file is empty."


def dynamic(node: ast.expr, fine: set[str]) -> Iterator[ast.expr]:
    """What of a text isn't written there, nor given by one of the functions that are `fine`."""
    match node:
        case ast.Constant():
            return
        case ast.FormattedValue(value=inside):
            yield from dynamic(inside, fine)
        case ast.BinOp(left=left, right=right) | ast.IfExp(body=left, orelse=right):
            yield from dynamic(left, fine)
            yield from dynamic(right, fine)
        case ast.JoinedStr(values=parts) | ast.BoolOp(values=parts):
            for part in parts:
                yield from dynamic(part, fine)
        case ast.Call(func=ast.Name(id=name)) if name in fine:
            return
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=[parts]):
            mapped = isinstance(parts, ast.Call) and ast.unparse(parts).startswith("map(escaped,")
            if not mapped:
                yield from dynamic(getattr(parts, "elt", parts), fine)
        case _:
            yield node


def given_to(tree: ast.AST, name: str) -> Iterator[ast.expr]:
    """All that a variable is given anywhere in a file."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                pass
            case ast.NamedExpr(target=target, value=value) | ast.For(target=target, iter=value):
                targets = [target]
            case _:
                continue
        named = (each for target in targets for each in ast.walk(target))
        if any(isinstance(each, ast.Name) and each.id == name for each in named):
            yield value


def unescaped(tree: ast.AST, node: ast.expr, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """What of a message may hold text of somebody's."""
    for part in dynamic(node, TO_THE_LETTER | NUMBERS):
        if ast.unparse(part) in OUR_OWN | ESCAPED_BEFORE:
            continue
        given = [*given_to(tree, part.id)] if isinstance(part, ast.Name) else []
        if not given or not isinstance(part, ast.Name) or part.id in seen:
            yield ast.unparse(part)
            continue
        for value in given:
            yield from unescaped(tree, value, seen | {part.id})


def texts(tree: ast.AST, kinds: set[str]) -> Iterator[tuple[int, ast.expr]]:
    """What is given to Streamlit to read as Markdown, by line."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in kinds:
            read = [*node.args[:1], *(k.value for k in node.keywords if k.arg in ("help", "label"))]
            yield from ((node.lineno, text) for text in read)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_messages_say_to_the_letter_what_somebody_may_have_written(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [
        f"line {line}: {part}"
        for line, text in texts(tree, MESSAGES)
        for part in unescaped(tree, text)
    ]
    assert not found


def names_in(node: ast.AST, errors: set[str]) -> Iterator[str]:
    """Titles, classes and errors in a text, but for those that are escaped."""
    match node:
        case ast.Call(func=ast.Name(id=function)) if function in TO_THE_LETTER:
            return
        case ast.Attribute(attr="title" | "problem"):
            yield ast.unparse(node)
        case ast.Subscript(value=ast.Name(id="classes") | ast.Attribute(attr="classes")):
            yield ast.unparse(node)
        case ast.Name(id=name) if name in errors:
            yield name
        case _:
            for inside in ast.iter_child_nodes(node):
                yield from names_in(inside, errors)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_titles_classes_and_errors_are_escaped_wherever_markdown_is_read(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    errors = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name
    }
    found = [
        f"line {line}: {name}"
        for line, text in texts(tree, TEXTS)
        for name in names_in(text, errors)
        if name not in OUR_OWN
    ]
    assert not found
