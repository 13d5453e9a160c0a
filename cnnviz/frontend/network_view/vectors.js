/** Vectors as bars: from a middle axis where values may be negative; the answer with its winner. @module */
import { magnitude } from "../shared/colormap.js";
import { brief, percent } from "../shared/numbers.js";
import { ROOM_FOR_VALUE } from "./column_sizes.js";

const LABEL = 22; // px for a class's name
const LONG_NAME = 14; // px, the winner's, where it is no digit
const LETTER = 7; // px of a name, about
const BAR = 18; // px high
const ROOM_FOR_VALUES = 36; // px an item, from where the small probabilities' numbers fit under bars

/**
 * @typedef {import("./scene.js").Item} Item
 * @typedef {import("./theme.js").Theme} Theme
 * @typedef {import("./layout.js").Plan} Plan
 *
 * @param {CanvasRenderingContext2D} context in CSS pixels of the stage
 * @param {{items: Item[]}} bars
 * @param {Float32Array} values
 * @param {Plan} plan
 * @param {Theme} theme
 * @param {string[] | null} [classes] the names of what the bars are of; without, they are numbers
 */
export function drawBars(context, { items }, values, plan, theme, classes) {
  const most = magnitude(values) || 1;
  const label = plan.rows ? roomForNames(classes, 0.6 * (items[0]?.rect.w ?? 0), plan.text) : 0;
  context.font = `${11 * plan.text}px ${theme.mono}`;
  context.textBaseline = "middle";
  for (const { index, rect } of items) {
    const value = values[index];
    const width = (plan.rows ? 0.6 * rect.w : rect.w) - label;
    const middle = rect.x + label + width / 2;
    const y = rect.y + rect.h / 2;
    context.fillStyle = theme.line;
    context.fillRect(middle - 0.5, rect.y, 1, rect.h);
    const length = (Math.abs(value) / most) * (width / 2);
    const height = Math.min(BAR * plan.text, 0.6 * rect.h);
    context.fillStyle = theme.palette.css(value, most);
    context.beginPath();
    const corners = value < 0 ? [3, 0, 0, 3] : [0, 3, 3, 0];
    context.roundRect(
      value < 0 ? middle - length : middle,
      y - height / 2,
      length,
      height,
      corners,
    );
    context.fill();
    if (label) {
      context.fillStyle = theme.muted;
      context.textAlign = "center";
      context.fillText(classes?.[index] ?? `${index}`, rect.x + label / 2, y, label);
    }
    // A column may be a pixel less wide than it was meant, on whole ones.
    if (width + 1 < 2 * ROOM_FOR_VALUE * plan.text) continue;
    context.fillStyle = theme.text;
    context.textAlign = value < 0 ? "left" : "right";
    context.fillText(brief(value), value < 0 ? middle + 3 : middle - 3, y);
  }
}

/**
 * The class with the largest probability; -1 without ink, when there is nothing to read.
 * @param {ArrayLike<number>} probabilities
 * @param {boolean} blank
 */
export function winnerOf(probabilities, blank) {
  if (blank) return -1;
  let winner = 0;
  for (let i = 1; i < probabilities.length; i += 1)
    if (probabilities[i] > probabilities[winner]) winner = i;
  return winner;
}

/**
 * The class with the largest probability, and that: "3 with 61 %".
 * @param {Float32Array} probabilities
 * @param {string[] | null} [classes] their names; without, they are numbers
 */
export function winnerWords(probabilities, classes) {
  const winner = winnerOf(probabilities, false);
  return `${classes?.[winner] ?? winner} with ${percent(probabilities[winner])}`;
}

/**
 * Px that the classes' names get: a digit's, or as many as the longest needs, half of what there is.
 * @param {string[] | null | undefined} classes
 * @param {number} width
 * @param {number} text
 */
function roomForNames(classes, width, text) {
  if (!classes) return LABEL * text;
  const longest = Math.max(...classes.map((name) => name.length));
  return Math.min(Math.max(LABEL * text, longest * LETTER * text), width / 2);
}

/**
 * Where a probability's bar goes.
 * @param {import("./scene.js").Rect} rect
 * @param {number} label
 * @param {Plan} plan
 */
function trackOf(rect, label, plan) {
  const beside = plan.rows ? 64 * plan.text : 0;
  const track = { x: rect.x + label + 6, w: rect.w - label - 6 - beside };
  return { track, height: Math.min(BAR * plan.text, 0.75 * rect.h) };
}

/**
 * What if: the probabilities without the changes, as outlines over the bars.
 * @param {CanvasRenderingContext2D} context
 * @param {{items: Item[]}} answer
 * @param {Float32Array} before
 * @param {Plan} plan
 * @param {Theme} theme
 * @param {string[] | null} [classes]
 */
export function outlineAnswer(context, { items }, before, plan, theme, classes) {
  const label = roomForNames(classes, items[0]?.rect.w ?? 0, plan.text);
  context.strokeStyle = theme.text;
  context.lineWidth = 1;
  for (const { index, rect } of items) {
    if (before[index] < 0.005) continue;
    const { track, height } = trackOf(rect, label, plan);
    const top = rect.y + rect.h / 2 - height / 2;
    context.strokeRect(track.x - 0.5, top - 1.5, before[index] * track.w + 1, height + 3);
  }
}

/**
 * Every class's probability, the winner large.
 * @param {CanvasRenderingContext2D} context
 * @param {{items: Item[]}} answer
 * @param {Float32Array} probabilities
 * @param {boolean} blank nothing is drawn
 * @param {Plan} plan
 * @param {Theme} theme
 * @param {string[] | null} [classes] their names; without, they are numbers
 */
export function drawAnswer(context, { items }, probabilities, blank, plan, theme, classes) {
  const winner = winnerOf(probabilities, blank);
  const label = roomForNames(classes, items[0]?.rect.w ?? 0, plan.text);
  const largest = classes?.some((name) => name.length > 1) ? LONG_NAME : 30;
  context.textBaseline = "middle";
  for (const { index, rect } of items) {
    const won = index === winner;
    const probability = probabilities[index];
    const y = rect.y + rect.h / 2;
    const { track, height } = trackOf(rect, label, plan);
    context.fillStyle = theme.muted;
    context.fillRect(track.x - 1, y - height / 2, 1, height);
    context.fillStyle = won ? theme.accent : theme.muted;
    context.beginPath();
    context.roundRect(track.x, y - height / 2, probability * track.w, height, [0, 3, 3, 0]);
    context.fill();
    const size = (plan.compact ? 12 : 14) * plan.text;
    context.font = won
      ? `700 ${Math.min(largest * plan.text, rect.h)}px ${theme.sans}`
      : `500 ${classes ? Math.min(size, rect.h) : size}px ${theme.sans}`;
    context.textAlign = "center";
    context.fillText(classes?.[index] ?? `${index}`, rect.x + label / 2, y + 1, label);
    if (probability < 0.005 && !won) continue;
    context.font = `${11 * plan.text}px ${theme.mono}`;
    context.textAlign = "left";
    context.fillStyle = won ? theme.text : theme.muted;
    if (plan.rows) context.fillText(percent(probability), track.x + track.w + 6, y);
    else if (won || rect.h >= ROOM_FOR_VALUES * plan.text)
      context.fillText(percent(probability), track.x + 2, y + height / 2 + 6 * plan.text);
  }
}
