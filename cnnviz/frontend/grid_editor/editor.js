// The editable grid: paint by dragging, type, paste a block, resize, undo.

import { Cells } from "./cells.js";
import { History } from "./history.js";
import { gridText, parseBlock, parseGrid, parseNumber, shortest } from "./parse.js";

/** Milliseconds between two grids sent while the pointer paints. */
const PACE = 200;

export class Editor {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    root.className = "root editor";
    root.dataset.cnnviz = "grid-editor";
    /** @type {any} */ this.data = null;
    /** @type {(name: string, value: unknown) => void} */ this.send = () => {};
    /** @type {number[][]} */ this.values = [[0]];
    /** @type {History | null} */ this.history = null;
    this.sequence = 0;
    this.painting = false;
    /** @type {boolean | null} */ this.paintMode = null;
    this.stroke = 0;
    this.timer = 0;
    /** @type {HTMLInputElement | null} */ this.input = null;

    this.bar = element("div", "bar");
    this.brush = document.createElement("input");
    this.brush.className = "brush";
    this.brush.inputMode = "text";
    this.brush.setAttribute("aria-label", "Number to paint with");
    this.brush.addEventListener("change", () => this.#readBrush());
    this.brushValue = 1;
    this.paintButton = this.#button("paint", "Paint by dragging", () => this.#setPaint(true));
    this.typeButton = this.#button("type", "Click a cell and type", () => this.#setPaint(false));
    this.undoButton = this.#button("↶", "Undo", () => this.#restore(this.history?.undo() ?? null));
    this.redoButton = this.#button("↷", "Redo", () => this.#restore(this.history?.redo() ?? null));
    this.bar.append(
      this.paintButton,
      this.brush,
      this.typeButton,
      element("span", "space"),
      this.undoButton,
      this.redoButton,
    );
    root.append(this.bar);
    this.cells = new Cells(root, (row, column) => this.#name(row, column));
    this.sizes = element("div", "bar sizes");
    this.rowCount = this.#stepper("rows", (change) => this.#resize(change, 0));
    this.columnCount = this.#stepper("columns", (change) => this.#resize(0, change));
    root.append(this.sizes);
    this.message = element("div", "message");
    this.message.setAttribute("role", "alert");
    root.append(this.message);

    const grid = this.cells.element;
    grid.addEventListener("pointerdown", (event) => this.#press(event));
    grid.addEventListener("pointermove", (event) => this.#drag(event));
    for (const end of ["pointerup", "pointercancel"]) {
      grid.addEventListener(end, () => this.#release());
    }
    grid.addEventListener("keydown", (event) => this.#key(event));
    grid.addEventListener("paste", (event) => this.#paste(event));
    grid.addEventListener("copy", (event) => this.#copy(event));
  }

  show(data) {
    this.data = data;
    this.cells.element.setAttribute("aria-label", data.label);
    this.cells.element.style.setProperty("--cell", `${data.cell}px`);
    if (this.paintMode === null) {
      this.paintMode = data.paint;
      this.brushValue = data.brush;
      this.brush.value = String(data.brush);
    }
    this.sizes.hidden = data.mostRows === data.leastRows && data.mostColumns === data.leastColumns;
    // An answer to an older edit must not undo what was done since.
    if (data.sequence >= this.sequence && !this.painting) {
      this.values = parseGrid(data.values);
      const text = gridText(this.values);
      if (this.history) this.history.push(text);
      else this.history = new History(text);
    }
    this.#draw();
  }

  #draw() {
    if (!this.input) this.cells.show(this.values, { scale: this.data.scale });
    const rows = this.values.length;
    const columns = this.values[0].length;
    this.rowCount.show(rows, this.data.leastRows, this.data.mostRows);
    this.columnCount.show(columns, this.data.leastColumns, this.data.mostColumns);
    this.undoButton.disabled = !this.history?.past.length;
    this.redoButton.disabled = !this.history?.future.length;
    this.root.classList.toggle("painting", Boolean(this.paintMode));
    this.paintButton.setAttribute("aria-pressed", String(Boolean(this.paintMode)));
    this.typeButton.setAttribute("aria-pressed", String(!this.paintMode));
  }

  #name(row, column) {
    const value = String(this.values[row]?.[column]).replace("-", "−");
    return `row ${row + 1}, column ${column + 1}: ${value}`;
  }

  /** Takes over `values`, as one step to undo, and tells Python. */
  #change(values) {
    // As Python will send them back, or the answer would count as a change of its own.
    this.values = values.map((row) => row.map(shortest));
    this.history?.push(gridText(values));
    this.message.textContent = "";
    this.#draw();
    this.#emit(0);
  }

  #emit(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.sequence = Math.max(this.sequence + 1, Date.now());
      this.send("grid", { text: gridText(this.values), sequence: this.sequence });
    }, wait);
  }

  #restore(text) {
    if (text === null) return;
    this.values = parseGrid(text);
    this.message.textContent = "";
    this.#draw();
    this.#emit(0);
  }

