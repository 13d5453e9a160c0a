/**
 * Tells Python what changes as fast as it answers and no faster: one message is under way at a time,
 * and what has changed meanwhile goes with the next.
 * @module
 */

const PATIENCE = 1500; // ms until a change is sent though the one before wasn't answered

export class Paced {
  /** @param {(sequence: number) => void} send  what there is to tell, with this number */
  constructor(send) {
    this.send = send;
    this.sent = 0; // the sequence number of the last message
    this.answered = 0;
    this.waiting = false; // whether there is a change that wasn't sent yet
    this.timer = 0;
  }

  /**
   * Whether Python has answered all that was changed, with its message of this number.
   * @param {number} sequence
   */
  settled(sequence) {
    return !this.waiting && sequence >= this.sent;
  }

  /** There is something to tell. */
  changed() {
    this.waiting = true;
    this.#tell();
  }

  /** Nothing is left to tell. */
  drop() {
    clearTimeout(this.timer);
    this.waiting = false;
  }

  /**
   * Python has answered the message of this number; `go` tells what has changed since.
   * @param {number} sequence
   */
  receive(sequence) {
    if (!this.sent) this.sent = sequence;
    this.answered = sequence;
  }

  go() {
    if (this.waiting) this.#tell();
  }

  close() {
    clearTimeout(this.timer);
  }

  #tell() {
    clearTimeout(this.timer);
    if (this.answered < this.sent) {
      this.timer = window.setTimeout(() => {
        this.answered = this.sent;
        this.#tell();
      }, PATIENCE);
      return;
    }
    this.waiting = false;
    this.sent = Math.max(this.sent + 1, Date.now());
    this.send(this.sent);
  }
}
