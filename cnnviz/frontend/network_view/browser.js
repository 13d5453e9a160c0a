/** What the view asks of the browser: the address, the clipboard, a file to keep. @module */

/** The pinned unit and the colour scope that the address asks for. */
export function readLink() {
  const query = new URLSearchParams(location.search);
  const asked = { pin: query.get("pin"), scope: query.get("scope") };
  const left = remembered.get(location.pathname);
  if (!left || asked.pin !== null || asked.scope !== null) {
    remembered.set(location.pathname, asked);
    return asked;
  }
  writeLink(left);
  return left;
}

/**
 * What each page's address said when one left it, by its path: a link to a page of the app has
 * nothing of that, and one comes back to what one had.
 * @type {Map<string, {pin: string|null, scope: string|null}>}
 */
const remembered = new Map();

/** @param {Record<string, string|null|undefined>} entries null takes an entry away */
export function writeLink(entries) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(entries)) {
    if (value === null || value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  const { searchParams, pathname } = url;
  remembered.set(pathname, { pin: searchParams.get("pin"), scope: searchParams.get("scope") });
  if (url.href === location.href) return;
  try {
    history.replaceState(history.state, "", url);
  } catch {
    // Browsers forbid too many changes in too short a time; the next one brings the address up to date.
  }
}

/** Put text on the clipboard; false where the browser forbids it.
 * @param {string} text
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
