"""What people do with pictures of their own: each sees and deletes theirs, and nobody else's.

Whoever has the command line has the files, and may do everything: this is for people who come
through a page.
"""

import contextlib

from cnnviz.datasets import own
from cnnviz.datasets.stored import Unavailable
from cnnviz.people import NotYoursError, Person


def names(person: Person) -> list[str]:
    """Of the collections that this person may delete, damaged ones included, the newest first."""
    found = []
    for name in own.names():
        with contextlib.suppress(Unavailable):
            if person.may_change(own.owner(name)):
                found.append(name)
    return found


def delete(name: str, person: Person) -> None:
    """Remove a collection from this machine for good; runs that were trained on it stay.

    Raises NotYoursError when it is somebody else's, ValueError and `Unavailable` as `own.delete`.
    """
    if not person.may_change(own.owner(name)):
        raise NotYoursError(
            f"{own.outline(name).title} was added in another browser: only whoever added it can "
            "delete it"
        )
    own.delete(name)
