/** The pinned unit and the colour scope in the page's address. @module */
import { writeAddress, writtenAt } from "../shared/address.js";
import { SCOPES } from "./paint.js";
import { readPin } from "./pins.js";

/**
 * The pinned unit and the colour scope that the address asks for; else those that it said when one
 * left this page: a link to a page of the app has nothing of that.
 */
function readLink() {
  const query = new URLSearchParams(location.search);
  const left = writtenAt(location.pathname);
  const asked = {
    pin: query.get("pin") ?? left?.get("pin") ?? null,
    scope: query.get("scope") ?? left?.get("scope") ?? null,
  };
  writeAddress(asked);
  return asked;
}

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
