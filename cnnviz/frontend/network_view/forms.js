/**
 * How arithmetic is shown, a form each: patches and kernels, a window, a formula, contributions.
 * @module
 */
import { magnitude } from "../shared/colormap.js";
import { h, setAttribute, setStyle, setText } from "../shared/dom.js";
import { kindOf, shapeAt } from "./kinds.js";
import { exactly } from "../shared/numbers.js";
import { indexOf } from "./units.js";

function table(caption, rows, cols, cell, hidden = false) {
  const body = h("tbody");
  const cells = [];
  for (let i = 0; i < rows; i++) {
    const row = h("tr");
    for (let j = 0; j < cols; j++) {
      const inner = cell(i, j);
      cells.push(inner);
      row.append(h("td", {}, inner));
    }
    body.append(row);
  }
  return {
    element: h("table.grid", {}, h(hidden ? "caption.hidden" : "caption", {}, caption), body),
    cells,
  };
}

/** A grid of buttons is one stop of the Tab key; arrows move inside. */
function rove(cells, cols) {
  cells.forEach((cell, i) => {
    cell.tabIndex = i === 0 ? 0 : -1;
    cell.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -cols, ArrowDown: cols }[event.key];
      const next = step && cells[i + step];
      if (!next) return;
      event.preventDefault();
      event.stopPropagation();
      for (const other of cells) other.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  });
}

function paintCell(element, text, value, scale, palette, ink) {
  setText(element, text);
  setStyle(element, "background", ink ? palette.inkCss(value) : palette.css(value, scale));
  setStyle(element, "color", ink ? palette.onInk(value) : palette.on(value, scale));
}

/** A list of name and number, as a table whose last row is the result. */
function ledger(caption, names) {
  const body = h("tbody");
  const cells = names.map((name, i) => {
    const value = h("td.number");
    body.append(
      h(i === names.length - 1 ? "tr.total" : "tr", {}, h("th", { scope: "row" }, name), value),
    );
    return value;
  });
  return { element: h("table.ledger", {}, h("caption", {}, caption), body), cells };
}

/** name of the map that layer `l` reads. */
function before(network, layer, channel) {
  const name = layer === 0 ? "input" : network.layers[layer - 1].name;
  const maps = shapeAt(network, layer - 1)[0];
  return maps === 1 && layer === 0 ? name : `${name} map ${channel}`;
}

/**
 * One entry a form of arithmetic. Each is given `at`, whose `unit` is the one explained now, and
 * gives its element and what writes the numbers.
 */
