"""The data sets there are: a row each, which every other place reads."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Dataset:
    """`title` names it in a sentence; `pixels` a side, as it was published.

    The network gets all of them in MNIST's frame of 28 by 28. `train` and `test` count images.
    """

    name: str
    title: str
    pixels: int
    train: int
    test: int
    classes: tuple[str, ...]
    source: str

    @property
    def label(self) -> str:
        """Its name in a menu."""
        return f"{self.title}, {self.pixels}×{self.pixels}"


DATASETS = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            name="mnist",
            title="MNIST",
            pixels=28,
            train=60_000,
            test=10_000,
            classes=tuple("0123456789"),
            source="Y. LeCun, C. Cortes and C. Burges, http://yann.lecun.com/exdb/mnist/",
        ),
        Dataset(
            name="digits",
            title="scikit-learn's digits",
            pixels=8,
            # The last 360 were written by other people than the first 1,437.
            train=1_437,
            test=360,
            classes=tuple("0123456789"),
            source="E. Alpaydin and C. Kaynak, "
            '"Optical Recognition of Handwritten Digits", UCI, 1998',
        ),
    )
}
