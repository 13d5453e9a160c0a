/**
 * Lays the view out for the room that there is, and anew when that changes: in the usual size, or
 * in the presentation size, which is read from the last row.
 * @module
 */
import { presents } from "../shared/presentation.js";
import { kindOf } from "./kinds.js";
import { layOut } from "./layout.js";
import { placeAll } from "./scene.js";

const PRESENT_WIDTH = 900; // px of the stage that it needs
const RAIL_GROWS = 80; // px that the page takes from the stage then (cnnviz/ui/page.css)
const LARGE = 18 / 11; // how much larger words and numbers are then: 18 px at least
const BESIDE_MAPS = 550; // px of the window for what is above the maps, and the pinned number below

const GRADIENT = "gradient"; // what columns show where a loss goes back

/**
 * @param {import("./view_types.js").View} view
 * @param {HTMLElement} stageRoot
 */
export function createArrangement(view, stageRoot) {
  let fitted = "";

  /** What the layout depends on beside the network. */
  function space() {
    const width = Math.floor(stageRoot.clientWidth);
    const ratio = window.devicePixelRatio || 1;
    const least = view.text > 1 ? PRESENT_WIDTH : PRESENT_WIDTH + RAIL_GROWS;
    const large = presents() && width >= least;
    const text = large ? LARGE : 1;
    const room = large ? window.innerHeight - BESIDE_MAPS : 0;
    return { width, ratio, text, room };
  }

  return {
    /** Whether what is shown was laid out for another room than there is. */
    outgrown: () => !view.scene || fitted !== JSON.stringify(space()),

    arrange() {
      const { width, ratio, text, room } = space();
      if (!view.network || !width) return;
      fitted = JSON.stringify({ width, ratio, text, room });
      view.text = text;
      view.root.classList.toggle("large", text > 1);
      view.root.style.setProperty("--large", String(text));
      // For the page around it, whose canvas grows too.
      if (view.options.linked)
        document.documentElement.toggleAttribute("data-presentation", text > 1);
      /** @param {import("./types.js").Layer} layer */
      const wordsOf = (layer) => {
        const { form, short } = kindOf(layer);
        // Of a linear layer the column shows the weights.
        return view.back && form !== "contributions" ? GRADIENT : short(layer);
      };
      const inputWords = view.options.drag ? "drag it" : null;
      const plan = layOut(view.network, width, wordsOf, {
        inputWords: view.back ? GRADIENT : inputWords,
        barWords: view.back ? GRADIENT : null,
        text,
        room,
        looksFor: view.options.looksFor?.kernels.map(({ words }) => words),
        open: view.open,
        shownMaps: view.shownMaps,
      });
      view.open = plan.open;
      view.scene = placeAll(plan, view.network, ratio);
      view.stage.arrange(view.scene, Boolean(view.options.drag));
      view.stage.surface.arrange(view.scene, ratio);
      view.request("values", "weights");
    },
  };
}
