/**
 * What a browser keeps of the course, as texts and numbers by name, and how two accounts of it
 * become one. What a value may be is Python's to say (cnnviz/lessons/kept.py).
 * @module
 */

export const KEY = "cnnviz.course";

const LONGEST = 20_000; // characters
const MOST = 200; // entries
const LONGEST_ENTRY = 400; // characters
const SEEDS = 2 ** 31; // as of cnnviz/lessons/kept.py: another would be told to Python for ever

/**
 * `seed` tells one record from the next: after *Erase* there is another.
 * @typedef {Record<string, string|number>} Entries
 * @typedef {{seed: number, entries: Entries}} CourseRecord
 */

/**
 * @param {string|null} text  as it is stored
 * @returns {CourseRecord|null} null for what can't be one
 */
export function recordIn(text) {
  if (!text || text.length > LONGEST) return null;
  let seed, entries;
  try {
    ({ seed, entries } = JSON.parse(text));
  } catch {
    return null;
  }
  if (!Number.isSafeInteger(seed) || seed < 0 || seed >= SEEDS) return null;
  if (typeof entries !== "object" || entries === null) return null;
  const pairs = Object.entries(entries);
  if (Array.isArray(entries) || pairs.length > MOST) return null;
  const fits = pairs.every(
    ([name, value]) =>
      name.length <= LONGEST_ENTRY &&
      (typeof value === "number" || (typeof value === "string" && value.length <= LONGEST_ENTRY)),
  );
  return fits ? { seed, entries } : null;
}

/**
 * The same text for the same record, whatever the order of its entries.
 * @param {CourseRecord|null} record
 */
export function textOf(record) {
  if (record === null) return "";
  const entries = Object.fromEntries(
    Object.entries(record.entries).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  return JSON.stringify({ seed: record.seed, entries });
}

/** Which entries nobody takes back but by *Erase*: answers, which questions they are to, what was played. */
const STAYS = /^(before|after|played)\.|^questions$/;

/**
 * What is stored, with what has been changed here since `base`: another tab's answers stay. So do this
 * one's where they aren't stored any more: another tab wrote at the same moment and hadn't seen them.
 * @param {Entries} base
 * @param {Entries} here
 * @param {Entries} stored
 * @returns {Entries}
 */
export function merged(base, here, stored) {
  /** @type {Entries} */
  const result = {};
  for (const name of new Set([...Object.keys(here), ...Object.keys(stored)])) {
    const isLost = STAYS.test(name) && stored[name] === undefined;
    const value = isLost || here[name] !== base[name] ? here[name] : stored[name];
    if (value !== undefined) result[name] = value;
  }
  return result;
}
