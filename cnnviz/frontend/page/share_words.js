/** What the buttons for a link and its QR code say, by language. @module */

import { count } from "../shared/numbers.js";

/**
 * @typedef {object} Words
 * @property {string} copy
 * @property {string} copied
 * @property {string} cantCopy
 * @property {(length: number) => string} long
 * @property {(length: number) => string} tooLong  for a code
 * @property {string} code
 * @property {(to: string) => string} codeOf  of what the link leads to
 * @property {(to: string) => string} codeOfLink
 * @property {string} link
 * @property {string} close
 * @property {string} failed
 * @property {[string, string, string]} save  before, between and behind the kinds of file
 * @property {string} page  what the link leads to
 * @property {string} step
 */

/** @type {Words} */
const ENGLISH = {
  copy: "copy link",
  copied: "copied",
  cantCopy: "Your browser doesn't let a page copy: press Ctrl+C.",
  long: (length) => `The link has ${count(length)} characters: some programs cut it off.`,
  tooLong: (length) => `The link has ${count(length)} characters, too many for a QR code.`,
  code: "QR code",
  codeOf: (to) => `QR code of ${to}`,
  codeOfLink: (to) => `QR code of the link to ${to}`,
  link: "The link",
  close: "close",
  failed: "The code couldn't be made: copy the link instead.",
  save: ["Save as ", " or ", "."],
  page: "this page",
  step: "this step",
};

const german = (/** @type {number} */ number) => number.toLocaleString("de");

/** @type {Words} */
const GERMAN = {
  copy: "Link kopieren",
  copied: "kopiert",
  cantCopy: "Dein Browser lässt Seiten nicht kopieren: Drück Strg+C.",
  long: (length) => `Der Link hat ${german(length)} Zeichen: Manche Programme schneiden ihn ab.`,
  tooLong: (length) => `Der Link hat ${german(length)} Zeichen, zu viele für einen QR-Code.`,
  code: "QR-Code",
  codeOf: (to) => `QR-Code für ${to}`,
  codeOfLink: (to) => `QR-Code des Links auf ${to}`,
  link: "Der Link",
  close: "schließen",
  failed: "Der Code war nicht zu machen: Kopiere stattdessen den Link.",
  save: ["Speichern als ", " oder ", "."],
  page: "diese Seite",
  step: "diesen Schritt",
};

/** @param {string} language  as "de"; those of any other are English @returns {Words} */
export const wordsIn = (language) => (language === "de" ? GERMAN : ENGLISH);
