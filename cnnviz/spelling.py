"""Numbers and nouns as people read them: the one formatter of the Python side.

`cnnviz/frontend/shared/numbers.js` spells the numbers in the browser; a test holds them
together.
"""

import re
from decimal import ROUND_HALF_UP, Context, Decimal

MINUS = "\u2212"
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)  # a float has up to 309 digits before the point


def fixed(value: float, digits: int) -> str:
    """`value` with `digits` digits after the point and a real minus sign; never a negative zero.

    A tie goes away from zero, as in JavaScript; Python's own formatting takes the even digit.
    """
    if value != value:
        return "NaN"
    size = abs(value)
    if size == float("inf"):
        return MINUS + "∞" if value < 0 else "∞"
    text = f"{Decimal(size).quantize(Decimal(1).scaleb(-digits), context=_EXACT):f}"
    return MINUS + text if value < 0 and text.strip("0.") else text


def signed(value: float, digits: int) -> str:
    """A difference, with its sign either way: "+1.250", "−0.3"; plain where it shows as nothing."""
    text = fixed(value, digits)
    return text if text.startswith(MINUS) or not text.strip("0.") else f"+{text}"


def short(value: float, digits: int = 6) -> str:
    """`value` with up to `digits` digits, as few as tell it: "2.5", "−4", "2e−6"."""
    return re.sub(r"e\+?(-?)0*", r"e\1", f"{value:.{digits}g}").replace("-", MINUS)


def percent(share: float, digits: int = 1) -> str:
    """A share of 1 in per cent; never rounded to all or to nothing: `> 99.9 %`, `< 0.1 %`."""
    if share in (0, 1):
        return f"{100 * share:.0f} %"
    text = fixed(100 * share, digits)
    step = 10.0**-digits
    if share > 0 and float(text) == 0:
        return f"< {fixed(step, digits)} %"
    if share < 1 and text == fixed(100, digits):
        return f"> {fixed(100 - step, digits)} %"
    return f"{text} %"


def count(whole: int) -> str:
    """A whole number with a comma at every thousand."""
    return f"{whole:,}"


def with_article(noun: str) -> str:
    """A noun as a sentence has it: "a list", "an int"."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
