"""The short expressions of a lesson: conditions, answers and what stands in braces in its texts.

simpleeval evaluates them, so no code is ever executed. What may stand in one is narrower still:
numbers, texts in quotes, lists, arithmetic, comparisons, `and`, `or`, `not`, the functions of
`functions.FUNCTIONS` and names that the lesson may use.
"""

import ast
import difflib
import math
import operator
import re
from collections.abc import Callable, Collection, Mapping
from functools import cached_property, partial
from typing import Any

import simpleeval

from cnnviz.lessons.files import ENGLISH, SPELLINGS, Spelling
from cnnviz.spelling import fixed, percent, short

Value = float | int | bool | str | list["Value"]

LONGEST = 300  # characters
MOST_PARTS = 120
MOST_NUMBERS = 4_000
"""In a list, with the lists in it: no more than the app ever tells of a map."""

_NODES = (
    *(ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.List, ast.Subscript, ast.UnaryOp),
    *(ast.BinOp, ast.BoolOp, ast.Compare),
)
_OPERATORS = {
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.USub, ast.Not),
    *(ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.And, ast.Or),
}
_BRACES = re.compile(r"\{([^{}:]+)(?::([^{}]*))?\}")


class Expression:
    """`text`, read once.

    Raises ValueError that quotes the text and says what can't stand in it.
    """

    def __init__(self, text: str, functions: Mapping[str, Callable[..., Any]]) -> None:
        self.text = text.strip()
        self._functions = functions
        try:
            if len(text) > LONGEST:
                raise ValueError(f"must have at most {LONGEST} characters, has {len(text)}")
            self._tree = _parsed(self.text)
            self.names = frozenset(_names(self._tree, functions))
        except ValueError as error:
            raise ValueError(f"“{text[:60]}”: {error}") from None

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def check(self, known: Collection[str]) -> None:
        """Raises ValueError for a name that isn't among the `known` ones."""
        if strange := sorted(self.names - set(known)):
            raise ValueError(f"“{self.text[:60]}”: there is no {alike(strange[0], known)}")

    def value(self, names: Mapping[str, Any]) -> Any:
        """What it is, where `names` has the value of each of its names.

        Raises ValueError if it can't be computed: a division by zero, an index that isn't there, a
        name without a value yet.
        """
        evaluator = _Evaluator(self._functions, names)
        try:
            value = evaluator.eval(self.text, previously_parsed=self._tree)
        except (
            simpleeval.InvalidExpression,
            ArithmeticError,
            LookupError,
            TypeError,
            ValueError,
            RuntimeError,  # torch's complaint of shapes
        ) as error:
            raise ValueError(f"“{self.text[:60]}” can't be computed: {error}") from None
        _bounded(self.text, value)
        return value


class Template:
    """A text with expressions in braces: `{size(28, 3)}`, `{share:%}` in per cent, `{y:2}` with two
    digits after the point, which is how the app spells them but for the language's `spelling`.

    Raises ValueError as `Expression`, or for a way of spelling that there isn't.
    """

    def __init__(
        self,
        text: str,
        functions: Mapping[str, Callable[..., Any]],
        spelling: Spelling = SPELLINGS[ENGLISH],
    ) -> None:
        self.text = text
        self._spelling = spelling
        # A stretch of plain text, then what is in braces and how it is spelled, and so on.
        self.parts: list[tuple[str, Expression | None, str]] = []
        end = 0
        for found in _BRACES.finditer(text):
            expression = Expression(found.group(1), functions)
            self.parts.append((text[end : found.start()], expression, _way(found)))
            end = found.end()
        self.parts.append((text[end:], None, ""))
        if any("{" in plain or "}" in plain for plain, _, _ in self.parts):
            raise ValueError(f"“{text[:60]}”: a brace has no other")

    @property
    def _expressions(self) -> list[Expression]:
        return [expression for _, expression, _ in self.parts if expression]

    @cached_property
    def names(self) -> frozenset[str]:
        """All names that its expressions use."""
        return frozenset().union(*(expression.names for expression in self._expressions))

    def check(self, known: Collection[str]) -> None:
        """Raises ValueError for a name that isn't among the `known` ones."""
        for expression in self._expressions:
            expression.check(known)

    def filled(self, names: Mapping[str, Any]) -> str:
        """The text with numbers in it. Raises ValueError as `Expression.value`."""
        return "".join(
            plain + (spelled(expression.value(names), way, self._spelling) if expression else "")
            for plain, expression, way in self.parts
        )


