import marimo

app = marimo.App(width="full")


@app.cell
def _():
    from collections import OrderedDict

    import marimo as mo
    import torch
    from sklearn.datasets import load_digits
    from torch import nn

    import cnnviz
    from cnnviz.drawing.frames import Frame

    return Frame, OrderedDict, cnnviz, load_digits, mo, nn, torch


@app.cell
def _(mo):
    mo.md("""
    # A network of your own, layer by layer

    `cnnviz.show` draws what every layer of a plain `nn.Sequential` makes of a picture: point at a
    number to see where it comes from, click to keep it, Escape lets go. Draw: the maps follow.
    """)
    return


@app.cell
def _(OrderedDict, load_digits, nn, torch):
    pixels, labels = load_digits(return_X_y=True)  # 1,797 digits of 8 × 8 pixels
    images = torch.tensor(pixels, dtype=torch.float32).reshape(-1, 1, 8, 8) / 16
    truth = torch.tensor(labels)

    torch.manual_seed(0)
    model = nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(1, 6, 3, padding=1),
            relu1=nn.ReLU(),
            conv2=nn.Conv2d(6, 8, 3),
            relu2=nn.ReLU(),
            pool=nn.MaxPool2d(2),
            flatten=nn.Flatten(),
            fc=nn.Linear(72, 10),
        )
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _epoch in range(12):
        for _batch in torch.randperm(1500).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images[_batch]), truth[_batch]).backward()
            optimizer.step()
    return images, model


@app.cell
def _(Frame, cnnviz, images, mo, model):
    pad = mo.ui.anywidget(
        cnnviz.show(model, images[1600], live=True, frame=Frame((1, 8, 8), box=8))
    )
    pad
    return (pad,)


@app.cell
def _(mo, pad):
    # Runs again with each drawing.
    pad.value
    probabilities = pad.widget.trace.probabilities
    mo.md(f"Read as **{probabilities.argmax()}**, with {probabilities.max():.1%} of the vote.")
    return


if __name__ == "__main__":
    app.run()
