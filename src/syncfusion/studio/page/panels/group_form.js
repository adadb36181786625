/**
 * A group: its name, prompt, reference sound and level.
 *
 * @import { App } from "../app_types.js"
 */

import { decibels, linear } from "../audio/level.js";
import { COLORS } from "../core/defaults.js";
import { attribute, field, fill, h, text } from "./dom.js";
import { dropZone } from "./drop_zone.js";
import { group as rowGroup, numberIn, row } from "./rows.js";

/** @param {App} app */
export function groupForm(app) {
  const { store, view } = app;
  const current = () => store.get().project.groups.find((group) => group.id === view.get().group);
  /** @param {Partial<import("../core/types.js").Group>} patch */
  const patch = (patch) =>
    store.dispatch({ type: "patchGroup", id: view.get().group ?? "", patch });

  const name = field(
    { name: "name", maxlength: 60 },
    (value) => value.trim() && patch({ name: value.trim() }),
  );
  const prompt = field(
    { name: "prompt", maxlength: 500, list: "prompts", placeholder: "wood hit" },
    (value) => patch({ prompt: value.trim() }),
  );
  const gain = field({ name: "gain", inputmode: "decimal", class: "short" }, (value) => {
    const db = numberIn(value);
    if (db === null) app.toast("That is no level; write decibels, such as -3.", "error");
    else patch({ gain: linear(Math.min(24, db)) });
    update();
  });
  const library = field({ name: "library", placeholder: "folder of own recordings" }, (value) =>
    patch({ library: value.trim() || null }),
  );
  const reference = dropZone({
    text: "Drop a sound to imitate, or choose one",
    accept: "audio/*",
    take: async (file) => {
      const id = view.get().group ?? "";
      const job = await app.jobs.started(() => app.api.reference(file));
      if (job?.state === "done")
        store.dispatch({ type: "patchGroup", id, patch: { reference: job.result.name } });
    },
  });
  const clear = h(
    "button",
    { type: "button", class: "chip", onclick: () => patch({ reference: null }) },
    "Remove reference",
  );
  const swatches = h("span", { class: "swatches", role: "radiogroup", "aria-label": "Colour" });
  for (let color = 0; color < COLORS; color += 1) {
    swatches.append(
      h("button", {
        type: "button",
        role: "radio",
        class: "swatch-button",
        "data-color": color,
        "aria-label": `Colour ${color + 1}`,
        onclick: () => patch({ color }),
      }),
    );
  }
  const count = h("p", { class: "dim" });
  const remove = h(
    "button",
    {
      type: "button",
      class: "danger",
      onclick: () => {
        store.dispatch({ type: "removeGroup", id: view.get().group ?? "" });
        view.dispatch({ group: null });
      },
    },
    "Delete group",
  );
  const render = h(
    "button",
    { type: "button", class: "primary", onclick: () => app.sounding.render(own(), false) },
    "Render group",
  );
  const own = () => store.get().project.events.filter((event) => event.group === view.get().group);
  const takes = h(
    "button",
    { type: "button", onclick: () => app.sounding.render(own(), true) },
    "New takes",
  );
  const element = h(
    "form",
    { class: "form", onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
    row("Name", name),
    row("Prompt", prompt),
    rowGroup("Reference", reference.element, clear),
    row("Library", library),
    row("Gain", gain, h("span", { class: "unit" }, "dB")),
    rowGroup("Colour", swatches),
    h("div", { class: "actions" }, render, takes),
    count,
    h("div", { class: "actions" }, remove),
  );

  function update() {
    const group = current();
    if (!group) return;
    fill(name, group.name);
    fill(prompt, group.prompt);
    fill(library, group.library ?? "");
    fill(gain, group.gain > 0 ? String(Number(decibels(group.gain).toFixed(2))) : "-96");
    reference.show(group.reference);
    clear.hidden = group.reference === null;
    for (const button of swatches.children) {
      const chosen = button instanceof HTMLElement && Number(button.dataset.color) === group.color;
      attribute(button, "aria-checked", String(chosen));
    }
    text(count, `${own().length} events. Click the lane's name again to select them.`);
    remove.hidden = store.get().project.groups.length < 2;
  }
  return { element, update };
}
