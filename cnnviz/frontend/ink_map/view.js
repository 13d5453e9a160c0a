/** One map of ink: painted, pointed at, walked through by keys, and a click pins. @module */

import { writeAddress } from "../shared/address.js";
import { colormap } from "../shared/colormap.js";
import { float32 } from "../shared/decoding.js";
import { cleared, h, setAttribute, setText, themeAt, themeProbe } from "../shared/dom.js";
import { onPresentation, presents, zoomOf } from "../shared/presentation.js";
import { onPointed, pinIn, pointAt } from "../shared/wishes.js";
import { cellOf, inside, outline, PIXELS, pixelAt, walked } from "./geometry.js";
import { paint } from "./paint.js";
import { sentence } from "./words.js";

/**
 * What cnnviz/components/ink_map.py sends. `view` is the key of the network view in which a click
 * pins, `channel` has for each pixel in which channel of the input; `group` joins the maps that
 * point at the same pixel.
 * @typedef {import("./geometry.js").Place} Place
 * @typedef {{
 *   view: string | null, channel: string | null, group: string, label: string, inkWord: string,
 *   size: [number, number], ink: string, shape: [number, number], values: string,
 *   cells: import("./geometry.js").Cells | null, scale: number, kind: "signed" | "ink",
 *   outlined: boolean, hint: string,
 * }} Data
 */

export class InkMap {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.canvas = h("canvas", { tabindex: 0, role: "slider", "aria-valuemin": 0 });
    this.said = h("p.said");
    const probe = themeProbe(() => this.#paint());
    root.replaceChildren(probe, this.canvas, this.said);
    /** @type {Place | null} */ this.at = null;
    /** @type {Place | null} */ this.pinned = null;
    /** @type {Data | null} */ this.data = null;
    /** @type {ArrayLike<number> | null} */ this.channels = null;
    /** @type {import("./paint.js").Shown | null} */ this.shown = null;
    this.ended = new AbortController();
    this.observer = new ResizeObserver(() => this.#paint());
    /** @type {(() => void)[]} */ this.ends = [];
    this.#listen();
  }

  /** @param {Data} data */
  receive(data) {
    const [rows, columns] = data.size;
    this.data = data;
    this.channels = data.channel === null ? null : float32(data.channel);
    const picture = { rows, columns };
    const ink = float32(data.ink);
    this.shown = {
      picture,
      ink,
      grid: { rows: data.shape[0], columns: data.shape[1] },
      cells: data.cells ?? PIXELS,
      values: float32(data.values),
      scale: data.scale,
      kind: data.kind,
      edges: data.outlined ? outline(ink, picture) : [],
    };
    this.at &&= inside(picture, this.at.row, this.at.column);
    setAttribute(this.canvas, "aria-label", data.label);
    setAttribute(this.canvas, "aria-valuemax", String(rows * columns - 1));
    this.canvas.style.aspectRatio = `${columns} / ${rows}`;
    this.#paint();
    this.#say();
  }

  close() {
    this.ended.abort();
    this.observer.disconnect();
    for (const end of this.ends) end();
  }

  #listen() {
    const { signal } = this.ended;
    const { canvas } = this;
    canvas.addEventListener("pointermove", (event) => this.#point(this.#under(event)), { signal });
    canvas.addEventListener("pointerleave", () => this.#point(this.pinned), { signal });
    canvas.addEventListener("click", (event) => this.#pin(this.#under(event)), { signal });
    canvas.addEventListener("keydown", (event) => this.#key(event), { signal });
    const apply = () => {
      this.root.classList.toggle("large", presents());
      this.#paint();
    };
    this.observer.observe(canvas);
    window.addEventListener("resize", apply, { signal });
    this.ends = [
      onPresentation(apply),
      onPointed((pointed) => {
        if (pointed.group === this.data?.group) this.#show(pointed);
      }),
    ];
    apply();
  }

  /** @param {MouseEvent} event */
  #under({ clientX, clientY }) {
    if (!this.shown) return null;
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return pixelAt(this.shown.picture, (clientX - left) / width, (clientY - top) / height);
  }

  /** Here and in the maps beside it. @param {Place | null} place */
  #point(place) {
    if (!this.data) return;
    pointAt({ group: this.data.group, row: place?.row ?? -1, column: place?.column ?? -1 });
  }

  /** @param {Place} place of row -1 where nothing is pointed at */
  #show({ row, column }) {
    const at = this.shown && inside(this.shown.picture, row, column);
    if (at?.row === this.at?.row && at?.column === this.at?.column) return;
    this.at = at;
    this.#paint();
    this.#say();
  }

  /** @param {Place | null} place */
  #pin(place) {
    if (!place || !this.data) return;
    this.pinned = place;
    this.#point(place);
    const { view } = this.data;
    if (view === null) return;
    const channel = this.#channel(place) ?? 0;
    const unit = `input.${channel}.${place.row}.${place.column}`;
    // Where it isn't there yet it will read the address as it comes.
    if (!pinIn(view, unit)) writeAddress({ pin: unit });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.shown || event.altKey || event.ctrlKey || event.metaKey) return;
    const { rows, columns } = this.shown.picture;
    const here = this.at ?? { row: Math.floor(rows / 2), column: Math.floor(columns / 2) };
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#pin(here);
      return;
    }
    const to = walked(event.key, here, this.shown.picture);
    if (!to) return;
    event.preventDefault();
    this.#point(to);
  }

  #say() {
    const { data, shown, at } = this;
    if (!data || !shown) return;
    setText(this.said, at ? this.#words(at) : data.hint);
    const index = at ? at.row * shown.picture.columns + at.column : 0;
    setAttribute(this.canvas, "aria-valuenow", String(index));
    setAttribute(this.canvas, "aria-valuetext", at ? this.#words(at) : data.hint);
  }

  /** Of the input, where it has several. @param {Place} at @returns {number | null} */
  #channel({ row, column }) {
    if (!this.channels || !this.shown) return null;
    return this.channels[row * this.shown.picture.columns + column];
  }

  /** @param {Place} at */
  #words(at) {
    const { data, shown } = this;
    if (!data || !shown) return "";
    const cell = cellOf(shown.cells, shown.grid, at);
    return sentence(at, {
      ink: shown.ink[at.row * shown.picture.columns + at.column],
      inkWord: data.inkWord,
      value: cell ? shown.values[cell.row * shown.grid.columns + cell.column] : null,
      values: shown.values,
      cell: data.cells ? cell : null,
      channel: this.#channel(at),
      signed: data.kind === "signed",
    });
  }

  #paint() {
    const { canvas, shown } = this;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!shown || !width) return;
    const ratio = Math.min((window.devicePixelRatio || 1) * zoomOf(this.root), 3);
    const context = cleared(canvas, width, height, ratio);
    const theme = themeAt(this.root);
    paint(context, width, shown, { colours: colormap(theme), ...theme }, this.at);
  }
}
