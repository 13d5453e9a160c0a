import io
import json
import os
import pickle
import zipfile
from collections import OrderedDict

import pytest
import safetensors
import safetensors.torch
import torch
from torch import nn

from cnnviz.networks import checkpoints, weight_files
from cnnviz.networks.architecture import Architecture, two_convolutions
from cnnviz.networks.models import FullyConnected, SimpleCNN, untrained
from tests.networks.article import Article
from tests.networks.saving import save


def saved(thing, **options) -> bytes:
    file = io.BytesIO()
    torch.save(thing, file, **options)
    return file.getvalue()


def same_weights(one: nn.Module, other: nn.Module) -> bool:
    ours, theirs = one.state_dict(), other.state_dict()
    return ours.keys() == theirs.keys() and all(torch.equal(ours[k], theirs[k]) for k in ours)


IMAGES = torch.rand(5, 1, 28, 28, generator=torch.Generator().manual_seed(0))


def test_weights_of_the_articles_plain_class_load_and_give_the_same_logits(tmp_path):
    plain = Article().eval()
    path = tmp_path / "mine.pt"
    torch.save(plain.state_dict(), path)
    checkpoint = checkpoints.load(path)
    with torch.no_grad():
        assert torch.equal(checkpoint.model(IMAGES), plain(IMAGES))
    assert checkpoint.name == "mine.pt"
    assert checkpoint.architecture == Architecture()
    assert checkpoint.test_accuracy is None
    assert checkpoint.losses == ()
    assert not checkpoint.model.training


def test_our_weights_load_into_the_articles_plain_class(tmp_path):
    model = untrained(seed=1)
    save(tmp_path / "ours.safetensors", model, {})
    plain = Article().eval()
    plain.load_state_dict(safetensors.torch.load_file(tmp_path / "ours.safetensors"))
    with torch.no_grad():
        assert torch.equal(plain(IMAGES), model(IMAGES))


@pytest.mark.parametrize(
    "model",
    [
        untrained(),
        SimpleCNN(two_convolutions((6, 16), 5, "tanh", "average")),
        SimpleCNN(two_convolutions((2, 3), 3, "relu", "none")),
        FullyConnected(7),
    ],
)
def test_what_is_saved_comes_back_with_its_make_and_metadata(tmp_path, model):
    path = tmp_path / "model.safetensors"
    save(path, model, {"test_accuracy": "0.875", "losses": "[2.5, 1.0]"})
    checkpoint = checkpoints.load(path)
    assert type(checkpoint.model) is type(model)
    assert same_weights(checkpoint.model, model)
    assert checkpoint.architecture == getattr(model, "architecture", None)
    assert checkpoint.test_accuracy == 0.875
    assert checkpoint.losses == (2.5, 1.0)
    assert checkpoint.metadata["model"] == type(model).__name__


def test_a_files_content_loads_like_the_file(tmp_path):
    save(tmp_path / "a.safetensors", untrained(), {})
    content = (tmp_path / "a.safetensors").read_bytes()
    checkpoint = checkpoints.load(content, "dropped.safetensors")
    assert checkpoint.name == "dropped.safetensors"
    assert same_weights(checkpoint.model, untrained())


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "_orig_mod.module."])
def test_prefixes_of_wrapped_models_are_taken_off(prefix):
    state = {prefix + key: value for key, value in Article().state_dict().items()}
    assert checkpoints.load(saved(state)).architecture == Architecture()


@pytest.mark.parametrize("wrapper", ["state_dict", "model_state_dict", "model"])
def test_a_state_dict_inside_a_training_checkpoint_is_found(wrapper):
    plain = Article()
    checkpoint = checkpoints.load(saved({"epoch": 3, wrapper: plain.state_dict()}))
    assert torch.equal(checkpoint.model.state_dict()["fc.bias"], plain.state_dict()["fc.bias"])


def test_the_old_pt_format_is_read():
    plain = Article()
    content = saved(plain.state_dict(), _use_new_zipfile_serialization=False)
    assert torch.equal(
        checkpoints.load(content).model.state_dict()["fc.bias"], plain.state_dict()["fc.bias"]
    )


@pytest.mark.parametrize("kernel_size", [1, 3, 5, 7])
@pytest.mark.parametrize("pooling", ["max", "none"])
def test_a_bare_state_dict_of_another_size_is_recognised_from_its_shapes(kernel_size, pooling):
    model = SimpleCNN(two_convolutions((5, 3), kernel_size, pooling=pooling))
    checkpoint = checkpoints.load(saved(model.state_dict()))
    assert checkpoint.architecture == model.architecture
    assert same_weights(checkpoint.model, model)


