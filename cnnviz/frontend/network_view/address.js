/** The pinned unit and the colour scope in the page's address. @module */
import { readLink } from "./browser.js";
import { SCOPES } from "./paint.js";
import { readPin } from "./pins.js";

/**
 * What is pinned, and what gives colours their scale, at first: as the address says, else as Python
 * asks (`opening`). `problems` says what in the address names nothing.
 * @param {import("./types.js").Network} network
 * @param {{linked: boolean, pin: string|null}} options
 */
export function startOf(network, options) {
  const wanted = options.linked ? readLink() : { pin: null, scope: null };
  const problems = [];
  const asked = readPin(network, wanted.pin);
  if (wanted.pin !== null && !asked)
    problems.push(`pin=${wanted.pin.slice(0, 40)} names no unit of this network`);
  /** @type {import("./paint.js").Scope} */
  let scope = "layer";
  const known = SCOPES.find((name) => name === wanted.scope);
  if (known) scope = known;
  else if (wanted.scope !== null)
    problems.push(`scope=${wanted.scope.slice(0, 40)} is none of ${SCOPES.join(", ")}`);
  const pin = asked ?? readPin(network, options.pin);
  return { pin, opening: !asked, scope, problems };
}
