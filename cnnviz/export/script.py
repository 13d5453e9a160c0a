"""One Python file that trains a configuration by itself: torch, torchvision, and no cnnviz."""

from textwrap import dedent, indent

from cnnviz.training.config import TrainingConfig


def script(config: TrainingConfig) -> str:
    """A program that prints each epoch's summed loss and test accuracy, and saves the weights.

    It follows the same recipe step by step: same start, same order, same learning rates.
    """
    return "\n".join(
        (
            f'"""Trains a small network on digits: {config.preset} settings, as cnnviz does."""\n',
            _imports(config),
            _model(config),
            _data(config),
            _loop(config),
        )
    )


def _imports(config: TrainingConfig) -> str:
    lines = ["import math"] if config.schedule == "one-cycle" else []
    lines += ["import os", "import sys", ""]
    lines += ["import torch", "import torch.nn.functional as F", "from torch import nn"]
    if config.dataset == "mnist":
        lines.append("from torchvision import datasets")
    else:
        lines.append("from sklearn.datasets import load_digits")
    lines += ["", f"torch.set_num_threads({config.threads})", f"torch.manual_seed({config.seed})"]
    return "\n".join(lines) + "\n"


def _model(config: TrainingConfig) -> str:
    if config.model == "FullyConnected":
        return dedent(f"""
            class Network(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.fc1 = nn.Linear(784, {config.hidden})
                    self.fc2 = nn.Linear({config.hidden}, 10)

                def forward(self, x):
                    return self.fc2(F.relu(self.fc1(x.flatten(1))))
        """)
    first, second = config.channels
    kernel = config.kernel_size
    size = 28
    for _ in range(2):
        size -= kernel - 1
        if config.pooling != "none":
            size //= 2
    act = {"relu": "F.relu", "tanh": "torch.tanh"}[config.activation]
    pool = {"max": "F.max_pool2d({}, 2)", "average": "F.avg_pool2d({}, 2)", "none": "{}"}
    layer = pool[config.pooling].format
    return dedent(f"""
        class Network(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv1 = nn.Conv2d(1, {first}, {kernel})
                self.conv2 = nn.Conv2d({first}, {second}, {kernel})
                self.fc = nn.Linear({second * size * size}, 10)

            def forward(self, x):
                x = {layer(f"{act}(self.conv1(x))")}
                x = {layer(f"{act}(self.conv2(x))")}
                return self.fc(x.flatten(1))
    """)


def _data(config: TrainingConfig) -> str:
    if config.dataset == "mnist":
        text = """
            root = os.environ.get("CNNVIZ_DATA", "data")
            train = datasets.MNIST(root, train=True, download=True)
            test = datasets.MNIST(root, train=False, download=True)
            images, labels = train.data.unsqueeze(1).float() / 255, train.targets
            test_images, test_labels = test.data.unsqueeze(1).float() / 255, test.targets
        """
    else:
        text = """
            digits = load_digits()
            images = torch.from_numpy(digits.images).float().div(16).unsqueeze(1)
            images = F.pad(F.interpolate(images, (20, 20), mode="bilinear"), (4, 4, 4, 4))
            labels = torch.from_numpy(digits.target).long()
            images, test_images = images[:1437], images[1437:]
            labels, test_labels = labels[:1437], labels[1437:]
        """
    lines = dedent(text)
    if config.train_size is not None:
        lines += f"images, labels = images[:{config.train_size}], labels[:{config.train_size}]\n"
    if config.shuffle_pixels is not None:
        lines += dedent(f"""\
            generator = torch.Generator().manual_seed({config.shuffle_pixels})
            order = torch.randperm(784, generator=generator)
            images = images.flatten(1)[:, order].view(-1, 1, 28, 28)
            test_images = test_images.flatten(1)[:, order].view(-1, 1, 28, 28)
        """)
    return lines


def _loop(config: TrainingConfig) -> str:
    optimizer = f"torch.optim.Adam(model.parameters(), lr={config.learning_rate}, fused=True)"
    if config.optimizer == "sgd":
        optimizer = (
            f"torch.optim.SGD(\n    model.parameters(), lr={config.learning_rate}, "
            f"momentum={config.momentum}, fused=True\n)"
        )
    head = "\nmodel = Network()\n"
    if config.model == "FullyConnected" and config.shuffle_pixels is not None:
        head += "model.fc1.weight.data = model.fc1.weight.data[:, order]\n"
    head += dedent(f"""\
        model.to(memory_format=torch.channels_last)
        epochs = int(sys.argv[1]) if len(sys.argv) > 1 else {config.epochs}
        total = {config.epochs}
    """)
    head += f"optimizer = {optimizer}\n"
    step = ""
    if config.schedule == "one-cycle":
        head += dedent(f"""

            def learning_rate(progress, peak={config.learning_rate}):
                low, end, top = peak / 25, peak / 250_000, 0.3
                if progress < top:
                    start, stop, part = low, peak, progress / top
                else:
                    start, stop, part = peak, end, (progress - top) / (1 - top)
                return stop + (start - stop) * (1 + math.cos(math.pi * min(part, 1.0))) / 2


        """)
        step += (
            "progress = (epoch + start / len(images)) / total\n"
            'optimizer.param_groups[0]["lr"] = learning_rate(progress)\n'
        )
    if config.augmentation == "shifts":
        head += dedent("""

            def shifted(batch):
                count = len(batch)
                down, right = torch.randint(0, 5, (2, count, 1))
                rows = (down + torch.arange(28)).unsqueeze(2)
                columns = (right + torch.arange(28)).unsqueeze(1)
                padded = F.pad(batch, (2, 2, 2, 2))
                return padded[torch.arange(count).view(-1, 1, 1), 0, rows, columns].unsqueeze(1)


        """)
    batch = "shifted(images[batch])" if config.augmentation == "shifts" else "images[batch]"
    body = (
        f"batch = order_of_epoch[start : start + {config.batch_size}]\n"
        + step
        + dedent(f"""\
        optimizer.zero_grad()
        loss = F.cross_entropy(model({batch}), labels[batch])
        loss.backward()
        optimizer.step()
        total_loss += loss.item()
    """)
    )
    return (
        head
        + dedent("""\
        for epoch in range(epochs):
            # The order that DataLoader(shuffle=True) gives: it draws two seeds and uses the second.
            torch.empty((), dtype=torch.int64).random_()
            seed = int(torch.empty((), dtype=torch.int64).random_())
            generator = torch.Generator().manual_seed(seed)
            order_of_epoch = torch.randperm(len(images), generator=generator)
            total_loss = 0.0
    """)
        + f"    for start in range(0, len(images), {config.batch_size}):\n"
        + indent(body, " " * 8)
        + dedent("""\
        #
            with torch.inference_mode():
                right = (model(test_images).argmax(1) == test_labels).float().mean().item()
            print(f"epoch {epoch + 1}: loss {total_loss:.3f}, test accuracy {right:.2%}")
        torch.save(model.state_dict(), "trained.pt")
    """).replace("#\n", "", 1)
    )
