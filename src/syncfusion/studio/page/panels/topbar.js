/**
 * The bar at the top: the clip, whether it is saved, undo, render, import, export, theme, help.
 *
 * @import { App } from "../app_types.js"
 * @import { Saving } from "../net/saving.js"
 */

import { unrendered } from "../commands/sounding.js";
import { attribute, h, icon, iconButton, text } from "./dom.js";

/** @type {Record<Saving, string>} */
const SAVING = {
  saved: "Saved",
  unsaved: "Edited",
  saving: "Saving …",
  offline: "Not saved: server away",
  conflict: "Conflict",
  refused: "Not saved",
};
/** @type {Record<string, "auto" | "light" | "dark">} */
const NEXT = { auto: "light", light: "dark", dark: "auto" };

/** @param {App} app @param {HTMLElement} place */
export function createTopbar(app, place) {
  const { store, view } = app;
  const clip = h("h1", {}, "SyncFusion");
  const saved = h("span", { class: "saving", role: "status" });
  const undo = iconButton("undo", "Undo", () => app.run("undo"));
  const redo = iconButton("redo", "Redo", () => app.run("redo"));
  const render = h(
    "button",
    { type: "button", class: "primary", onclick: () => app.sounding.renderChanged() },
    icon("spark"),
    h("span", {}, "Render"),
  );
  const theme = iconButton("sun", "Theme", () => view.dispatch({ theme: NEXT[view.get().theme] }));
  place.append(
    h("span", { class: "brand", "aria-hidden": "true" }, "SyncFusion"),
    clip,
    saved,
    h("span", { class: "spring" }),
    undo,
    redo,
    h("span", { class: "divider" }),
    h("button", { type: "button", onclick: () => app.dialogs.import() }, icon("import"), "Import"),
    h("button", { type: "button", onclick: () => app.dialogs.export() }, icon("export"), "Export"),
    render,
    h("span", { class: "divider" }),
    theme,
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Keys",
        title: "Keys (?)",
        onclick: () => app.run("help"),
      },
      "?",
    ),
  );

  function update() {
    const { project, past, future } = store.get();
    const { saving, connected, worker, theme: mode } = view.get();
    text(clip, project.name || project.video.split("/").at(-1) || "No clip");
    document.title = `${clip.textContent} – SyncFusion`;
    text(saved, connected ? SAVING[saving] : "Server away");
    saved.dataset.state = connected ? saving : "offline";
    undo.disabled = !past.length;
    redo.disabled = !future.length;
    attribute(
      undo,
      "title",
      past.length ? `Undo: ${past.at(-1)?.label} (Ctrl+Z)` : "Undo (Ctrl+Z)",
    );
    attribute(
      redo,
      "title",
      future.length ? `Redo: ${future[0].label} (Ctrl+Shift+Z)` : "Redo (Ctrl+Shift+Z)",
    );
    const left = unrendered(project.events).length;
    text(render.lastElementChild ?? render, left ? `Render ${left}` : "All rendered");
    render.disabled = left === 0;
    attribute(
      render,
      "title",
      worker === "ready" ? "Render what changed" : `The models are ${worker}`,
    );
    attribute(theme, "aria-label", `Theme: ${mode}`);
    attribute(theme, "title", `Theme: ${mode}`);
  }
  store.subscribe(
    (state, before) => (state.project !== before.project || state.past !== before.past) && update(),
  );
  view.subscribe((now, before) => {
    if (
      ["saving", "connected", "worker", "theme"].some(
        (key) => Reflect.get(now, key) !== Reflect.get(before, key),
      )
    )
      update();
  });
  update();
}
