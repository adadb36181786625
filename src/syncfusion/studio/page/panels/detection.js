/**
 * The bar over the timeline: threshold, gap, snapping, zoom.
 *
 * @import { App } from "../app_types.js"
 * @import { Target } from "../core/snapping.js"
 */

import { attribute, fill, h, icon, iconButton, text } from "./dom.js";

/** @type {[Target, string][]} */
const TARGETS = [
  ["peak", "Detector's peaks"],
  ["frame", "Frames"],
  ["playhead", "Playhead"],
  ["event", "Other events"],
  ["cut", "Shot cuts"],
];

/** @param {App} app @param {HTMLElement} place */
export function createDetection(app, place) {
  const { store, view } = app;
  let gesture = 0;

  /** @param {string} name @param {Record<string, number>} range @param {(value: number) => {threshold: number, gap: number}} settings */
  function slider(name, range, settings) {
    const value = h("output", {});
    const input = h("input", { type: "range", "aria-label": name, ...range });
    input.addEventListener("pointerdown", () => (gesture += 1));
    input.addEventListener("keydown", () => (gesture += 1));
    input.addEventListener("input", () =>
      store.dispatch({
        type: "decode",
        ...settings(Number(input.value)),
        gesture: `${name} ${gesture}`,
      }),
    );
    place.append(h("label", { class: "slider" }, h("span", {}, name), input, value));
    return { input, value };
  }

  const threshold = slider("Threshold", { min: 0, max: 1, step: 0.01 }, (value) => ({
    threshold: value,
    gap: store.get().project.minimum_gap,
  }));
  const gap = slider("Gap", { min: 0, max: 1, step: 0.01 }, (value) => ({
    threshold: store.get().project.threshold,
    gap: value,
  }));
  const detect = h("button", { type: "button", onclick: () => app.detect() }, "Detect");
  const review = h(
    "button",
    {
      type: "button",
      class: "review-button",
      title: "Doubtful events first (D)",
      onclick: () => app.run("doubtful"),
    },
    "Review",
  );
  const snap = h(
    "button",
    {
      type: "button",
      class: "chip",
      "aria-pressed": "true",
      title: "Snapping (N)",
      onclick: () => app.run("snapping"),
    },
    icon("magnet"),
    h("span", {}, "Snap"),
  );
  const boxes = TARGETS.map(([target, name]) => {
    const box = h("input", {
      type: "checkbox",
      onchange: () => view.dispatch({ targets: { ...view.get().targets, [target]: box.checked } }),
    });
    return { target, box, label: h("label", {}, box, h("span", {}, name)) };
  });
  const menu = h(
    "details",
    { class: "menu" },
    h("summary", { "aria-label": "What events snap to", title: "What events snap to" }, "▾"),
    h("div", { class: "menu-body" }, ...boxes.map(({ label }) => label)),
  );
  const follow = iconButton("follow", "Follow the playhead (F)", () => app.run("follow"), {
    "aria-pressed": "true",
  });
  place.append(
    detect,
    review,
    h("span", { class: "spring" }),
    snap,
    menu,
    follow,
    iconButton("zoomOut", "Zoom out (−)", () => app.run("zoomOut")),
    iconButton("zoomIn", "Zoom in (+)", () => app.run("zoomIn")),
    iconButton("fit", "Fit all (Shift+Z)", () => app.run("fitAll")),
  );

  function update() {
    const { project } = store.get();
    const { snapping, targets, follows, detected, reviewing } = view.get();
    fill(threshold.input, String(project.threshold));
    text(threshold.value, project.threshold.toFixed(2));
    fill(gap.input, String(project.minimum_gap));
    text(gap.value, `${project.minimum_gap.toFixed(2)} s`);
    attribute(snap, "aria-pressed", String(snapping));
    attribute(follow, "aria-pressed", String(follows));
    attribute(review, "aria-pressed", String(reviewing));
    text(detect, detected ? "Detect again" : "Detect");
    for (const { target, box } of boxes) box.checked = targets[target];
  }
  document.addEventListener("pointerdown", (event) => {
    if (menu.open && event.target instanceof Node && !menu.contains(event.target))
      menu.open = false;
  });
  store.subscribe((state, before) => state.project !== before.project && update());
  view.subscribe(update);
  update();
}
