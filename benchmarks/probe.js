// Installed before the page's own scripts: notes what goes over the wire, finds the view.
(() => {
  /** @type {{at: number, bytes: number, sent: boolean}[]} */
  const messages = [];
  /** The view, once it was found. @type {HTMLElement | null} */
  let found = null;

  /** @param {string | BufferSource | Blob} data */
  function sizeOf(data) {
    if (typeof data === "string") return data.length;
    return data instanceof Blob ? data.size : data.byteLength;
  }

  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    /** @param {string | URL} url @param {string | string[]} [protocols] */
    constructor(url, protocols) {
      super(url, protocols);
      this.addEventListener("message", ({ data }) => {
        messages.push({ at: performance.now(), bytes: sizeOf(data), sent: false });
      });
    }

    /** @param {string | BufferSource | Blob} data */
    send(data) {
      messages.push({ at: performance.now(), bytes: sizeOf(data), sent: true });
      super.send(data);
    }
  };

  /** The network view's root, inside whichever open shadow root it is. */
  function view() {
    if (found?.isConnected) return found;
    /** @type {ParentNode[]} */
    const roots = [document];
    for (const root of roots) {
      found = root.querySelector('[data-cnnviz="network-view"]');
      if (found) return found;
      for (const { shadowRoot } of root.querySelectorAll("*"))
        if (shadowRoot) roots.push(shadowRoot);
    }
    return null;
  }

  const revision = () => Number(view()?.dataset.revision ?? 0);

  /** Resolves with the time when torch's values have been on screen for a frame. */
  const torch = (after = 0) =>
    new Promise((resolve) => {
      const look = () => {
        if (revision() > after && view()?.dataset.source === "torch") {
          requestAnimationFrame(() => resolve(performance.now()));
        } else requestAnimationFrame(look);
      };
      look();
    });

  /**
   * The next event of this type to its second animation frame, in ms, and whether all repainted.
   * @param {string} type
   */
  const next = (type) =>
    new Promise((resolve) => {
      const before = revision();
      const settle = (/** @type {Event} */ event) =>
        requestAnimationFrame(() =>
          requestAnimationFrame(() =>
            resolve({
              ms: performance.now() - event.timeStamp,
              repainted: revision() !== before,
            }),
          ),
        );
      addEventListener(type, settle, { once: true, capture: true });
    });

  /** Frames a second, over so many ms.
   * @param {number} ms
   */
  const framesIn = (ms) =>
    new Promise((resolve) => {
      const start = performance.now();
      let frames = 0;
      const count = () => {
        frames += 1;
        if (performance.now() - start < ms) requestAnimationFrame(count);
        else resolve((1000 * (frames - 1)) / (performance.now() - start));
      };
      requestAnimationFrame(count);
    });

  /** The unit that the inspector names; it is written in the frame that paints its highlight. */
  const named = () =>
    [".inspector-head h2", ".place"]
      .map((part) => view()?.querySelector(part)?.textContent)
      .join(", ");

  /**
   * The unit named at the end of the very frame that brings the next event of this type.
   * @param {string} type
   */
  const frameOf = (type) =>
    new Promise((resolve) => {
      const settle = () =>
        requestAnimationFrame(() => {
          // After this frame's other callbacks, before those of the next.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(named());
          port2.postMessage(null);
        });
      addEventListener(type, settle, { once: true, capture: true });
    });

  Object.assign(window, { probe: { messages, view, torch, next, framesIn, frameOf } });
})();
