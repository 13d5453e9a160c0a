"""Readings of labelled images, counted by hand."""

import numpy as np
import pytest
import torch
from torch import nn

from cnnviz.training.testing import Readings, accuracy, accuracy_within, readings

SOME = Readings(
    classes=10,
    labels=np.array([7, 7, 7, 1, 1, 0]),
    read=np.array([7, 1, 1, 1, 7, 0]),
    confidence=np.array([0.9, 0.4, 0.8, 0.99, 0.6, 0.5], np.float32),
)


def test_counts_have_a_row_a_true_digit_and_a_column_a_reading():
    counts = SOME.counts()
    assert counts.sum() == 6
    assert (counts[7, 7], counts[7, 1], counts[1, 7], counts[1, 1], counts[0, 0]) == (1, 2, 1, 1, 1)
    assert SOME.accuracy == 0.5


def test_mistakes_come_most_confident_first_and_can_be_those_of_a_cell():
    assert SOME.mistakes().tolist() == [2, 4, 1]
    assert SOME.mistakes(truth=7).tolist() == [2, 1]
    assert SOME.mistakes(read=7).tolist() == [4]
    assert SOME.mistakes(7, 1).tolist() == [2, 1]
    assert SOME.mistakes(0, 7).tolist() == []


def test_a_cell_of_the_diagonal_shows_what_was_read_right_least_confident_first():
    assert SOME.read_rightly(7).tolist() == [0]


def test_a_network_reads_what_its_largest_logit_says():
    class Brightness(nn.Module):
        def forward(self, images):
            logits = torch.zeros(len(images), 10)
            logits[torch.arange(len(images)), images.flatten(1).amax(1).long()] = 3.0
            return logits

    images = torch.tensor([4.0, 9.0]).view(2, 1, 1, 1).expand(2, 1, 28, 28)
    found = readings(Brightness(), images, torch.tensor([4, 8]))
    assert found.read.tolist() == [4, 9]
    assert found.mistakes().tolist() == [1]
    expected = float(torch.tensor([3.0] + [0.0] * 9).softmax(0)[0])
    np.testing.assert_allclose(found.confidence, expected, rtol=1e-6)


@pytest.mark.parametrize("training", [True, False])
def test_testing_is_done_in_eval_mode_and_leaves_the_mode_as_it_was(training):
    class Mode(nn.Module):
        def forward(self, images):
            modes.append(self.training)
            return torch.zeros(len(images), 10)

    modes: list[bool] = []
    model = nn.Sequential(Mode()).train(training)
    images, labels = torch.zeros(3, 1, 28, 28), torch.zeros(3, dtype=torch.int64)
    assert accuracy(model, images, labels) == 1
    readings(model, images, labels)
    assert modes == [False, False]
    assert model.training is model[0].training is training


def test_the_first_images_are_tested_whatever_the_time_and_all_where_there_is_enough():
    class Tells(nn.Module):
        def forward(self, images):
            return images.flatten(1)

    images = torch.eye(10).repeat(5, 1)
    labels = torch.arange(10).repeat(5)
    labels[:5] = 9
    assert accuracy_within(0, Tells(), images, labels) == (15 / 20, 20)
    assert accuracy_within(3600, Tells(), images, labels) == (45 / 50, 50)
