/**
 * What Streamlit calls each time that a component's element is sent: one view an element, which is
 * told what is new, and closed when the element goes away.
 *
 * @module
 */

/**
 * @template Data
 * @typedef {import("./component.js").Component<Data>} Component
 */

/**
 * What a component gives to be called once its element has gone.
 *
 * Streamlit calls it at another time, too: where newer data came while a component was still being
 * told of the older, it takes back the older. The element is in the page then, and its view stays:
 * it is told of the newer data next.
 * @param {Node} parentElement
 * @param {() => void} close
 * @returns {() => void}
 */
export function onceGone(parentElement, close) {
  return () => {
    if (!parentElement.isConnected) close();
  };
}

/**
 * @template Data
 * @template {{receive: (component: Component<Data>) => void, close: () => void}} View
 * @param {(component: Component<Data>) => View} create  a view that hasn't received anything yet
 * @returns {(component: Component<Data>) => () => void}
 */
export function renderer(create) {
  /** @type {WeakMap<HTMLElement | ShadowRoot, View>} */
  const views = new WeakMap();
  return (component) => {
    const { parentElement } = component;
    const view = views.get(parentElement) ?? create(component);
    views.set(parentElement, view);
    view.receive(component);
    return onceGone(parentElement, () => {
      view.close();
      views.delete(parentElement);
    });
  };
}
