"""scikit-learn's digits, which come with cnnviz."""

from pathlib import Path

from cnnviz.datasets.stored import Pictures, Split, Stored

_TINY = Path(__file__).with_name("digits_8x8.npz")


class SmallDigits(Stored):
    """1,797 digits of 8 by 8 pixels, enlarged to where MNIST's have their ink: the first `train`
    to train on, the others to test."""

    imports = ("from sklearn.datasets import load_digits",)

    def __init__(self, title: str, train: int) -> None:
        super().__init__(title, "", ())
        self.train = train

    def read(self, split: Split, where: Path) -> Pictures:
        import numpy as np
        import torch
        import torch.nn.functional as F

        with np.load(_TINY, allow_pickle=False) as arrays:
            small = torch.from_numpy(arrays["images"]).float().div(16).unsqueeze(1)  # (N, 1, 8, 8)
            labels = arrays["labels"].astype(np.int64)
        # MNIST's digits fill a 20 by 20 box in the middle of 28 by 28.
        images = F.pad(F.interpolate(small, (20, 20), mode="bilinear"), (4, 4, 4, 4)).numpy()
        part = slice(None, self.train) if split == "train" else slice(self.train, None)
        return Pictures(images[part], labels[part])

    def lines(self) -> str:
        return f"""\
digits = load_digits()
images = torch.from_numpy(digits.images).float().div(16).unsqueeze(1)
images = F.pad(F.interpolate(images, (20, 20), mode="bilinear"), (4, 4, 4, 4))
labels = torch.from_numpy(digits.target).long()
images, test_images = images[:{self.train}], images[{self.train}:]
labels, test_labels = labels[:{self.train}], labels[{self.train}:]"""
