"""Weights files that mean harm, and damaged ones: what they may cost, and how they are refused."""

import io
import json
import pickle
import pickletools
import random
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator

import pytest
import safetensors.torch
import torch
import torch._utils

from cnnviz.networks import checkpoints, tensor_pickles, weight_files
from cnnviz.networks.models import SimpleCNN, untrained
from tests.programs import printed_alone

STATE = untrained().state_dict()
MOST_MEMORY = 200_000_000


def saved(thing: object, **options) -> bytes:
    file = io.BytesIO()
    torch.save(thing, file, **options)
    return file.getvalue()


ZIP = saved(STATE)
LEGACY = saved(STATE, _use_new_zipfile_serialization=False)
SAFE = safetensors.torch.save(STATE)


def archive(pickled: bytes, records: dict[str, bytes] | None = None, method: int = 8) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        made.writestr("archive/data.pkl", pickled)
        for name, content in (records or {}).items():
            made.writestr(f"archive/{name}", content)
    return file.getvalue()


def stored(pickled: bytes) -> bytes:
    return archive(pickled, method=zipfile.ZIP_STORED)


def legacy(pickled: bytes) -> bytes:
    head = pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2) + pickle.dumps({}, 2)
    return head + pickled + pickle.dumps([], 2)


def declares(count: int) -> bytes:
    """A storage that says it has `count` values, of four in its record."""

    class Pickler(pickle.Pickler):
        def persistent_id(self, obj):
            named = isinstance(obj, torch.UntypedStorage)
            return ("storage", torch.FloatStorage, "0", "cpu", count) if named else None

    class Whole:
        def __reduce__(self):
            storage = torch.UntypedStorage(0)
            return torch._utils._rebuild_tensor_v2, (storage, 0, (count,), (1,), False, {})

    file = io.BytesIO()
    Pickler(file, 2).dump({"fc.bias": Whole()})
    return archive(file.getvalue(), {"data/0": bytes(16)})


class Calls:
    """Pickled as a call of something that runs no code, and takes all the memory there is."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def header(text: bytes) -> bytes:
    return struct.pack("<Q", len(text)) + text


def many_tensors() -> bytes:
    described = {
        f"t{index}": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
        for index in range(60_000)
    }
    return header(json.dumps(described).encode())


def many_records() -> bytes:
    """The central directory of a zip file that has a million empty records."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for index in range(20_001):
            made.writestr(str(index), b"")
    return file.getvalue()


def numbers(count: int) -> bytes:
    """The keys and values of a dictionary: each number, and None."""
    return b"".join(b"M" + struct.pack("<H", number) + b"N" for number in range(count))


def copies(made: bytes, called: bytes = b"") -> bytes:
    """A list of 6,000 results of `called`, each of the same thing that `made` leaves."""
    again = b"h\x01h\x00R" if called else b"h\x00"
    return (
        b"\x80\x02"
        + made
        + b"q\x000"
        + called
        + b"}("
        + b"".join(b"M" + struct.pack("<H", key) + again for key in range(6_000))
        + b"u."
    )


LARGE_DICTIONARY = b"}(" + numbers(10_000) + b"u"

COSTLY: dict[str, Callable[[], bytes]] = {
    "45 million lists": lambda: stored(b"\x80\x02" + b"]" * 45_000_000 + b"."),
    "45 million lists, packed": lambda: archive(b"\x80\x02" + b"]" * 45_000_000 + b"."),
    "45 million lists, old format": lambda: legacy(b"\x80\x02" + b"]" * 45_000_000 + b"."),
    "45 million lists, first of all": lambda: b"\x80\x02" + b"]" * 45_000_000 + b".",
    "a memo with the largest number": lambda: stored(b"\x80\x02]r\xff\xff\xff\x7f."),
    "tuples in one another as a key": lambda: stored(
        b"\x80\x02})" + b"\x85" * 1_000_000 + b"K\x00s."
    ),
    "a dictionary of 10,000 in 6,000 places": lambda: stored(copies(LARGE_DICTIONARY)),
    "6,000 ordered copies of a dictionary": lambda: stored(
        copies(LARGE_DICTIONARY + b"\x85", b"ccollections\nOrderedDict\nq\x010")
    ),
    "6,000 sizes of 20,000 dimensions": lambda: stored(
        copies(b"(" + b"N" * 20_000 + b"l\x85", b"ctorch\nSize\nq\x010")
    ),
    "ten billion bytes": lambda: stored(pickle.dumps({"a": Calls(bytearray, 10**10)}, 2)),
    "a storage larger than its record": lambda: declares(10**10),
    "a storage a little larger than its record": lambda: declares(10**6),
    "60,000 tensors without values": many_tensors,
    "a header of nested lists": lambda: header(b'{"a":' + b"[" * 40_000_000),
    "20,000 records": many_records,
    "a record of 100 MB, packed": lambda: archive(pickle.dumps({}, 2), {"data/0": bytes(10**8)}),
}


@pytest.mark.parametrize("name", COSTLY)
def test_no_file_costs_much_before_it_is_refused(name):
    content = COSTLY[name]()
    assert len(content) < weight_files.MAX_BYTES
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"^my\.pt "):
            checkpoints.load(content, "my.pt")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_MEMORY


@pytest.mark.parametrize("file", [stored, archive, legacy])
def test_opcodes_are_counted_before_one_is_run(file, monkeypatch):
    content = file(b"\x80\x02" + b"]" * 1_000_000 + b".")
    looked = []
    genops = pickletools.genops

    def counted(stream) -> Iterator:
        for found in genops(stream):
            looked.append(None)
            yield found

    monkeypatch.setattr(tensor_pickles.pickletools, "genops", counted)
    with pytest.raises(ValueError, match=r"my.pt .* more than 50,000 opcodes"):
        checkpoints.load(content, "my.pt")
    assert tensor_pickles.MOST_OPCODES <= len(looked) <= tensor_pickles.MOST_OPCODES + 1


