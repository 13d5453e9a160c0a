"""The shapes of what layers read and make."""

Shape = tuple[int, ...]
"""(C, H, W) of maps, (N,) of a vector."""


def times(sides: Shape) -> str:
    """8×5×5"""
    return "×".join(map(str, sides))


def need_maps(given: Shape) -> None:
    if len(given) != 3:
        raise ValueError(f"it reads maps, and gets a vector of {given[0]}")
