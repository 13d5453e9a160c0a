/**
 * What somebody had before a lesson, over a reload of the page: the server begins a new session then.
 * It stays in this tab of the browser.
 * @module
 */

const KEY = "cnnviz.lesson.before";

/** @typedef {Record<string, string>} Texts  as a link has them */

/**
 * @param {string} lesson  by its name
 * @param {Texts} had
 */
export function keep(lesson, had) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ lesson, had }));
  } catch {
    // Where nothing can be kept, leaving after a reload leads back to what the lesson showed.
  }
}

/** What was kept for that lesson; null where nothing was. @param {string} lesson @returns {Texts|null} */
export function kept(lesson) {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return found?.lesson === lesson ? found.had : null;
  } catch {
    return null;
  }
}

export function forget() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}
