/**
 * The component's entry, and the only module that knows Streamlit: messages in, triggers out.
 * @module
 */
import { storeWeights } from "./payload.js";
import { createView } from "./view.js";

const views = new WeakMap();

export default function render({ data, parentElement, setTriggerValue }) {
  if (!data) return undefined;
  if (data.role === "weights") {
    storeWeights(data);
    return undefined;
  }
  let made = views.get(parentElement);
  if (!made) {
    made = createView(parentElement.querySelector(".network-view"), setTriggerValue);
    views.set(parentElement, made);
  }
  made.setTrace(data);
  return () => {
    made.destroy();
    views.delete(parentElement);
  };
}
