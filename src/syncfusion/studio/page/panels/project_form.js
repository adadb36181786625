/**
 * The project: timecode, seed, room, how late the user taps.
 *
 * @import { App } from "../app_types.js"
 */

import { listenToPads, gainOf } from "../audio/pads.js";
import { openOldTakes } from "../dialogs/old_takes.js";
import { framesOf, clockOf } from "../core/timecode.js";
import { field, fill, h, text } from "./dom.js";
import { numberIn, row } from "./rows.js";

const ROOMS = ["dry", "small", "hall"];

/** @param {App} app */
export function projectForm(app) {
  const { store, view } = app;
  /** @param {Partial<import("../core/types.js").Project>} patch */
  const patch = (patch) => store.dispatch({ type: "settings", patch });
  const clock = () => clockOf(store.get().project);

  const start = field({ name: "start", "aria-label": "Start timecode" }, (value) => {
    if (framesOf(value, clock()) === null)
      app.toast("That is no timecode of this frame rate; write 01:00:00:00.", "error");
    else patch({ start_timecode: value.trim() });
    update();
  });
  const drop = h("input", {
    type: "checkbox",
    onchange: () => patch({ drop_frame: drop.checked }),
  });
  const seed = field({ name: "seed", inputmode: "numeric", class: "short" }, (value) => {
    const number = numberIn(value);
    if (number !== null && number >= 0) patch({ seed: Math.floor(number) });
    update();
  });
  const room = h(
    "select",
    { name: "room", onchange: () => patch({ room: room.value }) },
    ...ROOMS.map((name) => h("option", { value: name }, name)),
  );
  const tap = field({ name: "tap", inputmode: "decimal", class: "short" }, (value) => {
    const milliseconds = numberIn(value);
    if (milliseconds !== null) view.dispatch({ tapDelay: milliseconds / 1000 });
    update();
  });
  const pad = h(
    "button",
    { type: "button", class: "chip", onclick: connect },
    "Connect a MIDI pad",
  );
  const tidy = h(
    "button",
    {
      type: "button",
      class: "chip",
      title: "Takes that no event and no step of undo refers to",
      onclick: () => openOldTakes(app),
    },
    "Old takes …",
  );
  const facts = h("p", { class: "dim" });
  const element = h(
    "form",
    { class: "form", onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
    row("Start", start),
    row("Drop-frame", drop),
    row("Seed", seed),
    row("Room", room),
    row("Taps late by", tap, h("span", { class: "unit" }, "ms")),
    h("div", { class: "actions" }, pad, tidy),
    facts,
    h(
      "p",
      { class: "dim" },
      "Select an event to shape its sound, or a lane's name for its group. Press ? for all keys.",
    ),
  );

  async function connect() {
    const there = await listenToPads(({ velocity }) => app.tap(gainOf(velocity)));
    text(pad, there ? "MIDI pad connected" : "No MIDI in this browser");
  }

  function update() {
    const { project } = store.get();
    fill(start, project.start_timecode);
    const [numerator, denominator] = project.frame_rate;
    drop.checked = project.drop_frame;
    drop.disabled = !(denominator === 1001 && [30000, 60000].includes(numerator));
    fill(seed, String(project.seed));
    if (!ROOMS.includes(project.room))
      room.append(h("option", { value: project.room }, project.room));
    fill(room, project.room);
    fill(tap, String(Math.round(view.get().tapDelay * 1000)));
    const rate = Number((numerator / denominator).toFixed(3));
    text(
      facts,
      `${project.name || project.video} · ${project.duration.toFixed(2)} s · ${rate} frames/s · ${project.events.length} events`,
    );
  }
  return { element, update };
}
