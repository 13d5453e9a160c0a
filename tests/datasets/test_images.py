"""Every data set of the catalogue is what its row says."""

import pytest
import torch

from cnnviz.datasets import images
from cnnviz.datasets.catalogue import DATASETS


@pytest.mark.parametrize("name", DATASETS)
def test_a_data_set_has_the_sizes_shapes_and_classes_of_its_row(name):
    row = DATASETS[name]
    if not row.stored.available():
        pytest.skip(f"{row.title} is not on this machine")
    data = images.load(name)
    assert row.name == name
    for pictures, labels, count in (
        (data.train_images, data.train_labels, row.train),
        (data.test_images, data.test_labels, row.test),
    ):
        assert pictures.shape == (count, *row.shape)
        assert pictures.dtype == torch.float32
        assert 0 <= float(pictures.min()) < float(pictures.max()) <= 1
        assert labels.shape == (count,)
        assert labels.unique().tolist() == list(range(len(row.classes)))


def test_a_data_set_that_is_not_in_the_catalogue_is_refused_with_those_that_are():
    with pytest.raises(
        ValueError,
        match=r"dataset must be one of mnist, digits, .*cifar10 or of your own, got 'cifar'",
    ):
        images.load("cifar")


def test_the_shared_arrays_of_mnist_cannot_be_written_into(mnist):
    digits = mnist.load("test")
    with pytest.raises(ValueError, match="read-only"):
        digits.images[0, 0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        digits.labels[0] = 1
