/**
 * A page's modules come packed, at a third of their size. Its policy names the hash of what comes
 * out, so nothing else can run there. This module stands in the page as it is.
 * @module
 */
const { text } = /** @type {HTMLScriptElement} */ (document.querySelector("#packed"));
const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
const script = document.createElement("script");
script.type = "module";
script.textContent = await new Response(stream).text();
document.body.append(script);

export {};
