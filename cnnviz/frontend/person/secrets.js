/**
 * What a browser keeps of its person: a token, and the teacher's key where it was given.
 * @module
 */
import { readFrom, writeTo } from "../shared/storage.js";

export const KEY = "cnnviz.person";
export const TEACHER = "cnnviz.teacher";

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export class Secrets {
  /** @param {import("../shared/storage.js").Opens} storage */
  constructor(storage) {
    this.storage = storage;
  }

  /**
   * The token that holds, and the teacher's key: what is kept, else what the server offers, which is
   * kept from then on. A `teacher` of "" forgets the key, null leaves it.
   * @param {{token: string, teacher: string|null}} offered
   * @returns {{token: string, teacher: string|null}}
   */
  settle({ token, teacher }) {
    const kept = readFrom(this.storage, KEY);
    const known = kept !== null && TOKEN.test(kept);
    if (!known) writeTo(this.storage, KEY, token);
    if (teacher !== null) writeTo(this.storage, TEACHER, teacher);
    return { token: known ? kept : token, teacher: readFrom(this.storage, TEACHER) };
  }
}
