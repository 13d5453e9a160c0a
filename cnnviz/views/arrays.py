"""Arrays as the browser gets them: the same numbers to the bit, in fewer letters."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from torch import Tensor

from cnnviz.networks.kinds import KINDS
from cnnviz.networks.trace import Trace
from cnnviz.views.letters import letters

MOST = 44_000
"""Letters of all values of a trace, together: a stroke's message stays below 60 kB."""

Encoded = dict[str, Any]
Sight = Mapping[str, Sequence[int] | None]
"""What is looked at, the most important first: a layer's name, and which of its maps, or None."""


def encode(tensor: Tensor) -> Encoded:
    """`shape`, and the values as base64 of little-endian float32, in C order.

    Where many are repeated, as on empty paper, `values` has each run of equal ones once, and `same`
    has a bit for each that says whether it is the one before it. Where all are whole 255ths,
    `bytes` has those.
    """
    array = np.ascontiguousarray(tensor.detach().numpy().astype("<f4", copy=False))
    described: Encoded = {"shape": list(array.shape)}
    flat = array.reshape(-1)
    same = np.zeros(flat.size, dtype=bool)
    bits = flat.view("<u4")
    same[1:] = bits[1:] == bits[:-1]
    whole = np.clip(np.nan_to_num(np.rint(flat * 255)), 0, 255).astype(np.uint8)
    is_whole = np.array_equal((whole.astype("<f4") / np.float32(255)).view("<u4"), bits)
    repeats = 32 * int(same.sum()) > flat.size
    if is_whole and not (repeats and 4 * int((~same).sum()) < flat.size):
        return described | {"bytes": letters(whole, "u1")}
    if not repeats:
        return described | {"values": letters(flat, "<f4")}
    packed = np.packbits(same, bitorder="little")
    return described | {"values": letters(flat[~same], "<f4"), "same": letters(packed, "u1")}


def encode_plainly(tensor: Tensor) -> Encoded:
    """The same with every value in full: for weights, which are many and hardly ever alike."""
    array = tensor.detach().contiguous().numpy().astype("<f4", copy=False)
    return {"shape": list(array.shape), "values": letters(array, "<f4")}


def _length(encoded: Encoded) -> int:
    return sum(len(part) for part in encoded.values() if isinstance(part, str))


def layers_sent(
    trace: Trace, sight: Sight | None, most: int = MOST, there: Sight | None = None
) -> list[Encoded]:
    """Of each layer of `trace` its `shape`, and as many of their values as fit into `most` letters.

    `derived` layers need none: they only choose among the values before them, so what the browser
    makes of torch's values is torch's. Of the others the last comes first, then what is in `sight`,
    then the rest from the answer backwards; `channels` says which maps of a layer are there, where
    not all are. What is left out the browser computes by itself, and asks for once it is in sight.
    Nothing is left out where that is None. What is `there` already, of this very trace, isn't sent
    again, and what isn't in sight waits: so comes in several messages what one has no room for.
    """
    layers = trace.layers
    left: float = math.inf if sight is None else most
    if there is None:  # what is asked for by and by is no stroke's
        left -= _length(encode(trace.image))
    found: dict[int, Encoded] = {}

    def take(at: int, channels: Sequence[int] | None = None) -> None:
        """All of a layer, or else of its `channels` as many as there is room for."""
        nonlocal left
        partly = _length(found.get(at, {}))
        if KINDS[layers[at].kind].selects or (partly and "channels" not in found[at]):
            return
        values = layers[at].values
        if channels is None or values.ndim == 1 or len(channels) == len(values):
            encoded = encode(values)
            more = _length(encoded) - partly
            if more <= left:
                left -= more
                found[at] = encoded
                return
        if channels is None or values.ndim == 1:
            return
        fitting: list[int] = []
        for channel in channels:
            needed = _length(encode(values[channel]))
            if needed <= left:
                left -= needed
                fitting.append(channel)
        if fitting:
            own = encode(values[fitting])
            found[at] = own | {"shape": list(values.shape), "channels": fitting}

    if layers:  # the answer always goes, beside whatever picture
        left = max(left, _length(encode(layers[-1].values)))
        take(len(layers) - 1)
    known = {name: None if of is None else {*of} for name, of in (there or {}).items()}
    places = {layer.name: at for at, layer in enumerate(layers)}
    for name, looked_at in (sight or {}).items():
        at, channels = places.get(name, -1), looked_at
        # What only chooses is torch's where what it chooses from is.
        while at >= 0 and KINDS[layers[at].kind].selects:
            if at and layers[at].values.ndim != layers[at - 1].values.ndim:
                channels = range(len(layers[at - 1].values))
            at -= 1
        if at >= 0:
            have = known.get(layers[at].name, set())
            if have is None:
                continue  # a vector, or all of the maps
            count = len(layers[at].values)
            wanted = range(count) if have and channels is None else channels
            take(
                at,
                None if wanted is None else [c for c in wanted if 0 <= c < count and c not in have],
            )
    if there is None:
        for at in reversed(range(len(layers))):
            take(at)
    return [
        found.get(at, {"shape": list(layer.values.shape)})
        | ({"derived": True} if KINDS[layer.kind].selects else {})
        for at, layer in enumerate(layers)
    ]


def sight_of(said: Any) -> dict[str, list[int] | None]:
    """What the browser said is in sight, as far as it makes sense."""
    if not isinstance(said, list):
        return {}
    return {
        row[0]: None if row[1] is None else [c for c in row[1] if isinstance(c, int)][:4096]
        for row in said[:64]
        if isinstance(row, list)
        and len(row) == 2
        and isinstance(row[0], str)
        and (row[1] is None or isinstance(row[1], list))
    }