export const FORMS = {
  patches(view, layer, at, shown) {
    const { actions } = view;
    const [kh, kw] = view.network.layers[layer].hyper.kernel;
    const blocks = shown.channels.map((channel) => {
      const patch = table(before(view.network, layer, channel.index), kh, kw, (i, j) =>
        h("button.cell", {
          type: "button",
          onclick: () => actions.pinSource(at, channel.index, i, j),
          onpointerenter: () => actions.mark(at, channel.index, i, j),
          onpointerleave: () => actions.mark(null),
        }),
      );
      rove(patch.cells, kw);
      const kernel = table(`kernel`, kh, kw, (i, j) =>
        h("span.cell", {
          onpointerenter: () => actions.mark(at, channel.index, i, j),
          onpointerleave: () => actions.mark(null),
        }),
      );
      const products = table("products", kh, kw, () => h("span.cell"));
      return { patch, kernel, products };
    });
    const sums = ledger("channel sums", [
      ...shown.channels.map((c) =>
        before(view.network, layer, c.index).replace(/^\S+ (?=map)/, ""),
      ),
      ...(shown.bias === null ? [] : ["bias"]),
      "sum",
    ]);
    const next = h("button.link.next", {
      type: "button",
      onclick: () => actions.pin(layer + 1, at.unit),
    });
    const element = h(
      "div.conv",
      {},
      h(
        "div.blocks",
        {},
        ...blocks.map((b) =>
          h(
            "div.block",
            {},
            b.patch.element,
            h("i.sign", {}, "⊙"),
            b.kernel.element,
            h("i.sign", {}, "="),
            b.products.element,
          ),
        ),
      ),
      h("div.sums", {}, sums.element, next),
    );
    return {
      element,
      update(given, strings, palette) {
        const ink = layer === 0 && view.options.inputInk;
        const inputScale = view.scales.layers[layer] || 1;
        const weightScale = magnitude(view.network.layers[layer].weight);
        const productScale =
          Math.max(...given.channels.map((c) => magnitude(c.products.flat()))) || 1;
        given.channels.forEach((channel, c) => {
          const { patch, kernel, products } = blocks[c];
          for (let i = 0, cell = 0; i < kh; i++) {
            for (let j = 0; j < kw; j++, cell++) {
              const padded = !channel.inside[i][j];
              patch.cells[cell].classList.toggle("padding", padded);
              setAttribute(
                patch.cells[cell],
                "aria-disabled",
                String(channel.source[i][j] === null),
              );
              const s = channel.source[i][j];
              const label = s
                ? `${before(view.network, layer, channel.index)}, row ${s.row}, column ${s.col}: ${strings.channels[c].patch[i][j]}${padded ? " (padding)" : ""}`
                : `padding: ${strings.channels[c].patch[i][j]}`;
              if (patch.cells[cell].title !== label) patch.cells[cell].title = label;
              paintCell(
                patch.cells[cell],
                strings.channels[c].patch[i][j],
                channel.patch[i][j],
                inputScale,
                palette,
                ink,
              );
              paintCell(
                kernel.cells[cell],
                strings.channels[c].kernel[i][j],
                channel.kernel[i][j],
                weightScale,
                palette,
              );
              paintCell(
                products.cells[cell],
                strings.channels[c].products[i][j],
                channel.products[i][j],
                productScale,
                palette,
              );
            }
          }
          setText(sums.cells[c], strings.channels[c].sum);
        });
        if (strings.bias !== null) setText(sums.cells.at(-2), strings.bias);
        setText(sums.cells.at(-1), strings.value);
        setText(next, at.through ? "" : nextWords(view, layer, at.unit));
        next.hidden = !next.textContent;
      },
    };
  },

  window: pooling,
  formula: pointwise,

  place(view, layer, at) {
    const line = h("p.formula");
    const from = h("button.link", { type: "button", onclick: () => view.actions.pinFirst(at) });
    return {
      element: h("div.simple", {}, line, h("p", {}, "It is ", from, ", in its place in the row.")),
      update(given, strings) {
        const { channel, row, col } = given.from;
        const [, height, width] = given.inShape;
        setText(
          line,
          channel === undefined
            ? strings.value
            : `${given.unit.index} = ${channel} × ${height * width} + ${row} × ${width} + ${col}`,
        );
        setText(
          from,
          `${view.network.layers[layer - 1]?.name ?? "input"}${channel === undefined ? ` unit ${given.from.index}` : ` map ${channel}, row ${row}, column ${col}`}`,
        );
      },
    };
  },

  contributions(view, layer, at, shown) {
    const rows = shown.contributions.map((_, i) => {
      const name = h("button.link", {
        type: "button",
        onclick: () => view.actions.pinContribution(at, i),
      });
      const cells = ["number", "number", "number"].map((c) => h(`td.${c}`));
      const bar = h("i.bar");
      return {
        name,
        cells,
        bar,
        row: h(
          "tr",
          {},
          h("th", { scope: "row" }, name),
          cells[0],
          h("td.sign", {}, "×"),
          cells[1],
          h("td.sign", {}, "="),
          cells[2],
          h("td.barcell", {}, bar),
        ),
      };
    });
    const tail = (name, className = "") => {
      const cell = h("td.number");
      return {
        cell,
        row: h(`tr${className}`, {}, h("th", { scope: "row", colspan: 5 }, name), cell, h("td")),
      };
    };
    const rest =
      shown.restSum === null ? null : tail(`the ${shown.restCount} smaller ones together`);
    const bias = shown.bias === null ? null : tail("bias");
    const total = tail("sum", ".total");
    const name = view.network.layers[layer - 1]?.name ?? "input";
    const head = h(
      "thead",
      {},
      h(
        "tr",
        {},
        ...["from", "value", "", "weight", "", "product", ""].map((t) =>
          t ? h("th", { scope: "col" }, t) : h("td"),
        ),
      ),
    );
    return {
      element: h(
        "div.wide",
        {},
        h(
          "table.rows",
          {},
          h("caption", {}, `the largest contributions from ${name}`),
          head,
          h("tbody", {}, ...rows.map((r) => r.row), rest?.row, bias?.row, total.row),
        ),
      ),
      update(given, strings, palette) {
        const most = Math.abs(given.contributions[0]?.product) || 1;
        strings.contributions.forEach((part, i) => {
          setText(rows[i].name, `${name}[${part.index}]`);
          setText(rows[i].cells[0], part.input);
          setText(rows[i].cells[1], part.weight);
          setText(rows[i].cells[2], part.product);
          const product = given.contributions[i].product;
          setStyle(rows[i].bar, "transform", `scaleX(${(Math.abs(product) / most).toFixed(3)})`);
          setStyle(rows[i].bar, "background", palette.sign(product));
        });
        if (rest) setText(rest.cell, strings.restSum);
        if (bias) setText(bias.cell, strings.bias);
        setText(total.cell, strings.value);
      },
    };
  },

  shares(view, layer, at, shown) {
    const rows = shown.exponentials.map((_, i) => {
      const cells = [h("td.number"), h("td.number"), h("td.number")];
      const name = h(
        "button.link",
        { type: "button", onclick: () => view.actions.pin(layer - 1, { index: i }) },
        `digit ${i}`,
      );
      return { cells, row: h("tr", {}, h("th", { scope: "row" }, name), ...cells) };
    });
    const max = h("span");
    const sum = h("td.number");
    return {
      element: h(
        "div.wide",
        {},
        h(
          "table.rows",
          {},
          h(
            "caption",
            {},
            "each exponential over the sum of all; the largest logit, ",
            max,
            ", is subtracted first, as torch does",
          ),
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              ...["", "logit", "exp(logit − largest)", "probability"].map((t) =>
                t ? h("th", { scope: "col" }, t) : h("td"),
              ),
            ),
          ),
          h(
            "tbody",
            {},
            ...rows.map((r) => r.row),
            h("tr.total", {}, h("th", { scope: "row" }, "sum"), h("td"), sum, h("td")),
          ),
        ),
      ),
      update(given, strings) {
        setText(max, strings.max);
        strings.exponentials.forEach((part, i) => {
          rows[i].row.classList.toggle("own", i === given.index);
          setText(rows[i].cells[0], part.logit);
          setText(rows[i].cells[1], exactly(given.exponentials[i].exponential));
          setText(rows[i].cells[2], exactly(given.exponentials[i].exponential / given.sum));
        });
        setText(sum, strings.sum);
      },
    };
  },
};

