/**
 * The page's address, changed without a step of the browser's history, and kept as it was written.
 *
 * Streamlit writes addresses too, from what it knows, and that isn't all: what was written here comes
 * back then (`keepAddress`).
 * @module
 */

/** What the address is to say: a text by name, null for what it is not to have.
 * @typedef {Record<string, string | null | undefined>} Entries
 */

/**
 * What was written, by path, and what of the page the address doesn't hold, in sentences. `at` is
 * the path of the page that has written last; until a page has, its address is believed.
 *
 * Each component is a file of its own, with a copy of this module: the page's one table is found
 * under a symbol.
 * @typedef {{written: Map<string, Map<string, string | null>>, lacking: Map<string, string>,
 *   at: string | null}} Kept
 */
const PLACE = Symbol.for("cnnviz.address");

/** @returns {Kept} */
function kept() {
  const page = /** @type {Record<symbol, Kept | undefined>} */ (
    /** @type {unknown} */ (globalThis)
  );
  page[PLACE] ??= { written: new Map(), lacking: new Map(), at: null };
  return page[PLACE];
}

/**
 * The address with these entries, in which a bracket or a comma stays readable.
 * @param {string} href
 * @param {Iterable<[string, string | null | undefined]>} entries
 */
export function addressWith(href, entries) {
  const url = new URL(href);
  for (const [name, value] of entries) {
    if (value === null || value === undefined) url.searchParams.delete(name);
    else if (url.searchParams.get(name) !== value || url.searchParams.getAll(name).length > 1)
      url.searchParams.set(name, value);
  }
  return url.href;
}

/**
 * @param {Entries} entries null takes an entry away
 * @param {string} [path] of the page that they are of: they wait there where it has been left
 * @returns {URL} what the address is to say
 */
export function writeAddress(entries, path = location.pathname) {
  const { pathname, search } = location;
  const page = kept();
  if (path !== pathname) {
    const there = page.written.get(path) ?? new Map();
    for (const [name, value] of Object.entries(entries)) there.set(name, value ?? null);
    page.written.set(path, there);
    return new URL(location.href);
  }
  const here = page.written.get(pathname) ?? new Map();
  if (page.at !== pathname)
    for (const [name, value] of new URLSearchParams(search))
      if (here.has(name)) here.set(name, value);
  page.at = pathname;
  for (const [name, value] of Object.entries(entries)) here.set(name, value ?? null);
  page.written.set(pathname, here);
  return rewrite();
}

/** What was written of the page at this path, by name. @param {string} path */
export function writtenAt(path) {
  return kept().written.get(path);
}

/**
 * What Python sends (cnnviz/components/frame.py). `page` is the last part of the page's path, empty
 * for the first page, null where Python doesn't know it.
 * @typedef {{entries: Entries, lacking: string, page: string | null}} Linked
 */

/**
 * Whether the address is still, or already, that of the page that this is of: an answer that took
 * long comes when somebody has gone back.
 * @param {Linked} linked
 */
export function isOfThisPage({ page }) {
  return page === null || location.pathname.split("/").at(-1) === page;
}

/**
 * Writes what Python sends, again only where it is another: a stroke may have changed the address
 * since.
 */
export function linkedWriter() {
  let written = "";
  /** @param {Linked} linked */
  return (linked) => {
    const told = JSON.stringify([location.pathname, linked]);
    if (told === written || !isOfThisPage(linked)) return;
    written = told;
    kept().lacking.set(location.pathname, linked.lacking);
    writeAddress(linked.entries);
  };
}

/** The link to this page as it is, and what it lacks, in sentences. */
export function linkHere() {
  const { written, lacking } = kept();
  const link = new URL(addressWith(location.href, written.get(location.pathname) ?? []));
  link.hash = "";
  return { link: link.href, lacking: lacking.get(location.pathname) ?? "" };
}

/**
 * Bring back what was written here whenever somebody else changes the address of the same page. The
 * address with which another page begins is believed.
 * @returns {() => void} no longer
 */
export function keepAddress() {
  const { navigation } = /** @type {{navigation?: EventTarget}} */ (
    /** @type {unknown} */ (globalThis)
  );
  const changed = () => {
    const page = kept();
    if (page.at === location.pathname) rewrite();
    else page.at = null;
  };
  // Where a browser doesn't tell of it, `linkHere` is right all the same.
  navigation?.addEventListener("currententrychange", changed);
  return () => navigation?.removeEventListener("currententrychange", changed);
}

function rewrite() {
  const href = addressWith(location.href, kept().written.get(location.pathname) ?? []);
  if (href !== location.href) {
    try {
      history.replaceState(history.state, "", href);
    } catch {
      // Browsers forbid too many changes in too short a time; the next one brings the address up to date.
    }
  }
  return new URL(href);
}
