"""A picture has channels and a layer maps: one word each, wherever one of them is named."""

from tests.javascript import Node

NAMED = """
const { namesOf } = await load("network_view/explained.js");
const { mapBefore } = await load("network_view/forms/tables.js");
const { parsePin } = await load("network_view/pins.js");
const { targetWords } = await load("network_view/what_if_words.js");
const layers = ["conv1", "conv2"].map((name) => ({ name, shape: [2, 9, 9], inShape: [3, 9, 9] }));
const network = { image: { shape: [3, 9, 9] }, layers };
const unit = { channel: 1, row: 4, col: 6 };
return {
  titles: [-1, 0].map((layer) => namesOf(network, layer, unit).title),
  read: [0, 1].map((layer) => mapBefore(network, layer, 1)),
  wrong: ["input 9 0 0", "conv1 9 0 0"].map((text) => parsePin(network, text).problem),
  kernels: ["conv1.weight.1.2", "conv2.weight.1.0.2.1"].map((target) =>
    targetWords(network, target)),
};
"""


def test_a_pictures_are_channels_and_a_layers_are_maps(node: Node) -> None:
    assert node.run(NAMED) == {
        "titles": ["input · channel 1", "conv1 · map 1"],
        "read": ["input channel 1", "conv1 map 1"],
        "wrong": [
            "input has channel 0 to 2, row 0 to 8, column 0 to 8; got 9 0 0",
            "conv1 has map 0 to 1, row 0 to 8, column 0 to 8; got 9 0 0",
        ],
        "kernels": [
            "conv1 kernel of map 1 for channel 2",
            "conv2 weight of map 1 for map 0, row 2, column 1",
        ],
    }
