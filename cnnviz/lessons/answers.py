"""What somebody types as an answer, as cnnviz/frontend/course_bar/answers.js reads it too."""

import math
import re

from cnnviz.lessons.files import ENGLISH, SPELLINGS

_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]{1,3})?", re.IGNORECASE)


def number_in(text: str, language: str) -> float | None:
    """The number in a text, None where it is none.

    A real minus sign and a decimal comma are taken, too: 1,216 is a little more than one where the
    language writes it so, and elsewhere the thousand that the app itself writes so.
    """
    typed = re.sub("[\u2212\u2013]", "-", text.strip())
    is_grouped = SPELLINGS.get(
        language, SPELLINGS[ENGLISH]
    ).decimal == "." and _THOUSANDS.fullmatch(typed)
    plain = typed.replace(",", "") if is_grouped else typed.replace(",", ".", 1)
    if not _NUMBER.fullmatch(plain):
        return None
    value = float(plain)
    return value if math.isfinite(value) else None
