/**
 * The changes that are in force, and how they come and go: made here they are told to Python, and
 * shown at once by the browser's own numbers; Python's are those of the address, or of another
 * network. A trace says with a number which of them it was made with.
 * @module
 */
import { Paced } from "../shared/paced.js";
import { changed, changesText, differences, parseChanges } from "./changes.js";
import { createRunner } from "./forward.js";
import { indexOf } from "./units.js";

const AGAIN = 2000; // ms without an answer until changes are told once more: a message may be lost

/**
 * What Python says of them (cnnviz/components/network_view.py). `means` are those that are set,
 * `under` the pixels beneath those that are changed, both by target; `before` are the
 * probabilities without a change, `problem` what couldn't be done.
 * @typedef {{text: string, sequence: number, problem: string, means: Record<string, number>,
 *   under: Record<string, number>, before: import("./payload.js").Encoded | null}} ChangesData
 *
 * @typedef {import("./types.js").Network} Network
 * @typedef {import("./changes.js").Change} Change
 */

/**
 * @param {(message: {text: string, sequence: number, keep: boolean, weights: string}) => void} send
 *   tells Python; `keep`: the network is to be kept with these changes as its weights; `weights`
 *   names the network that they were made to
 */
export function createWhatIf(send) {
  /** @type {Change[]} */
  let changes = [];
  /** @type {Record<string, number>} known so far, and those that Python told last */
  let means = {};
  let latest = means;
  /** @type {Network | null} */
  let original = null;
  let weights = "";
  /** @type {ReturnType<typeof createRunner> | null} of the network as it is, where it is changed */
  let plain = null;
  /** @type {import("./changes.js").Filled[][]} */
  let set = [];
  /** The number of the last message that Python has answered, and of the last that went out. */
  let [answered, own] = [-1, -1];
  let keeping = false;
  let timer = 0;
  const paced = new Paced((sequence) => {
    own = sequence;
    send({ text: changesText(changes), sequence, keep: keeping, weights });
    clearTimeout(timer);
    timer = window.setTimeout(() => paced.changed(), AGAIN);
  });

  return {
    /** @returns {readonly Change[]} */
    get changes() {
      return changes;
    },
    /** The network without changes. */
    get original() {
      return original;
    },
    /** What is known of the means that were asked for, by target. */
    get means() {
      return means;
    },
    /**
     * Python's word. `old`: it is of changes that aren't in force any more; `others`: others are in
     * force now than before it. Of `another` network Python knows best: what was changed here was
     * the one before.
     * @param {ChangesData} told
     * @param {boolean} another
     */
    receive(told, another) {
      if (another) paced.drop();
      paced.receive(told.sequence);
      if (another) paced.sent = told.sequence;
      const old = !paced.settled(told.sequence);
      if (old) {
        paced.go();
        return { old, others: false };
      }
      clearTimeout(timer);
      keeping = false;
      const news = Object.keys(told.means).some((target) => means[target] !== told.means[target]);
      latest = told.means;
      means = { ...means, ...latest };
      const others = told.sequence !== own && told.sequence !== answered;
      const theirs = another || others;
      answered = told.sequence;
      paced.sent = told.sequence;
      if (theirs) changes = parseChanges(told.text);
      return { old, others: theirs || news };
    },
    /** Whether a trace was made with what is in force. @param {ChangesData | null} told */
    inForce: (told) => told === null || paced.settled(told.sequence),
    /** Another network, with the name of its weights. @param {Network} network @param {string} id */
    adopt(network, id) {
      original = network;
      weights = id;
      means = latest;
    },
    /** Have Python keep what is in force: in one message with it, since of two one may be lost. */
    keep() {
      keeping = true;
      paced.changed();
    },
    /** Made here. @param {Change[]} next */
    change(next) {
      changes = next;
      paced.changed();
    },
    /** The network that is in force, and who computes it. @returns {{network: Network,
     *   runner: ReturnType<typeof createRunner>}} */
    made() {
      if (!original) throw new Error("no network has come yet");
      const { network, sets } = changed(original, changes, means);
      set = sets;
      plain = changes.length ? createRunner(original) : null;
      return { network, runner: createRunner(network, sets) };
    },
    /** What a unit is set to, itself or with its map; null where it is computed.
     * @param {number} layer @param {import("./types.js").Unit} unit
     */
    setTo(layer, unit) {
      const shape = layer === -1 ? original?.image.shape : original?.layers[layer]?.shape;
      if (!shape || !set[layer + 1]?.length) return null;
      const at = indexOf(shape, unit);
      return set[layer + 1].findLast(({ from, to }) => from <= at && at < to)?.value ?? null;
    },
    /**
     * What there would be without the changes: null where there are none.
     * @param {Float32Array} image as it was drawn
     * @param {Float32Array[]} after
     */
    beside(image, after) {
      if (!plain || !original) return null;
      const values = plain.run(image);
      const before = plain.probabilities ? [...values, plain.probabilities] : values;
      return { values: before, maps: differences(original, before, after) };
    },
    stop() {
      clearTimeout(timer);
      paced.close();
    },
  };
}
