/**
 * Numbers as people type and paste them. Mirrors cnnviz/labs/grids.py, which checks again.
 * @module
 */

import { messageOf } from "../shared/errors.js";

export const LARGEST = 1000;

/**
 * One entry: a decimal number or a fraction such as 1/3.
 * @param {string} text
 * @param {boolean} [decimalComma] read 0,5 as 0.5 (a pasted spreadsheet's column)
 * @returns {number}
 * @throws {Error} that repeats the entry and says what would do
 */
export function parseNumber(text, decimalComma = true) {
  let cleaned = text.trim().replaceAll("\u2212", "-");
  if (decimalComma && /^[-+]?\d*,\d+$/.test(cleaned)) cleaned = cleaned.replace(",", ".");
  const parts = cleaned.split("/");
  const shape = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
  const shown = `“${text.length <= 20 ? text : `${text.slice(0, 20)}…`}”`;
  const readable = parts.length <= 2 && parts.every((part) => shape.test(part.trim()));
  const value = readable ? parts.map(Number).reduce((a, b) => a / b) : NaN;
  const special = /^[-+]?(nan|inf(inity)?)$/i.test(cleaned);
  if (!readable && !special) {
    throw new Error(`${shown} is not a number; write for example 2, -0.5 or 1/3`);
  }
  if (!Number.isFinite(value) || Math.abs(value) > LARGEST) {
    throw new Error(`${shown} can’t be used; values go from −${LARGEST} to ${LARGEST}`);
  }
  // -0 would come back as 0 and look like a change.
  return value === 0 ? 0 : value;
}

/**
 * A pasted block as rows of numbers: tabs (a spreadsheet), else semicolons, commas or spaces.
 * @param {string} text
 * @param {number} row the grid's row where the block begins, for messages
 * @param {number} column
 * @param {number} mostRows
 * @param {number} mostColumns
 * @returns {number[][]}
 */
export function parseBlock(text, row, column, mostRows, mostColumns) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  const tabs = text.includes("\t");
  const split = (/** @type {string} */ line) => {
    if (tabs) return line.split("\t");
    if (line.includes(";")) return line.split(";");
    return line.trim().split(/\s*,\s*|\s+/);
  };
  const entries = lines.map(split);
  const widest = Math.max(...entries.map((entry) => entry.length));
  if (row + lines.length > mostRows || column + widest > mostColumns) {
    throw new Error(
      `the pasted block is ${lines.length} × ${widest} and begins at row ${row}, column ` +
        `${column}; the grid takes up to ${mostRows} × ${mostColumns}. Nothing was changed`,
    );
  }
  return entries.map((line, r) =>
    line.map((entry, c) => {
      if (entry.trim() === "") return 0;
      try {
        return parseNumber(entry, tabs || line.length === 1 || lines[r].includes(";"));
      } catch (error) {
        throw new Error(
          `row ${row + r}, column ${column + c}: ${messageOf(error)}. Nothing was changed`,
        );
      }
    }),
  );
}
