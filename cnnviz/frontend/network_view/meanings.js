/**
 * What the columns' headings mean, in a sentence, and where that can be played with: while one
 * points at a heading, and for the layer that has the keyboard's focus with the key "?". It lies
 * over the maps and takes no room from them.
 * @module
 */
import { h } from "../shared/dom.js";

const OPENS_MS = 120; // a pointer that only passes opens nothing
const CLOSES_MS = 300; // time to go from the word to what it means

/**
 * @param {import("./view_types.js").View} view
 * @param {HTMLElement} stage
 * @returns {() => void} takes all of it away
 */
export function createMeanings(view, stage) {
  const card = h("div.meaning", { role: "note", hidden: true });
  let timer = 0;
  /** @type {HTMLElement|null} the column that had the focus */
  let from = null;

  const later = (/** @type {() => void} */ act, /** @type {number} */ after) => {
    clearTimeout(timer);
    timer = window.setTimeout(act, after);
  };

  /** The names of what a column shows: a linear layer's sums are explained with its weights. */
  function namesOf(/** @type {HTMLElement} */ column) {
    const columns = view.scene?.columns.map((each) => each.column) ?? [];
    const of = columns.filter(
      ({ layer, type }) =>
        String(layer) === column.dataset.layer &&
        (type === "weights" || type === column.dataset.type),
    );
    return of.map(({ meaning }) => meaning ?? "");
  }

  /** @param {HTMLElement} column @param {string[]} names */
  function open(column, names) {
    const known = names.flatMap((name) => {
      const entry = view.options.glossary?.[name];
      return entry ? [entry] : [];
    });
    if (!known.length) return;
    card.replaceChildren(
      ...known.map(({ sentence, page, place }) =>
        h("p", {}, `${sentence} `, place && h("a", { href: page || "." }, place)),
      ),
    );
    card.hidden = false;
    stage.append(card);
    const header = column.querySelector("header");
    const most = stage.clientWidth - card.offsetWidth;
    card.style.left = `${Math.max(0, Math.min(column.offsetLeft, most))}px`;
    card.style.top = `${column.offsetTop + (header?.offsetHeight ?? 0)}px`;
  }

  function close() {
    clearTimeout(timer);
    card.hidden = true;
    from?.focus();
    from = null;
  }

  /** @param {Event} event */
  const elementOf = (event) => /** @type {Element} */ (event.composedPath()[0]);
  const wordAt = (/** @type {Event} */ event) =>
    /** @type {HTMLElement|null} */ (elementOf(event).closest("[data-meaning]"));
  const columnOf = (/** @type {Element} */ at) =>
    /** @type {HTMLElement} */ (at.closest(".column"));

  /** @param {PointerEvent} event */
  function onOver(event) {
    if (event.pointerType === "touch") return;
    const word = wordAt(event);
    if (word) later(() => open(columnOf(word), [word.dataset.meaning ?? ""]), OPENS_MS);
    else if (card.contains(elementOf(event))) clearTimeout(timer);
    else if (!from) later(close, CLOSES_MS);
  }

  /** A finger can't point: its first tap on the word explains it. @param {MouseEvent} event */
  function onClick(event) {
    const word = wordAt(event);
    if (!word || !(event instanceof PointerEvent) || event.pointerType !== "touch") {
      if (!card.contains(elementOf(event))) later(close, 0);
      return;
    }
    if (!card.hidden) return;
    event.stopPropagation();
    open(columnOf(word), [word.dataset.meaning ?? ""]);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key === "Escape" && !card.hidden) {
      event.stopPropagation();
      close();
    } else if (event.key === "?" && elementOf(event).matches(".column")) {
      const column = /** @type {HTMLElement} */ (elementOf(event));
      open(column, namesOf(column));
      if (card.hidden) return;
      from = column;
      card.querySelector("a")?.focus();
    }
  }

  /** @param {FocusEvent} event */
  function onBlur(event) {
    if (!from || card.contains(/** @type {Node|null} */ (event.relatedTarget))) return;
    from = null;
    close();
  }

  const ended = new AbortController();
  const { signal } = ended;
  stage.addEventListener("pointerover", onOver, { signal });
  stage.addEventListener("pointerleave", () => !from && later(close, CLOSES_MS), { signal });
  stage.addEventListener("click", onClick, { signal, capture: true });
  stage.addEventListener("keydown", onKey, { signal });
  card.addEventListener("focusout", onBlur, { signal });
  return () => {
    clearTimeout(timer);
    card.remove();
    ended.abort();
  };
}
