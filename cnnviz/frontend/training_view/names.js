/** Names of classes where there is room for a few letters. Pure. @module */

/**
 * Each name in `most` letters at the most: its first ones, unless two would read the same; then
 * its last ones ("symbol 1", "symbol 2"), or some of both.
 * @param {string[]} names
 * @param {number} most letters, 3 at least
 * @returns {Map<string, string>}
 */
export function shortened(names, most) {
  const all = [...new Set(names)];
  const ways = [most - 1, 0, Math.floor((most - 1) / 2)];
  const made = ways.map((first) => new Map(all.map((name) => [name, cut(name, most, first)])));
  return made.find((short) => new Set(short.values()).size === all.length) ?? made[0];
}

/** @param {string} name @param {number} most @param {number} first letters before the dots */
function cut(name, most, first) {
  const letters = [...name];
  if (letters.length <= most) return name;
  const last = letters.slice(letters.length - (most - 1 - first));
  return [...letters.slice(0, first), "…", ...last].join("");
}