def spelled(value: Any, way: str = "", spelling: Spelling = SPELLINGS[ENGLISH]) -> str:
    """`value` as a lesson's text has it: a list without brackets, a number as the app spells it but
    for its decimal point or comma. Numbers that have a comma stand between semicolons."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return spelling.yes if value else spelling.no
    if isinstance(value, list):
        if all(isinstance(v, str) for v in value):
            return " ".join(value)
        texts = [spelled(v, way, spelling) for v in _flat(value)]
        return ("; " if any("," in text for text in texts) else ", ").join(texts)
    if way == "%":
        return percent(float(value), 0).replace(".", spelling.decimal)
    text = fixed(float(value), int(way)) if way else short(float(value))
    return text.replace(".", spelling.decimal)


def _flat(values: list[Any]) -> list[Any]:
    """The values of a list and of the lists in it."""
    return [each for v in values for each in (_flat(v) if isinstance(v, list) else [v])]


def _way(found: re.Match[str]) -> str:
    way = found.group(2) or ""
    if way and way != "%" and not (way.isascii() and way.isdigit() and int(way) <= 6):
        raise ValueError(f"“{found.group(0)}”: must be spelled as % or with 0 to 6 digits")
    return way


def _parsed(text: str) -> ast.expr:
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError("isn't an expression") from None
    nodes = [n for n in ast.walk(tree) if not isinstance(n, ast.expr_context)]
    if len(nodes) > MOST_PARTS:
        raise ValueError(f"must have at most {MOST_PARTS} parts, has {len(nodes)}")
    for node in nodes:
        if isinstance(node, ast.operator | ast.unaryop | ast.boolop | ast.cmpop):
            if type(node) not in _OPERATORS:
                raise ValueError(f"{type(node).__name__} isn't an operation of lessons")
        elif isinstance(node, ast.Call):
            if not isinstance(node.func, ast.Name) or node.keywords:
                raise ValueError("a function is called by its name, with values in their order")
        elif not isinstance(node, _NODES):
            raise ValueError(f"{type(node).__name__} can't stand in a lesson's expression")
        elif isinstance(node, ast.Constant) and type(node.value) not in (int, float, str, bool):
            raise ValueError(f"{node.value!r} is neither a number nor a text")
    return tree


def _names(tree: ast.AST, functions: Mapping[str, Any]) -> list[str]:
    """The names in it, those with dots as one; a function's only where it is called."""
    if isinstance(tree, ast.Name | ast.Attribute):
        return [_dotted(tree)]
    found: list[str] = []
    for child in ast.iter_child_nodes(tree):
        if isinstance(tree, ast.Call) and child is tree.func:
            assert isinstance(child, ast.Name)
            if child.id not in functions:
                raise ValueError(f"there is no function {alike(child.id, functions)}")
            continue
        found += _names(child, functions)
    return found


def alike(name: str, known: Collection[str]) -> str:
    """`name`, and those of the `known` ones that may have been meant."""
    meant = difflib.get_close_matches(name, known, 3) or sorted(known)
    return f"{name}; there {'is' if len(meant) == 1 else 'are'} {', '.join(meant) or 'none here'}"


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    raise ValueError("a dot only stands within a name")


def _bounded(text: str, value: Any) -> None:
    """Raises ValueError for a value that no lesson means: infinite, or without end."""

    def count(each: Any) -> int:
        if isinstance(each, list):
            return sum(map(count, each))
        if isinstance(each, float) and not math.isfinite(each):
            raise ValueError(f"“{text[:60]}” is no finite number")
        if isinstance(each, str) and len(each) > LONGEST:
            raise ValueError(f"“{text[:60]}” is a text of over {LONGEST} characters")
        return 1

    if count(value) > MOST_NUMBERS:
        raise ValueError(f"“{text[:60]}” has over {MOST_NUMBERS} numbers")


def _of_numbers(compute: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    for each in (left, right):
        if not isinstance(each, int | float):
            raise ValueError(f"this takes numbers, not {str(each)[:20]!r}")
    return compute(left, right)


class _Evaluator(simpleeval.EvalWithCompoundTypes):
    """simpleeval with names that have dots in them."""

    def __init__(self, functions: Mapping[str, Any], names: Mapping[str, Any]) -> None:
        super().__init__(functions=dict(functions), names=names)
        self.nodes = {**(self.nodes or {}), ast.Attribute: self._named}
        # Python repeats texts and lists by `*`, and `%` writes texts as long as it is told.
        numeric = {ast.Mult: operator.mul, ast.Mod: operator.mod}
        self.operators = {
            **(self.operators or {}),
            **{kind: partial(_of_numbers, compute) for kind, compute in numeric.items()},
        }

    def _named(self, node: ast.Attribute) -> Any:
        name = _dotted(node)
        if name not in self.names:
            raise ValueError(f"{name} isn't known yet")
        return self.names[name]
