/**
 * The link to the page as it is: a button that copies it, and one that shows it as a QR code.
 * @module
 */
import { linkHere } from "../shared/address.js";
import { copyText } from "../shared/clipboard.js";
import { h } from "../shared/dom.js";
import { wordsIn } from "./share_words.js";

/** Characters: mail programs and chats cut longer links off, and a QR code can't be read. */
export const LONGEST = 1500;
const SAID_MS = 2500;
const READ_MS = 9000; // a whole sentence

/**
 * What is said once a link was copied, or couldn't be.
 * @param {boolean} copied @param {number} length  in characters @param {string} lacking
 * @param {string} [language]
 */
export function said(copied, length, lacking, language = "en") {
  const words = wordsIn(language);
  const sentences = [];
  if (!copied) sentences.push(words.cantCopy);
  if (length > LONGEST) sentences.push(words.long(length));
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
   * @param {"page"|"step"} to  what that is
   * @param {string} language  of what the buttons say
   */
  constructor(place, linked = linkHere, to = "page", language = "en") {
    this.linked = linked;
    this.language = language;
    this.words = wordsIn(language);
    this.to = this.words[to];
    const { copy, code, link, codeOf } = this.words;
    this.copy = h("button.copy", { type: "button", onclick: () => this.#copied() }, copy);
    this.code = h(
      "button.code",
      { type: "button", "aria-haspopup": "dialog", onclick: () => this.#show() },
      code,
    );
    this.status = h("p.said", { role: "status" });
    this.field = h("input.link", { readonly: true, "aria-label": link });
    this.note = h("div.note", {}, this.status, this.field);
    this.panel = h("div.panel", {
      popover: "auto",
      role: "dialog",
      "aria-label": codeOf(this.to),
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
    this.copy.textContent = copied ? this.words.copied : this.words.copy;
    const sentences = said(copied, link.length, lacking, this.language);
    // The button says it to the eye, in its own place.
    this.status.textContent = sentences || this.words.copied;
    this.field.value = link;
    this.field.hidden = copied;
    this.note.classList.toggle("heard", !sentences);
    this.note.hidden = false;
    if (!copied) this.field.select();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#quiet(), sentences ? READ_MS : SAID_MS);
  }

  #quiet() {
    this.copy.textContent = this.words.copy;
    if (this.note.contains(document.activeElement)) return;
    this.note.hidden = true;
    this.status.textContent = "";
  }

  #show() {
    const { link, lacking } = this.linked();
    const hide = () => this.panel.hidePopover();
    const close = h("button", { type: "button", onclick: hide }, this.words.close);
    const parts =
      link.length > LONGEST ? [h("p", {}, this.words.tooLong(link.length))] : this.#picture(link);
    this.panel.replaceChildren(...parts, ...(lacking ? [h("p", {}, lacking)] : []), close);
    this.panel.showPopover();
    close.focus();
  }

  /** @param {string} link */
  #picture(link) {
    const failed = h("p", { hidden: true }, this.words.failed);
    const picture = h("img", {
      src: codeOf(link, "svg", location.href),
      alt: this.words.codeOfLink(this.to),
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
    const [before, between, behind] = this.words.save;
    return [picture, failed, h("p", {}, before, saved[0], between, saved[1], behind)];
  }
}
