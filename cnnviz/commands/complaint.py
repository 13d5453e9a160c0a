"""What a command says on stderr when it can't do what it was asked."""

import sys


def complain(command: str, message: object) -> None:
    """One line, whatever lines `message` may have been made of."""
    print(f"cnnviz {command}: {' '.join(str(message).split())}", file=sys.stderr)


def reason(error: Exception) -> object:
    """In words: of an `OSError` without its number and file, which the line names already."""
    return error.strerror if isinstance(error, OSError) and error.strerror else error