def test_a_bare_fully_connected_state_dict_is_recognised():
    checkpoint = checkpoints.load(saved(FullyConnected(12).state_dict()))
    assert isinstance(checkpoint.model, FullyConnected)
    assert checkpoint.model.hidden == 12
    assert checkpoint.architecture is None


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_become_float32(dtype):
    state = {key: value.to(dtype) for key, value in Article().state_dict().items()}
    model = checkpoints.load(saved(state)).model
    assert torch.equal(model.state_dict()["fc.weight"], state["fc.weight"].float())


def changed(**changes) -> bytes:
    state = OrderedDict(Article().state_dict())
    for key, value in changes.items():
        key = key.replace("_", ".", 1)
        if value is None:
            del state[key]
        else:
            state[key] = value
    return saved(state)


class Code:
    def __reduce__(self):
        return (os.system, ("touch it-ran",))


def nan_weight() -> torch.Tensor:
    weight = torch.zeros(10, 200)
    weight[3, 5] = torch.nan
    return weight


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", b"\0" * (weight_files.MAX_BYTES + 1))
    return file.getvalue()


WHOLE = saved(Article().state_dict())
SAFE = safetensors.torch.save(Article().state_dict())


def described(model: str, architecture: str) -> bytes:
    return safetensors.torch.save(
        Article().state_dict(), {"model": model, "architecture": architecture}
    )


def test_safetensors_are_read_whatever_their_headers_length_looks_like():
    # It is the file's first bytes, and 0x480 in little-endian begins like a pickle.
    for padding in range(200):
        content = described("SimpleCNN", json.dumps({"pooling": "max"}) + " " * 8 * padding)
        if content.startswith(b"\x80"):
            checkpoints.load(content)
            return
    pytest.fail("no header of such a length")


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        (b"", ["my.pt is empty"]),
        (b"hello, this is text", ["my.pt is not a weights file", ".safetensors"]),
        (b"%PDF-1.7 and so on", ["my.pt is not a weights file"]),
        (WHOLE[:-200], ["my.pt is damaged or cut off"]),
        (WHOLE[:100], ["my.pt is damaged or cut off"]),
        (
            saved(Article().state_dict(), _use_new_zipfile_serialization=False)[:-10],
            ["my.pt is damaged or cut off"],
        ),
        (SAFE[:-200], ["my.pt is damaged or cut off"]),
        (SAFE[:30], ["my.pt is damaged or cut off"]),
        (b"\x05\0\0\0\0\0\0\0{abc}", ["my.pt is damaged or cut off"]),
        (b"\x80\x02 no pickle", ["my.pt is damaged or cut off"]),
        (saved({"conv1.weight": Code()}), ["carries code", "posix.system", "is not run"]),
        (
            saved({"conv1.weight": Code()}, _use_new_zipfile_serialization=False),
            ["carries code", "posix.system"],
        ),
        (pickle.dumps(Code(), protocol=2), ["carries code", "posix.system"]),
        (saved(Article()), ["carries code", "Article", "model.state_dict()"]),
        (saved([1, 2]), ["holds a list, not a state dict"]),
        (bomb(), ["50 MB when unpacked; weights may have at most 50 MB"]),
        (changed(fc_bias=None), ["fc.bias of shape (10,) is missing"]),
        (
            changed(fc_weight=torch.zeros(10, 128)),
            ["fc.weight has shape (10, 128), it should be (10, 200)"],
        ),
        (
            changed(conv2_weight=torch.zeros(8, 1, 3, 3)),
            ["conv2.weight has shape (8, 1, 3, 3), it should be (8, 4, 3, 3)"],
        ),
        (
            changed(conv1_weight=torch.zeros(4, 1, 4, 4)),
            ["conv1.weight has shape (4, 1, 4, 4), it should be (4, 1, 3, 3)"],
        ),
        (changed(fc3_weight=torch.zeros(2, 2)), ["fc3.weight of shape (2, 2) is not part"]),
        (changed(fc_bias="ten"), ["fc.bias is a str, not a tensor"]),
        (changed(fc_bias=torch.zeros(10, dtype=torch.int64)), ["fc.bias holds torch.int64"]),
        (changed(fc_bias=torch.zeros(10).to_sparse()), ["fc.bias is sparse"]),
        (
            changed(fc_bias=torch.zeros(1).expand(10**11)),
            ["fc.bias has shape (100000000000,), it should be (10,)"],
        ),
        (
            saved({"layer1.0.weight": torch.zeros(64, 3, 7, 7)}),
            ["conv1.weight of shape (4, 1, 3, 3) is missing", "more"],
        ),
        (saved({}), ["conv1.weight of shape (4, 1, 3, 3) is missing"]),
        (changed(fc_weight=nan_weight()), ["fc.weight holds 1 NaN or infinite value among 2000"]),
        (
            changed(conv1_bias=torch.full((4,), torch.inf)),
            ["conv1.bias holds 4 NaN or infinite values among 4"],
        ),
        (
            changed(fc_bias=torch.full((10,), 1e300, dtype=torch.float64)),
            ["fc.bias holds 10 NaN or infinite values"],
        ),
        (
            changed(conv1_weight=torch.full((4, 1, 3, 3), 3e38)),
            ["so large that the sums overflow"],
        ),
        (described("SimpleCNN", '{"channels": [0, 1]}'), ["architecture", "channels"]),
        (described("SimpleCNN", "[1]"), ["architecture", "not a JSON object"]),
        (described("SimpleCNN", "{"), ["architecture", "not a JSON object"]),
        (described("SimpleCNN", '{"depth": 3}'), ["architecture", "depth"]),
        (described("FullyConnected", '{"hidden": 100000000000}'), ["hidden"]),
        (described("ResNet", "{}"), ["'ResNet'", "known are SimpleCNN and FullyConnected"]),
        (
            described("SimpleCNN", '{"channels": [4, 16]}'),
            ["conv2.weight has shape (8, 4, 3, 3), it should be (16, 4, 3, 3)"],
        ),
    ],
)
# torch warns of sparse tensors and of pickles that it didn't write itself.
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_bad_file_is_refused_with_its_reason(content, messages, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"my\.pt") as refusal:
        checkpoints.load(content, "my.pt")
    for message in messages:
        assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert "weights_only" not in str(refusal.value)
    assert list(tmp_path.iterdir()) == []  # the pickled code did not run