def test_a_pickle_of_45_million_lists_takes_little_of_the_process():
    # tracemalloc sees Python's own memory; this is what the system sees.
    script = """
import io, resource, time, zipfile
from cnnviz.networks import checkpoints
file = io.BytesIO()
with zipfile.ZipFile(file, "w") as made:
    made.writestr("archive/data.pkl", b"\\x80\\x02" + b"]" * 45_000_000 + b".")
content = file.getvalue()
before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
try:
    checkpoints.load(content, "my.pt")
except ValueError as error:
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print((after - before) // 1024, time.process_time() - begun)
"""
    megabytes, seconds = map(float, printed_alone("-c", script).split())
    assert megabytes < 200
    assert seconds < 10  # of the processor, where it took 50; the counted work is tested above


def test_weights_of_50_mb_that_fit_no_network_stay_within_bounds_of_memory():
    content = saved({"fc.weight": torch.zeros(12_400_000)})
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="The file doesn't fit the network"):
            checkpoints.load(content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_MEMORY


def odd(**changes: object) -> bytes:
    return saved({**STATE, **{key.replace("_", "."): value for key, value in changes.items()}})


@pytest.mark.parametrize(
    ("tensor", "kind"),
    [
        (lambda: torch.empty(10, device="meta"), "without values, on the meta device"),
        (lambda: torch.zeros(10).to_sparse(), "sparse"),
        (lambda: torch.zeros(10, 2).to_sparse_csr(), "sparse"),
        (lambda: torch.quantize_per_tensor(torch.zeros(10), 0.1, 0, torch.quint8), "quantised"),
        (lambda: torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)]), "nested"),
        (lambda: torch.zeros(10, dtype=torch.float8_e4m3fn), "of a kind that isn't read here"),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_tensor_that_is_no_plain_array_is_refused_by_its_name(tensor, kind):
    with pytest.raises(ValueError, match=f"my.pt .*fc.bias is {kind}, it should be a plain tensor"):
        checkpoints.load(odd(fc_bias=tensor()), "my.pt")


def test_parameters_and_views_of_one_storage_are_read_like_tensors():
    whole = torch.arange(20.0)
    state = {**STATE, "fc.bias": torch.nn.Parameter(whole[10:])}
    state["conv1.bias"] = whole[1:9:2]
    for content in (saved(state), saved(state, _use_new_zipfile_serialization=False)):
        model = checkpoints.load(content).model
        assert torch.equal(model.state_dict()["fc.bias"], whole[10:])
        assert torch.equal(model.state_dict()["conv1.bias"], whole[1:9:2])


def test_an_optimizers_state_beside_the_weights_does_no_harm():
    model = SimpleCNN()
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.rand(2, 1, 28, 28)).sum().backward()
    optimizer.step()
    whole = {"epoch": 1, "state_dict": model.state_dict(), "optimizer": optimizer.state_dict()}
    for content in (saved(whole), saved(whole, _use_new_zipfile_serialization=False)):
        read = checkpoints.load(content).model.state_dict()
        assert all(torch.equal(read[key], value) for key, value in model.state_dict().items())


def mutations(content: bytes, count: int, chance: random.Random) -> Iterator[bytes]:
    for _ in range(count):
        changed = bytearray(content)
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            # Headers, pickles and directories are what can go wrong; most of a file is weights.
            ends = min(len(changed), 2500)
            place = chance.choice((chance.randrange(ends), -1 - chance.randrange(ends)))
            match chance.randrange(4):
                case 0:
                    changed[place] = chance.randrange(256)
                case 1:
                    changed[place] ^= 1 << chance.randrange(8)
                case 2:
                    del changed[place]
                case _:
                    changed.insert(place, chance.randrange(256))
        yield bytes(changed)


@pytest.mark.parametrize(("kind", "content"), [("zip", ZIP), ("legacy", LEGACY), ("safe", SAFE)])
def test_a_damaged_file_gives_a_checkpoint_or_a_value_error(kind, content):
    chance = random.Random(20261126)
    outcomes = {"refused": 0, "read": 0}
    for mutated in mutations(content, 400, chance):
        try:
            checkpoints.load(mutated, "my.pt")
            outcomes["read"] += 1
        except ValueError as error:
            outcomes["refused"] += 1
            assert str(error).startswith("my.pt ")  # noqa: PT017 - either ending is right
    assert outcomes["refused"] > 100


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("torch._utils", "_rebuild_tensor_v2"),
        ("torch._utils", "_rebuild_parameter"),
        ("torch", "Size"),
    ],
)
def test_what_a_pickle_sets_on_what_it_names_is_gone_with_it(where: str, name: str) -> None:
    def pickled(then: bytes) -> io.BytesIO:
        named = pickle.GLOBAL + f"{where}\n{name}\n".encode()
        return io.BytesIO(pickle.PROTO + b"\x02" + named + then + pickle.STOP)

    content = pickle.SHORT_BINUNICODE + b"\x04left" + pickle.NEWTRUE
    changed = tensor_pickles.unpickle(
        pickled(pickle.EMPTY_DICT + content + pickle.SETITEM + pickle.BUILD), 100
    )
    assert changed.value.left is True
    assert not hasattr(tensor_pickles.unpickle(pickled(b""), 100).value, "left")
