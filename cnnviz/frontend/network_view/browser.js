/** What the view asks of the browser: the address, the clipboard, a file to keep. @module */
import { writeAddress } from "../shared/address.js";

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
  const { searchParams, pathname } = writeAddress(entries);
  remembered.set(pathname, { pin: searchParams.get("pin"), scope: searchParams.get("scope") });
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
