"""The data sets there are: a row each, which every other place reads; a person's own have one."""

import os
from dataclasses import dataclass
from functools import lru_cache

from cnnviz.datasets import own
from cnnviz.datasets.cifar import CifarBatches
from cnnviz.datasets.idx import EmnistLetters, IdxFiles
from cnnviz.datasets.outlines import Outline, is_name
from cnnviz.datasets.shipped import SmallDigits
from cnnviz.datasets.stored import File, Stored, Unavailable
from cnnviz.drawing.frames import MNIST, Frame
from cnnviz.people import Person

_DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class Dataset:
    """`title` names it in a sentence; `pixels` a side, as it was published.

    `frame` is what a network gets: the pictures' shape, and how a drawing is made to look like
    them. `train` and `test` count pictures of the `classes`. `source` says who made it and where,
    `licence` under what terms, and `stored` finds, fetches and reads it.
    """

    name: str
    title: str
    pixels: int
    frame: Frame
    train: int
    test: int
    classes: tuple[str, ...]
    source: str
    licence: str
    stored: Stored

    @property
    def label(self) -> str:
        """Its name in a menu."""
        pixels = self.frame.pixels if self.own else f"{self.pixels}×{self.pixels}"
        return f"{self.title}, {pixels}"

    @property
    def own(self) -> bool:
        """Whether it is a person's own, kept on this machine alone."""
        return is_name(self.name)

    @property
    def named_by_number(self) -> bool:
        """Whether the classes are the digits, each its own number."""
        return self.classes == tuple(map(str, range(len(self.classes))))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of one of its pictures: (C, H, W)."""
        return self.frame.shape


DATASETS: dict[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            name="mnist",
            title="MNIST",
            pixels=28,
            frame=MNIST,
            train=60_000,
            test=10_000,
            classes=_DIGITS,
            source="Y. LeCun, C. Cortes and C. Burges, http://yann.lecun.com/exdb/mnist/",
            licence="CC BY-SA 3.0",
            stored=IdxFiles(
                "MNIST",
                "MNIST",
                (
                    File(
                        "train-images-idx3-ubyte.gz",
                        9912422,
                        "f68b3c2dcbeaaa9fbdd348bbdeb94873",
                        "6bbc9ace898e44ae57da46a324031adb",
                    ),
                    File(
                        "train-labels-idx1-ubyte.gz",
                        28881,
                        "d53e105ee54ea40749a09fcbcd1e9432",
                        "a25bea736e30d166cdddb491f175f624",
                    ),
                    File(
                        "t10k-images-idx3-ubyte.gz",
                        1648877,
                        "9fb629c4189551a2d022fa330f9573f3",
                        "2646ac647ad5339dbf082846283269ea",
                    ),
                    File(
                        "t10k-labels-idx1-ubyte.gz",
                        4542,
                        "ec29112dd5afa0611ce80d1b7f02629c",
                        "27ae3e4e09519cfbb04c329615203637",
                    ),
                ),
            ),
        ),
        Dataset(
            name="digits",
            title="scikit-learn's digits",
            pixels=8,
            frame=MNIST,
            # The last 360 were written by other people than the first 1,437.
            train=1_437,
            test=360,
            classes=_DIGITS,
            source="E. Alpaydin and C. Kaynak, "
            '"Optical Recognition of Handwritten Digits", UCI, 1998',
            licence="CC BY 4.0",
            stored=SmallDigits("scikit-learn's digits", 1_437),
        ),
        Dataset(
            name="fashion",
            title="Fashion-MNIST",
            pixels=28,
            # The longest edge is 28 pixels long, and the piece lies in the middle.
            frame=Frame(box=28, middle="box"),
            train=60_000,
            test=10_000,
            classes=(
                *("T-shirt", "trouser", "pullover", "dress", "coat"),
                *("sandal", "shirt", "sneaker", "bag", "ankle boot"),
            ),
            source="H. Xiao, K. Rasul and R. Vollgraf, 2017, "
            "https://github.com/zalandoresearch/fashion-mnist",
            licence="MIT",
            stored=IdxFiles(
                "Fashion-MNIST",
                "FashionMNIST",
                (
                    File(
                        "train-images-idx3-ubyte.gz",
                        26421880,
                        "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                    ),
                    File("train-labels-idx1-ubyte.gz", 29515, "25c81989df183df01b3e8a0aad5dffbe"),
                    File("t10k-images-idx3-ubyte.gz", 4422102, "bef4ecab320f06d8554ea6380940ec79"),
                    File("t10k-labels-idx1-ubyte.gz", 5148, "bb300cfdad3c16e7a12a480ee83cd310"),
                ),
            ),
        ),
        Dataset(
            name="kmnist",
            title="KMNIST",
            pixels=28,
            # Cut out with the character from edge to edge.
            frame=Frame(box=28, middle="box"),
            train=60_000,
            test=10_000,
            classes=(
                "お o",
                "き ki",
                "す su",
                "つ tsu",
                "な na",
                "は ha",
                "ま ma",
                "や ya",
                "れ re",
                "を wo",
            ),
            source='T. Clanuwat et al., "Deep Learning for Classical Japanese Literature", 2018, '
            "http://codh.rois.ac.jp/kmnist/",
            licence="CC BY-SA 4.0",
            stored=IdxFiles(
                "KMNIST",
                "KMNIST",
                (
                    File(
                        "train-images-idx3-ubyte.gz",
                        18165135,
                        "bdb82020997e1d708af4cf47b453dcf7",
                    ),
                    File("train-labels-idx1-ubyte.gz", 29497, "e144d726b3acfaa3e44228e80efcd344"),
                    File("t10k-images-idx3-ubyte.gz", 3041136, "5c965bf0a639b31b8f53240b1b52f4d7"),
                    File("t10k-labels-idx1-ubyte.gz", 5120, "7320c461ea6c1c855c0b718fb2a4b134"),
                ),
            ),
        ),
        Dataset(
            name="letters",
            title="EMNIST's letters",
            pixels=28,
            # The ink, with two pixels of paper around it, made 28 pixels large.
            frame=Frame(box=24, middle="box"),
            train=124_800,
            test=20_800,
            classes=tuple("abcdefghijklmnopqrstuvwxyz"),
            source='G. Cohen et al., "EMNIST: an extension of MNIST to handwritten letters", 2017, '
            "https://www.nist.gov/itl/products-and-services/emnist-dataset",
            licence="a work of NIST, none stated",
            stored=EmnistLetters(
                "EMNIST",
                File("gzip.zip", 561753746, "58c8d27c78d21e728a6bc7b3cc06412e"),
                124_800,
                20_800,
            ),
        ),
        Dataset(
            name="cifar10",
            title="CIFAR-10",
            pixels=32,
            frame=Frame((3, 32, 32), box=None, ground="white"),
            train=50_000,
            test=10_000,
            classes=(
                *("airplane", "automobile", "bird", "cat", "deer"),
                *("dog", "frog", "horse", "ship", "truck"),
            ),
            source='A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009, '
            "https://www.cs.toronto.edu/~kriz/cifar.html",
            licence="none stated",
            stored=CifarBatches(
                "CIFAR-10",
                File("cifar-10-python.tar.gz", 170498071, "c58f30108f718f92721af3b95e74349a"),
            ),
        ),
    )
}


def named(name: str, root: str | os.PathLike[str] | None = None) -> Dataset:
    """A row, of the catalogue or of a person's own collection (`cnnviz.datasets.own`), which is
    looked for where `own.where(root)` says.

    Raises ValueError, with the catalogue's names, for one that isn't there, or can't be read.
    """
    if name in DATASETS:
        return DATASETS[name]
    if is_name(name):
        try:
            return of_own(own.outline(name, root))
        except Unavailable as error:
            raise ValueError(f"dataset {name}: {error}") from None
    known = ", ".join(DATASETS)
    raise ValueError(f"dataset must be one of {known} or of your own, got {name!r:.60}")


def found(name: object) -> Dataset | None:
    """The same; None for anything that isn't there."""
    try:
        return named(name) if isinstance(name, str) else None
    except ValueError:
        return None


def everything(
    root: str | os.PathLike[str] | None = None, person: Person | None = None
) -> tuple[Dataset, ...]:
    """The catalogue's rows, then those of a person's own collections, the newest first, which are
    looked for where `own.where(root)` says; with a `person` those alone that they may change."""
    found = own.outlines(root)
    theirs = (each for each in found if person is None or person.may_change(each.owner))
    return (*DATASETS.values(), *map(of_own, theirs))


# Each keeps its pictures in memory.
@lru_cache(maxsize=8)
def of_own(outline: Outline) -> Dataset:
    """The row of a collection, which may have been deleted meanwhile."""
    return Dataset(
        name=outline.name,
        title=outline.title,
        pixels=max(outline.frame.height, outline.frame.width),
        frame=outline.frame,
        train=outline.train,
        test=outline.test,
        classes=outline.classes,
        source="your own pictures, on this machine",
        licence="yours",
        stored=own.OwnPictures(outline),
    )
