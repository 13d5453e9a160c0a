/**
 * What Streamlit calls each time that a component's element is sent: one view an element, which is
 * told what is new, and closed when the element goes away.
 *
 * @template Data
 * @typedef {import("./component.js").Component<Data>} Component
 */

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
    return () => {
      view.close();
      views.delete(parentElement);
    };
  };
}
