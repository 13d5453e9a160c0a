/**
 * What a browser keeps of its person: a token, and the teacher's key where it was given.
 * @module
 */

export const KEY = "cnnviz.person";
export const TEACHER = "cnnviz.teacher";

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export class Secrets {
  /** @param {() => Storage} storage  throws where a browser keeps nothing */
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
    const kept = this.#read(KEY);
    const known = kept !== null && TOKEN.test(kept);
    if (!known) this.#write(KEY, token);
    if (teacher !== null) this.#write(TEACHER, teacher);
    return { token: known ? kept : token, teacher: this.#read(TEACHER) };
  }

  /** @param {string} key */
  #read(key) {
    try {
      return this.storage().getItem(key);
    } catch {
      return null;
    }
  }

  /**
   * @param {string} key
   * @param {string} value  "" takes it away
   */
  #write(key, value) {
    try {
      if (value) this.storage().setItem(key, value);
      else this.storage().removeItem(key);
    } catch {
      // It holds for as long as the page is open.
    }
  }
}