  #setPaint(on) {
    this.paintMode = on;
    this.#draw();
  }

  #readBrush() {
    try {
      this.brushValue = parseNumber(this.brush.value);
      this.message.textContent = "";
    } catch (error) {
      this.message.textContent = `Number to paint with: ${error.message}.`;
      this.brush.value = String(this.brushValue);
    }
    this.#setPaint(true);
  }

  #with(row, column, value) {
    return this.values.map((line, r) =>
      r === row ? line.map((old, c) => (c === column ? value : old)) : line,
    );
  }

  #resize(rows, columns) {
    const height = this.values.length + rows;
    const width = this.values[0].length + columns;
    this.#change(grown(this.values, height, width));
  }

  // The pointer

  #press(event) {
    const cell = this.cells.at(event);
    if (!cell || event.button !== 0 || this.input?.contains(event.target)) return;
    event.preventDefault();
    this.cells.focus(...cell);
    if (!this.paintMode) {
      this.#edit(null);
      return;
    }
    this.painting = true;
    // Touch captures the pointer by itself; the mouse doesn't.
    this.cells.element.setPointerCapture(event.pointerId);
    const [row, column] = cell;
    // A press on what is painted already rubs it out.
    this.stroke = this.values[row][column] === this.brushValue ? 0 : this.brushValue;
    this.#paintCell(row, column);
  }

  #drag(event) {
    if (!this.painting) return;
    const cell = this.cells.at(event);
    if (cell) this.#paintCell(...cell);
  }

  #paintCell(row, column) {
    if (this.values[row][column] === this.stroke) return;
    this.values = this.#with(row, column, this.stroke);
    this.cells.show(this.values, { scale: this.data.scale });
    const waited = performance.now() - (this.lastSent ?? 0);
    if (waited > PACE) {
      this.lastSent = performance.now();
      this.#emit(0);
    }
  }

  #release() {
    if (!this.painting) return;
    this.painting = false;
    this.#change(this.values);
  }

  // The keyboard

  #key(event) {
    if (this.input) return;
    const control = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    const target = this.cells.target(event);
    if (target) {
      event.preventDefault();
      this.cells.focus(...target);
    } else if (control && letter === "z") {
      event.preventDefault();
      this.#restore((event.shiftKey ? this.history?.redo() : this.history?.undo()) ?? null);
    } else if (control && letter === "y") {
      event.preventDefault();
      this.#restore(this.history?.redo() ?? null);
    } else if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      this.#edit(null);
    } else if (event.key === " ") {
      event.preventDefault();
      const { row, column } = this.cells;
      const painted = this.values[row][column] === this.brushValue;
      this.#change(this.#with(row, column, painted ? 0 : this.brushValue));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.#change(this.#with(this.cells.row, this.cells.column, 0));
    } else if (event.key.length === 1 && !control && !event.altKey) {
      event.preventDefault();
      this.#edit(event.key);
    }
  }

  /** @param {string | null} typed what the entry begins with, or null for the present value */
  #edit(typed) {
    const { row, column } = this.cells;
    const cell = this.cells.cells[row][column];
    const input = document.createElement("input");
    input.className = "entry";
    input.setAttribute("aria-label", `row ${row + 1}, column ${column + 1}`);
    input.inputMode = "text";
    input.value = typed ?? String(this.values[row][column]);
    let untouched = typed === null;
    input.addEventListener("input", () => {
      untouched = false;
    });
    let done = false;
    const finish = (keep, move, refocus) => {
      if (done) return;
      done = true;
      this.input = null;
      input.remove();
      if (keep && !(untouched && typed === null)) this.#enter(row, column, input.value);
      else this.#draw();
      if (refocus) this.cells.focus(row + move[0], column + move[1]);
    };
    input.addEventListener("blur", () => finish(true, [0, 0], false));
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      const vertical = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
      const horizontal = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (event.key === "Escape") finish(false, [0, 0], true);
      else if (vertical) finish(true, [vertical, 0], true);
      else if (horizontal && untouched) finish(true, [0, horizontal], true);
      else return;
      event.preventDefault();
    });
    input.addEventListener("paste", (event) => {
      if (!/[\t\n]/.test(event.clipboardData?.getData("text/plain").trim() ?? "")) {
        event.stopPropagation();
        return;
      }
      // A block goes into the grid, not into this one cell.
      finish(false, [0, 0], true);
      this.#paste(event);
      event.stopPropagation();
    });
    cell.append(input);
    this.input = input;
    input.focus();
    if (typed === null) input.select();
  }

  #enter(row, column, text) {
    try {
      if (text.trim() === "") throw new Error("it is empty; write for example 2, -0.5 or 1/3");
      this.#change(this.#with(row, column, parseNumber(text)));
    } catch (error) {
      this.#draw();
      this.message.textContent =
        `Row ${row + 1}, column ${column + 1}: ${error.message}. ` +
        `It is still ${String(this.values[row][column]).replace("-", "−")}.`;
    }
  }

  #paste(event) {
    if (this.input) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    event.preventDefault();
    if (!text.trim()) return;
    const { row, column } = this.cells;
    try {
      const block = parseBlock(text, row, column, this.data.mostRows, this.data.mostColumns);
      const height = Math.max(this.values.length, row + block.length);
      const width = Math.max(this.values[0].length, ...block.map((line) => column + line.length));
      const values = grown(this.values, height, width);
      block.forEach((line, r) =>
        line.forEach((value, c) => {
          values[row + r][column + c] = value;
        }),
      );
      this.#change(values);
    } catch (error) {
      this.message.textContent = `${error.message[0].toUpperCase()}${error.message.slice(1)}.`;
    }
  }

  #copy(event) {
    if (this.input) return;
    event.clipboardData?.setData("text/plain", this.values.map((row) => row.join("\t")).join("\n"));
    event.preventDefault();
  }

  // Small parts

  #button(text, label, act) {
    const button = /** @type {HTMLButtonElement} */ (element("button", "chip"));
    button.type = "button";
    button.textContent = text;
    button.title = label;
    if (!/[a-z]/.test(text)) button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    return button;
  }

  #stepper(name, act) {
    const box = element("span", "stepper");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", name);
    const singular = name.slice(0, -1);
    const fewer = this.#button("−", `One ${singular} fewer`, () => act(-1));
    const more = this.#button("+", `One ${singular} more`, () => act(1));
    const count = element("span", "count");
    box.append(fewer, count, more);
    this.sizes.append(box);
    return {
      show(value, least, most) {
        count.textContent = `${value} ${value === 1 ? singular : name}`;
        fewer.disabled = value <= least;
        more.disabled = value >= most;
      },
    };
  }

  destroy() {
    clearTimeout(this.timer);
    this.cells.destroy();
  }
}

function element(tag, name) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}

/** `values` cut or filled with zeros to `height` by `width`. */
function grown(values, height, width) {
  return Array.from({ length: height }, (_, r) =>
    Array.from({ length: width }, (_, c) => values[r]?.[c] ?? 0),
  );
}
