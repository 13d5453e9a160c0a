/**
 * What a key does in the grid, without a DOM.
 *
 * @typedef {{what: "undo" | "redo" | "paint" | "empty"} | {what: "edit", typed: string | null}} Act
 *   typed: what the entry begins with, or null for the present value
 *
 * @typedef {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">} Key
 */

/**
 * @param {Key} event
 * @returns {Act | null} null for nothing
 */
export function actOf({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  const control = ctrlKey || metaKey;
  const letter = control ? key.toLowerCase() : "";
  if (letter === "y" || (letter === "z" && shiftKey)) return { what: "redo" };
  if (letter === "z") return { what: "undo" };
  switch (key) {
    case "Enter":
    case "F2":
      return { what: "edit", typed: null };
    case " ":
      return { what: "paint" };
    case "Delete":
    case "Backspace":
      return { what: "empty" };
  }
  const writes = key.length === 1 && !control && !altKey;
  return writes ? { what: "edit", typed: key } : null;
}
