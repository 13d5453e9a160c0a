/**
 * The link to the page as it is: a button that copies it, and one that shows it as a QR code.
 * @module
 */
import { linkHere } from "../shared/address.js";
import { copyText } from "../shared/clipboard.js";
import { h } from "../shared/dom.js";
import { count } from "../shared/numbers.js";

/** Characters: mail programs and chats cut longer links off, and a QR code can't be read. */
export const LONGEST = 1500;
const SAID_MS = 2500;
const READ_MS = 9000; // a whole sentence

/**
 * What is said once a link was copied, or couldn't be.
 * @param {boolean} copied @param {number} length  in characters @param {string} lacking
 */
export function said(copied, length, lacking) {
  const sentences = [];
  if (!copied) sentences.push("Your browser doesn't let a page copy: press Ctrl+C.");
  if (length > LONGEST)
    sentences.push(`The link has ${count(length)} characters: some programs cut it off.`);
  if (lacking) sentences.push(lacking);
  return sentences.join(" ");
}

/** @param {string} link @param {string} kind svg or png @param {string} page  its address */
export function codeOf(link, kind, page) {
  const url = new URL(`./qr.${kind}`, page);
  url.search = new URLSearchParams({ link }).toString();
  return url.href;
}

export class Share {
  /**
   * @param {HTMLElement | ShadowRoot} place
   * @param {() => {link: string, lacking: string}} linked  to what, and what it lacks
   * @param {string} to  what that is, in words
   */
  constructor(place, linked = linkHere, to = "this page") {
    this.linked = linked;
    this.to = to;
    this.copy = h("button.copy", { type: "button", onclick: () => this.#copied() }, "copy link");
    this.code = h(
      "button.code",
      { type: "button", "aria-haspopup": "dialog", onclick: () => this.#show() },
      "QR code",
    );
    this.status = h("p.said", { role: "status" });
    this.field = h("input.link", { readonly: true, "aria-label": "The link" });
    this.note = h("div.note", {}, this.status, this.field);
    this.panel = h("div.panel", {
      popover: "auto",
      role: "dialog",
      "aria-label": `QR code of ${to}`,
    });
    this.note.hidden = true;
    this.timer = 0;
    this.frame = h("div.cnnviz-share", {}, this.copy, this.code, this.note, this.panel);
    place.replaceChildren(this.frame);
  }

  close() {
    clearTimeout(this.timer);
  }

  async #copied() {
    const { link, lacking } = this.linked();
    const copied = await copyText(link);
    this.copy.textContent = copied ? "copied" : "copy link";
    const sentences = said(copied, link.length, lacking);
    // The button says it to the eye, in its own place.
    this.status.textContent = sentences || "copied";
    this.field.value = link;
    this.field.hidden = copied;
    this.note.classList.toggle("heard", !sentences);
    this.note.hidden = false;
    if (!copied) this.field.select();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#quiet(), sentences ? READ_MS : SAID_MS);
  }

  #quiet() {
    this.copy.textContent = "copy link";
    if (this.note.contains(document.activeElement)) return;
    this.note.hidden = true;
    this.status.textContent = "";
  }

  #show() {
    const { link, lacking } = this.linked();
    const close = h("button", { type: "button", onclick: () => this.panel.hidePopover() }, "close");
    const parts =
      link.length > LONGEST
        ? [h("p", {}, `The link has ${count(link.length)} characters, too many for a QR code.`)]
        : this.#picture(link);
    this.panel.replaceChildren(...parts, ...(lacking ? [h("p", {}, lacking)] : []), close);
    this.panel.showPopover();
    close.focus();
  }

  /** @param {string} link */
  #picture(link) {
    const failed = h("p", { hidden: true }, "The code couldn't be made: copy the link instead.");
    const picture = h("img", {
      src: codeOf(link, "svg", location.href),
      alt: `QR code of the link to ${this.to}`,
      onerror: () => {
        picture.hidden = true;
        failed.hidden = false;
      },
    });
    const saved = ["svg", "png"].map((kind) =>
      h(
        "a",
        { href: codeOf(link, kind, location.href), download: `cnnviz-link.${kind}` },
        kind.toUpperCase(),
      ),
    );
    return [picture, failed, h("p", {}, "Save as ", saved[0], " or ", saved[1], ".")];
  }
}
