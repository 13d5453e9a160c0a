"""Whose something is: a browser's secret token, of which a server keeps only the digest.

What belongs to a person carries the digest of their token beside it. One who has the token may
change it, all others look on. What belongs to nobody (made on the command line, or before things
had owners) is everybody's. `CNNVIZ_OPEN_RUNS=1` lets everybody change everything, and whoever knows
the teacher's key, `CNNVIZ_TEACHER_KEY`, may do so as well.
"""

import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass

OPEN, KEY = "CNNVIZ_OPEN_RUNS", "CNNVIZ_TEACHER_KEY"
SHORTEST_KEY = 12
"""Characters of a teacher's key: a shorter one can be guessed."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class NotYoursError(ValueError):
    """Somebody else's is to stay as it is."""


@dataclass(frozen=True)
class Person:
    """Whoever uses a browser: its token's digest, and whether they showed the teacher's key."""

    digest: str
    teacher: bool = False

    def owns(self, owner: str | None) -> bool:
        """Whether what has this owner's digest beside it was made by this very person."""
        return owner is not None and hmac.compare_digest(owner, self.digest)

    def may_change(self, owner: str | None) -> bool:
        """Whether this person may change and delete what has this owner's digest beside it."""
        return owner is None or self.owns(owner) or self.teacher or open_to_all()


def new_token() -> str:
    """256 random bits that a browser keeps and nobody is shown."""
    return secrets.token_urlsafe(32)


def is_token(told: object) -> bool:
    return isinstance(told, str) and _TOKEN.fullmatch(told) is not None


def digest_of(token: str) -> str:
    """What a server may keep of a token: nobody finds the token from it."""
    return hashlib.sha256(token.encode()).hexdigest()


def checked_digest(told: object) -> str | None:
    """`told`, where it can be an owner's digest; else None: it is nobody's."""
    return told if isinstance(told, str) and _DIGEST.fullmatch(told) else None


def open_to_all() -> bool:
    """Whether everybody may change everything, as the setting says."""
    return os.environ.get(OPEN) == "1"


def teacher_key() -> str | None:
    """The key that the setting has, None without one.

    Raises:
        ValueError: for one that is too short to keep anybody out.
    """
    key = os.environ.get(KEY) or None
    if key is not None and len(key) < SHORTEST_KEY:
        raise ValueError(
            f"{KEY} must have at least {SHORTEST_KEY} characters, got {len(key)} of them"
        )
    return key


def is_teacher_key(told: object) -> bool:
    """Whether `told` is the teacher's key; it takes as long whatever it is."""
    key = teacher_key()
    if key is None or not isinstance(told, str):
        return False
    return hmac.compare_digest(digest_of(told), digest_of(key))
