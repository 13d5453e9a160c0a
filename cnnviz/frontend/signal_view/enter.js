/**
 * Enter and pasting commit a text area at once. A column of a spreadsheet needs a text area (a
 * one-line field would glue its numbers together), but Streamlit's waits for Ctrl+Enter.
 * Without this, nothing breaks: leaving the field commits too.
 *
 * @param {string[]} keys Streamlit keys of the text areas
 * @returns {() => void} stop
 */
export function commitOnEnter(keys) {
  const areaOf = (/** @type {Event} */ event) => {
    const area = event.target;
    return area instanceof HTMLTextAreaElement && keys.some((key) => area.closest(`.st-key-${key}`))
      ? area
      : null;
  };
  const commit = (/** @type {HTMLTextAreaElement} */ area) => {
    area.blur();
    area.focus();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const area = areaOf(event);
    if (!area || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    commit(area);
  };
  const onPaste = (/** @type {Event} */ event) => {
    const area = areaOf(event);
    if (area) setTimeout(() => commit(area), 0);
  };
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("paste", onPaste, true);
  return () => {
    document.removeEventListener("keydown", onKey, true);
    document.removeEventListener("paste", onPaste, true);
  };
}
