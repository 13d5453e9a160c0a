"""The words of the field that a newcomer meets here: a sentence each, and where to play with it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """`page` is the path of the page where the word can be tried out, as in an address.

    `spellings` are how it stands in headings and captions, the first of them its name. `columns`
    are the network view's columns that it heads: kinds of layers, "logits" and "softmax".
    """

    spellings: tuple[str, ...]
    sentence: str
    page: str
    columns: tuple[str, ...] = ()


ENTRIES = (
    Entry(
        ("kernel", "kernels", "filter", "filters"),
        "A small table of weights that is slid over a picture; each place gives one number.",
        "convolution_2d",
    ),
    Entry(
        ("stride",),
        "By how many pixels the kernel moves from one place to the next.",
        "convolution_2d",
    ),
    Entry(
        ("padding",),
        "A rim of zeros around the picture, so that the kernel also fits at the edges.",
        "convolution_2d",
    ),
    Entry(
        ("dilation",),
        "How far apart the pixels are that the kernel multiplies; 1 is side by side.",
        "convolution_2d",
    ),
    Entry(
        ("feature map", "feature maps"),
        "What one kernel makes of the whole picture: large where its pattern is found.",
        "convolution_2d",
    ),
    Entry(
        ("channel", "channels"),
        "One of the maps that lie on top of one another in a layer; a photograph has three: "
        "red, green and blue.",
        "convolution_2d",
    ),
    Entry(
        ("cross-correlation",),
        "Multiply and add without turning the kernel round first: what PyTorch's Conv2d does.",
        "convolution_2d",
    ),
    Entry(
        ("convolution",),
        "Multiply by the turned kernel and add, at each place in turn.",
        "convolution_1d",
    ),
    Entry(
        ("convolutional layer", "convolutional layers"),
        "Slides its kernels over the maps before it, multiplies and adds up: PyTorch's Conv2d.",
        "convolution_2d",
        ("conv2d",),
    ),
    Entry(
        ("bias", "biases"),
        "A number that is added to each sum, wherever the kernel stands.",
        "convolution_2d",
    ),
    Entry(
        ("ReLU",),
        "Keeps what is positive and makes all else 0.",
        "",
        ("relu",),
    ),
    Entry(
        ("pooling", "max pooling"),
        "Makes a map smaller: of each little square one number stays, the largest or the mean.",
        "pooling",
        ("maxpool2d", "avgpool2d"),
    ),
    Entry(
        ("receptive field",),
        "The part of the input that a number deep in the network can see.",
        "",
    ),
    Entry(
        ("flatten",),
        "Writes all maps in one long row, so that a linear layer can read them.",
        "",
        ("flatten",),
    ),
    Entry(
        ("fully connected", "linear layer"),
        "Gives each output a weight for every input, multiplies and adds up: PyTorch's Linear.",
        "",
        ("linear",),
    ),
    Entry(
        ("logit", "logits"),
        "A class's score before softmax: any number, the larger the likelier.",
        "",
        ("logits",),
    ),
    Entry(
        ("softmax",),
        "Turns scores into shares of one vote that add up to 100 %.",
        "",
        ("softmax",),
    ),
    Entry(
        ("parameter", "parameters", "weights"),
        "A number that training sets: a kernel's weight or a bias.",
        "training",
    ),
    Entry(
        ("loss", "losses"),
        "How wrong the network is on the pictures it is shown; training makes it small.",
        "training",
    ),
    Entry(
        ("gradient", "gradients"),
        "For each weight, how the loss changes if it grows a little.",
        "training",
    ),
    Entry(
        ("learning rate",),
        "How far a step of training moves the weights against the gradient.",
        "training",
    ),
    Entry(
        ("batch", "batches"),
        "So many pictures are looked at together before the weights are moved.",
        "training",
    ),
    Entry(
        ("epoch", "epochs"),
        "Once through all training pictures.",
        "training",
    ),
    Entry(
        ("test accuracy", "accuracy"),
        "The share of test pictures, none of which it was trained on, that are read rightly.",
        "training",
    ),
    Entry(
        ("overfitting",),
        "Learning the training pictures by heart: their loss falls, test accuracy doesn't rise.",
        "training",
    ),
    Entry(
        ("PyTorch", "torch"),
        "The library that computes every number here; the browser only previews while you draw.",
        "",
    ),
)

PLACES = {
    "": "See it on Draw",
    "convolution_1d": "Try it in 1D convolution",
    "convolution_2d": "Try it in 2D convolution",
    "pooling": "Try it in Pooling",
    "training": "Try it in Training",
}


def of_columns(names: set[str]) -> dict[str, dict[str, str]]:
    """What the columns of these names mean, as far as there is an entry, ready for the browser."""
    return {
        name: {"sentence": entry.sentence, "page": entry.page, "place": PLACES[entry.page]}
        for entry in ENTRIES
        for name in entry.columns
        if name in names
    }
