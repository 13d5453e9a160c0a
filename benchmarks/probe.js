// Installed before the page's own scripts: notes what goes over the wire, finds the view.
(() => {
  const probe = { messages: [], painted: null };
  window.probe = probe;

  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => {
        const bytes = data.byteLength ?? data.size ?? data.length;
        probe.messages.push({ at: performance.now(), bytes, sent: false });
      });
    }
    send(data) {
      const bytes = data.byteLength ?? data.size ?? data.length;
      probe.messages.push({ at: performance.now(), bytes, sent: true });
      super.send(data);
    }
  };

  /** The network view's root, inside whichever open shadow root it is. */
  probe.view = () => {
    if (probe.found?.isConnected) return probe.found;
    const roots = [document];
    while (roots.length) {
      const root = roots.pop();
      const view = root.querySelector('[data-cnnviz="network-view"]');
      if (view) return (probe.found = view);
      for (const element of root.querySelectorAll("*")) {
        if (element.shadowRoot) roots.push(element.shadowRoot);
      }
    }
    return null;
  };

  /** Resolves with the time when torch's values have been on screen for a frame. */
  probe.torch = (after = 0) =>
    new Promise((resolve) => {
      const look = () => {
        const view = probe.view();
        const fresh = view && Number(view.dataset.revision) > after;
        if (fresh && view.dataset.source === "torch") {
          requestAnimationFrame(() => resolve(performance.now()));
        } else requestAnimationFrame(look);
      };
      look();
    });

  /** The next event of this type to its second animation frame, in ms, and whether all repainted. */
  probe.next = (type) =>
    new Promise((resolve) => {
      const before = probe.view().dataset.revision;
      addEventListener(
        type,
        (event) => {
          requestAnimationFrame(() =>
            requestAnimationFrame(() =>
              resolve({
                ms: performance.now() - event.timeStamp,
                repainted: probe.view().dataset.revision !== before,
              }),
            ),
          );
        },
        { once: true, capture: true },
      );
    });

  probe.framesIn = (ms) =>
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
})();