def test_a_file_of_200_mb_is_refused_without_being_read(tmp_path):
    path = tmp_path / "large.safetensors"
    with path.open("wb") as file:
        file.truncate(200_000_000)  # sparse: it takes no room
    with pytest.raises(ValueError, match=r"large.safetensors has 200 MB; .* at most 50 MB"):
        checkpoints.load(path)


def test_what_is_not_a_readable_file_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"nowhere.pt can't be read: No such file"):
        checkpoints.load(tmp_path / "nowhere.pt")
    with pytest.raises(ValueError, match="can't be read: Is a directory"):
        checkpoints.load(tmp_path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("test_accuracy", "much"),
        ("test_accuracy", "1.5"),
        ("test_accuracy", "NaN"),
        ("test_accuracy", "1" + "0" * 400),
        ("losses", "[1" + "0" * 400 + "]"),
        ("test_accuracy", "true"),
        ("losses", "[1, null]"),
        ("losses", "12"),
        ("losses", "[" * 100_000),
    ],
)
def test_odd_metadata_is_not_believed(key, value):
    checkpoint = checkpoints.load(safetensors.torch.save(Article().state_dict(), {key: value}))
    assert checkpoint.test_accuracy is None
    assert checkpoint.losses == ()


def test_the_articles_checkpoint_says_how_it_was_trained():
    checkpoint = checkpoints.article()
    assert checkpoints.article() is checkpoint
    assert checkpoint.architecture == Architecture()
    recipe = json.loads(checkpoint.metadata["recipe"])
    assert {"seed": 42, "epochs": 10, "batch_size": 64, "learning_rate": 1e-3}.items() <= (
        recipe.items()
    )
    assert checkpoint.metadata["date"]
    printed = [420.520, 143.036, 112.597, 96.404, 86.154, 79.574, 73.306, 69.770, 66.393, 62.597]
    assert checkpoint.losses == pytest.approx(printed, abs=0.5)


def test_the_articles_accuracy_is_that_of_its_weights(mnist):
    checkpoint = checkpoints.article()
    digits = mnist.load("test")
    with torch.no_grad():
        logits = checkpoint.model(torch.tensor(digits.images) / 255)
    correct = int((logits.argmax(1).numpy() == digits.labels).sum())
    assert len(digits.labels) == 10_000
    assert checkpoint.test_accuracy == correct / 10_000


def test_the_articles_first_test_image_is_a_7(mnist):
    image = torch.tensor(mnist.load("test").images[:1]) / 255
    with torch.no_grad():
        assert int(checkpoints.article().model(image).argmax()) == 7


def test_where_only_safetensors_are_wanted_a_harmless_state_dict_is_refused_unopened(monkeypatch):
    file = io.BytesIO()
    torch.save(SimpleCNN().state_dict(), file)
    monkeypatch.setattr(torch, "load", None)
    with pytest.raises(ValueError, match="step 5 is not a safetensors file"):
        checkpoints.load_safetensors(file.getvalue(), "step 5")
    shipped = (checkpoints.CHECKPOINTS / "article.safetensors").read_bytes()
    assert (
        checkpoints.load_safetensors(shipped).test_accuracy == checkpoints.article().test_accuracy
    )
