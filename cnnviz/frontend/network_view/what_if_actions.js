/** What a person does to the changes: sets, takes back, undoes. @module */
import { History } from "../grid_editor/history.js";
import { changesText, parseChanges, withChange } from "./changes.js";
import { targetsOf } from "./what_if_targets.js";

/**
 * @param {import("./view_types.js").View} view
 * @param {(changes: import("./changes.js").Change[]) => void} change
 */
export function createWhatIfActions(view, change) {
  const history = new History("");
  const now = () => changesText([...view.whatIf.changes]);

  /** @param {import("./changes.js").Change[]} changes */
  function setAll(changes) {
    // What Python has set meanwhile can be gone back to, too.
    history.push(now());
    history.push(changesText(changes));
    change(changes);
  }

  /** @param {string | null} text */
  function restore(text) {
    if (text !== null) change(parseChanges(text));
  }

  /** @type {Pick<import("./view_types.js").Actions, "set" | "setAll" | "toggleOff">} */
  const actions = {
    setAll,
    set: (target, values) => setAll(withChange([...view.whatIf.changes], target, values)),
    toggleOff(single) {
      const targets = targetsOf(view);
      const target = single ? targets.single : (targets.whole ?? targets.single);
      if (!view.options.changes || !target) return;
      const isSet = view.whatIf.changes.some((each) => each.target === target);
      actions.set(target, isSet ? null : [0]);
    },
  };
  return {
    actions,
    history: {
      undo: () => restore(history.undo()),
      redo: () => restore(history.redo()),
      can: () => ({ undo: history.past.length > 0, redo: history.future.length > 0 }),
    },
  };
}
