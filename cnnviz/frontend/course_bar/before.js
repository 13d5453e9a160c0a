/**
 * What somebody had before a lesson, over a reload of the page: the server begins a new session then.
 * It stays in this tab of the browser.
 * @module
 */
import { readFrom, writeTo } from "../shared/storage.js";

const KEY = "cnnviz.lesson.before";
// What Python takes: characters of a text, and so many of them.
const LONGEST = 60_000;
const MOST = 200;

const here = () => sessionStorage;

/** @typedef {Record<string, string>} Texts  as links have them */

/**
 * @param {string} lesson  by its name
 * @param {Texts} had
 */
export function keep(lesson, had) {
  // Where nothing can be kept, leaving after a reload leads back to what the lesson showed.
  writeTo(here, KEY, JSON.stringify({ lesson, had }));
}

/**
 * What was kept for that lesson; null where nothing was, or what Python would refuse: it would be
 * told of it again and again.
 * @param {string} lesson
 * @returns {Texts|null}
 */
export function kept(lesson) {
  try {
    const found = JSON.parse(readFrom(here, KEY) ?? "null");
    return found?.lesson === lesson && areTexts(found.had) ? found.had : null;
  } catch {
    return null;
  }
}

/** @param {unknown} had */
function areTexts(had) {
  if (typeof had !== "object" || had === null || Array.isArray(had)) return false;
  const texts = Object.values(had);
  return (
    texts.length <= MOST &&
    texts.every((text) => typeof text === "string" && text.length <= LONGEST)
  );
}

export function forget() {
  writeTo(here, KEY, "");
}
