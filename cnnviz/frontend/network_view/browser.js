/** What the view asks of the browser: the address, the clipboard, a file to keep. @module */

/** The pinned unit and the colour scope that the address asks for. */
export function readLink() {
  const query = new URLSearchParams(location.search);
  return { pin: query.get("pin"), scope: query.get("scope") };
}

/** @param {{pin?: string|null, scope?: string|null}} entries null takes an entry away */
export function writeLink(entries) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(entries)) {
    if (value === null || value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
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
