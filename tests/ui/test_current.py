"""What one session remembers of its network and its drawing, and what other pages make of it."""

import json

import pytest

from cnnviz.datasets.catalogue import DATASETS
from cnnviz.drawing import sources
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.models import untrained
from cnnviz.ui import drawing, model


def trained_on(dataset: str) -> Checkpoint:
    row = DATASETS[dataset]
    said = {"frame": row.frame.to_dict(), "classes": row.classes, "recipe": {"dataset": dataset}}
    return Checkpoint(untrained(), {key: json.dumps(value) for key, value in said.items()}, dataset)


@pytest.mark.parametrize("dataset", ["fashion", "kmnist"])
def test_a_network_for_other_pictures_of_ten_classes_reads_no_digits(dataset):
    reads = model.reads_of(trained_on(dataset))
    assert reads.dataset is DATASETS[dataset]
    assert not reads.digits


def test_a_network_trained_on_mnist_reads_digits():
    assert model.reads_of(trained_on("mnist")).digits


@pytest.mark.parametrize("dataset", [["mnist"], 7, None])
def test_a_recipe_whose_data_set_is_no_name_names_none(dataset):
    said = {"classes": json.dumps(list("abcdefghij")), "recipe": json.dumps({"dataset": dataset})}
    assert model.reads_of(Checkpoint(untrained(), said, "odd")).dataset is None


def test_a_drawing_is_truly_none_of_classes_that_it_is_not_among(monkeypatch):
    monkeypatch.setattr(drawing, "_drawn", lambda: drawing.Drawn(sources.sample(7)))
    assert drawing.current_truth(DATASETS["mnist"].classes) == "7"
    assert drawing.current_truth(DATASETS["fashion"].classes) is None


def test_a_session_keeps_so_many_networks_that_it_opened_and_the_newest_is_in_use(monkeypatch):
    monkeypatch.setattr(model.st, "session_state", {})
    for place in [*range(model.MOST_OPENED + 3), 5]:
        model.use_model(Checkpoint(untrained(), {}, f"network {place}"))
    kept = model.st.session_state["models_opened"]
    assert [*kept] == [f"network {place}" for place in (3, 4, 6, 7, 8, 9, 10, 5)]
    assert model.current_model().name == "network 5"
