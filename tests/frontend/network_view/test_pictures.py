"""Maps that are pictures are painted as light, and a layer's maps fill the stage."""

import pytest

from cnnviz.palette import rgb

WIDTH = 1064


def sides(node, maps: int, size: int) -> list[tuple[int, float, float]]:
    """(stacks, tile's width, column's width) of the input and the output of a pooling."""
    return node.run(
        """
        const { layOut } = await load("network_view/layout.js");
        const [maps, size, width] = sent;
        const half = Math.floor(size / 2);
        const network = {
          image: { shape: [maps, size, size] },
          layers: [{
            name: "pool", kind: "maxpool2d", shape: [maps, half, half],
            inShape: [maps, size, size], weight: null, weightShape: null,
            hyper: {
              kernel: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1], ceil_mode: false,
            },
          }],
        };
        const { columns } = layOut(network, width, () => "");
        return columns.map((c) => [c.stacks, c.tile.w, c.width]);
        """,
        [maps, size, WIDTH],
    )


@pytest.mark.parametrize("maps", [1, 2, 3, 4, 8, 16])
def test_pooled_maps_fill_the_stage(node, maps):
    (stacks, side, width), (_, pooled, _) = sides(node, maps, 26)
    assert side == pytest.approx(pooled, abs=1)
    below = -(-maps // stacks)
    # Either the maps reach from top to bottom, or both columns from side to side.
    assert below * side + 8 * (below - 1) > 0.75 * 440 or 2 * width > 0.75 * WIDTH
    # Never smaller than one below the other.
    assert side >= (440 - 8 * (maps - 1)) / maps - 1


def test_four_maps_stand_two_by_two(node):
    assert [stacks for stacks, _, _ in sides(node, 4, 26)] == [2, 2]


def test_light_is_black_at_zero_and_the_full_colour_at_one_in_any_theme(node):
    table = node.run(
        "const { lightTable } = await load('shared/colormap.js');return [...lightTable('#ff0000')]"
    )
    assert len(table) == 511
    assert [value & 0xFFFFFF for value in table[:256]] == [0] * 256  # nothing is below black
    assert table[-1] & 0xFFFFFF == rgb("#ff0000")[0]  # ABGR: red is the lowest byte
    levels = [value & 0xFF for value in table[255:]]
    assert levels == sorted(levels)


@pytest.mark.parametrize(
    ("tile", "through", "colour"),
    [
        ({"layer": -1, "channel": 1}, -1, "green"),
        ({"layer": 0, "channel": 1}, -1, None),
        ({"layer": 0, "channel": 1}, 0, "green"),
        ({"layer": 0, "channel": 1, "vector": True}, 0, None),
    ],
)
def test_only_the_pictures_layers_are_light(node, tile, through, colour):
    said = node.run(
        "const { lightOf } = await load('network_view/paint.js');"
        "return lightOf(sent[0], {light: {colours: ['red', 'green'], through: sent[1]}})",
        [tile, through],
    )
    assert said == colour


BARS = """
const { drawBars } = await load("network_view/vectors.js");
const painted = [];
const context = {
  beginPath() {}, fill() {}, fillRect() {},
  roundRect: (...box) => painted.push({ bar: box.slice(0, 4) }),
  fillText: (text, x, y) => painted.push({ text, x, y }),
};
const theme = { palette: { css: () => "" } };
const rect = { x: 10, y: 0, w: sent.width, h: 30 };
const items = [0, 1].map((index) => ({ index, rect }));
const plan = { rows: sent.rows, text: 1 };
drawBars(context, { items }, Float32Array.of(-2, 4), plan, theme, sent.classes);
return painted;
"""


def bars(node, width: float, *, rows: bool = False, classes: list[str] | None = None):
    painted = node.run(BARS, {"width": width, "rows": rows, "classes": classes})
    return [each["bar"] for each in painted if "bar" in each], [
        (each["text"], each["x"]) for each in painted if "text" in each
    ]


def test_wide_bars_carry_their_number_on_the_side_where_they_are_not(node):
    boxes, texts = bars(node, 100)
    # From the middle to the left for what is negative; the largest fills its half.
    assert [box[0] for box in boxes] == [35, 60]
    assert [box[2] for box in boxes] == [25, 50]
    assert texts == [("\u22122", 63), ("4", 57)]
    assert bars(node, 60)[1] == []


def test_in_rows_a_logits_bar_carries_its_class_by_name(node):
    assert [text for text, _ in bars(node, 300, rows=True)[1]] == ["0", "\u22122", "1", "4"]
    named = bars(node, 300, rows=True, classes=["airplane", "cat"])
    assert [text for text, _ in named[1]] == ["airplane", "\u22122", "cat", "4"]
    # As much room as the longest name wants, and the bars begin after it.
    assert named[0][0][0] > bars(node, 300, rows=True)[0][0][0]
