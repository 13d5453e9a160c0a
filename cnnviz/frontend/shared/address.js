/** The page's address, changed without a step of the browser's history. @module */

/**
 * @param {Record<string, string|null|undefined>} entries null takes an entry away
 * @returns {URL} what the address is to say
 */
export function writeAddress(entries) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(entries)) {
    if (value === null || value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  if (url.href === location.href) return url;
  try {
    history.replaceState(history.state, "", url);
  } catch {
    // Browsers forbid too many changes in too short a time; the next one brings the address up to date.
  }
  return url;
}
