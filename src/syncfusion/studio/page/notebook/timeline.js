/**
 * The timeline in a notebook: the page's state, pictures and gestures, without sound or server.
 *
 * @import { App } from "../app_types.js"
 * @import { Model } from "./loader.js"
 */

import { initial, reduce } from "../core/state.js";
import { createStore } from "../core/store.js";
import { fitted } from "../core/viewport.js";
import { h } from "../panels/dom.js";
import { listenToMinimap } from "../timeline/minimap_pointer.js";
import { listenToPointers } from "../timeline/pointer.js";
import { createSurface } from "../timeline/surface.js";
import { createView } from "../view.js";

const REST = 100; // ms without an edit before the notebook has it
const HINT =
  "Drag moves, a double click adds, Delete removes, Ctrl+Z undoes; the wheel scrolls, with Ctrl it zooms.";

/** @param {Model} model @param {() => any} project */
function createSync(model, project) {
  let timer = 0;
  return {
    later() {
      clearTimeout(timer);
      timer = setTimeout(() => {
        model.set("project", project());
        model.save_changes();
      }, REST);
    },
    /** Whether the model's project came from here. */
    isOwn: () => model.get("project") === project(),
  };
}

/** What the timeline needs of a studio that plays nothing. @param {App["store"]} store @param {App["view"]} view */
function silent(store, view) {
  let head = 0;
  const engine = {
    time: () => head,
    playing: () => false,
    seek: (/** @type {number} */ time) => (head = time),
  };
  const takes = { peek: () => null };
  const original = { need: () => {}, block: () => null };
  const parts = { store, view, engine, takes, original, run: () => {} };
  return /** @type {App} */ (/** @type {unknown} */ (parts));
}

/** @param {KeyboardEvent} event @param {App["store"]} store */
function key(event, store) {
  const mod = event.ctrlKey || event.metaKey;
  if (event.key === "Delete" || event.key === "Backspace")
    store.dispatch({ type: "remove", ids: store.get().selection });
  else if (mod && event.code === "KeyZ") store.dispatch({ type: event.shiftKey ? "redo" : "undo" });
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** @param {Model} model @param {HTMLElement} el @returns {() => void} the end */
export function show(model, el) {
  const store = createStore(reduce, initial(model.get("project"), model.get("curve") ?? undefined));
  const view = createView();
  const [base, over, map] = ["", "over", ""].map((name) => h("canvas", { class: name }));
  const sticky = h("div", { class: "canvas-sticky" }, base, over);
  const scroller = h("div", { class: "scroller" }, h("div", { class: "canvas-column" }, sticky));
  const root = h(
    "div",
    { class: "syncfusion-timeline", tabindex: 0, role: "group", "aria-label": "Timeline" },
    scroller,
    h("div", { class: "minimap" }, map),
    h("p", {}, HINT),
  );
  el.append(root);
  const app = silent(store, view);
  const surface = createSurface(app, { scroller, base, over, map });
  listenToPointers(app, surface, base);
  listenToMinimap(view, map);
  const sync = createSync(model, () => store.get().project);

  function fit() {
    const { duration } = store.get().project;
    const shown = { ...view.get().viewport, width: scroller.clientWidth, duration };
    if (shown.width) view.dispatch({ viewport: fitted(shown) });
    surface.recolour();
  }
  const observer = new ResizeObserver(fit); // a notebook may put it on the screen later
  observer.observe(scroller);
  store.subscribe((state, before) => state.project !== before.project && sync.later());
  root.addEventListener("keydown", (event) => key(event, store));
  base.addEventListener("pointerdown", () => root.focus({ preventScroll: true }));
  const changed = () => {
    if (!sync.isOwn()) store.dispatch({ type: "load", project: model.get("project") });
  };
  model.on("change:project", changed);
  return () => {
    model.off("change:project", changed);
    observer.disconnect();
    surface.stop();
  };
}
