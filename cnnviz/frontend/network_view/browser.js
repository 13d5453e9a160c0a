/** What the view asks of the page's address. @module */
import { writeAddress, writtenAt } from "../shared/address.js";

/**
 * The pinned unit and the colour scope that the address asks for; else those that it said when one
 * left this page: a link to a page of the app has nothing of that.
 */
export function readLink() {
  const query = new URLSearchParams(location.search);
  const left = writtenAt(location.pathname);
  const asked = {
    pin: query.get("pin") ?? left?.get("pin") ?? null,
    scope: query.get("scope") ?? left?.get("scope") ?? null,
  };
  writeAddress(asked);
  return asked;
}
