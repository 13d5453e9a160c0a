/**
 * Runs JavaScript for the tests: a request a line on stdin, its answer a line on stdout.
 *
 * A request is `{body, sent}`: `body` is the inside of an async function of `sent` and `load`, which
 * imports a module by its path under cnnviz/frontend. The answer is `{value}` or `{error}`. What
 * JSON can't write (NaN, infinities and minus zero) travels as `{"$number": "NaN"}`. Globals that
 * a request has set, such as a clock of its own, are gone for the next.
 * @module
 */
import { createInterface } from "node:readline";

const FRONTEND = new URL("../cnnviz/frontend/", import.meta.url);
const AsyncFunction = (async () => {}).constructor;

const load = (name) => import(new URL(name, FRONTEND));

function written(_, value) {
  if (value === undefined) return null;
  if (ArrayBuffer.isView(value)) return Array.from(value);
  if (value instanceof Set || value instanceof Map) return [...value];
  if (typeof value !== "number") return value;
  if (Object.is(value, -0)) return { $number: "-0" };
  return Number.isFinite(value) ? value : { $number: String(value) };
}

function read(_, value) {
  return typeof value?.$number === "string" ? Number(value.$number) : value;
}

/** @param {PropertyDescriptorMap} before what there was */
function restoreGlobals(before) {
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!Object.hasOwn(before, name)) Reflect.deleteProperty(globalThis, name);
  }
  for (const name of Object.getOwnPropertyNames(before)) {
    Reflect.defineProperty(globalThis, name, before[name]);
  }
}

async function answer(line) {
  const globals = Object.getOwnPropertyDescriptors(globalThis);
  try {
    const { body, sent } = JSON.parse(line, read);
    const value = await new AsyncFunction("sent", "load", body)(sent, load);
    return JSON.stringify({ value: value ?? null }, written);
  } catch (error) {
    return JSON.stringify({ error: error?.stack ?? String(error) });
  } finally {
    restoreGlobals(globals);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${await answer(line)}\n`);
}