function pointwise(view, layer, at) {
  const described = view.network.layers[layer];
  const formula = kindOf(described).short(described);
  const line = h("p.formula");
  const from = h("button.link", { type: "button", onclick: () => view.actions.pinFirst(at) });
  return {
    element: h(
      "div.simple",
      {},
      line,
      h(
        "p",
        {},
        "x is ",
        from,
        `, the same place of ${layer > 0 ? view.network.layers[layer - 1].name : "the input"}.`,
      ),
    ),
    update(given, strings) {
      setText(line, `${formula.replace("x)", `${strings.input})`)} = ${strings.value}`);
      setText(from, strings.input);
    },
  };
}

function pooling(view, layer, at, shown) {
  const [kh, kw] = [shown.window.length, shown.window[0].length];
  const grid = table("", kh, kw, (i, j) =>
    h("button.cell", {
      type: "button",
      onclick: () => view.actions.pinSource(at, at.unit.channel, i, j),
    }),
  );
  rove(grid.cells, kw);
  const caption = grid.element.querySelector("caption");
  const result = h("p.formula");
  const note = h("p");
  const mean = shown.kind === "avgpool2d";
  return {
    element: h("div.simple.pooling", {}, grid.element, h("div", {}, result, note)),
    update(given, strings, palette) {
      const ink = layer === 0 && view.options.inputInk;
      setText(caption, `window in ${before(view.network, layer, given.channel)}`);
      const scale = view.scales.layers[layer] || 1;
      given.window.flat().forEach((cell, place) => {
        const element = grid.cells[place];
        element.classList.toggle("padding", cell.padding);
        element.classList.toggle("winner", Boolean(cell.winner));
        element.classList.toggle("taken", Boolean(cell.taken));
        setAttribute(element, "aria-disabled", String(cell.padding));
        const where = cell.padding
          ? "padding"
          : `row ${cell.row}, column ${cell.col}: ${strings.window.flat()[place].value}`;
        if (element.title !== where) element.title = where;
        paintCell(
          element,
          strings.window.flat()[place].value,
          cell.value ?? 0,
          scale,
          palette,
          ink,
        );
      });
      if (mean) {
        setText(
          result,
          `(${strings.window
            .flat()
            .filter((c) => !c.padding)
            .map((c) => c.value)
            .join(" + ")}) / ${given.divisor} = ${strings.value}`,
        );
      } else {
        setText(result, `max = ${strings.value}`);
        setText(
          note,
          given.winners.length > 1
            ? `${given.winners.length} cells tie; torch passes on the first, at row ${given.taken.row}, column ${given.taken.col}.`
            : given.taken
              ? `The winner, ringed, is at row ${given.taken.row}, column ${given.taken.col}.`
              : "",
        );
      }
    },
  };
}

/** "relu2: 0.000", what becomes of a value, where that is one number. */
function nextWords(view, layer, unit) {
  const next = view.network.layers[layer + 1];
  if (!next || kindOf(next).form !== "formula") return "";
  return `${next.name}: ${exactly(view.values[layer + 2][indexOf(next.shape, unit)])}`;
}
