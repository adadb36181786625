/**
 * The selected events: where they are, what they sound like, which takes they have.
 *
 * @import { App } from "../app_types.js"
 */

import { decibels, linear } from "../audio/level.js";
import { HARDEST, SOFTEST } from "../audio/strength.js";
import { promptOf } from "../core/groups.js";
import { isFound } from "../core/review.js";
import { selectedEvents } from "../core/selection.js";
import { clockOf, clockTime, parseTime, timecodeAt } from "../core/timecode.js";
import { attribute, field, fill, h, icon, text } from "./dom.js";
import { common, group, numberIn, row } from "./rows.js";
import { takeList } from "./take_list.js";

/** @param {App} app */
export function eventForm(app) {
  const { store } = app;
  const events = () => selectedEvents(store.get());
  const ids = () => store.get().selection;
  /** @param {Partial<import("../core/types.js").HitEvent>} patch @param {string} [label] */
  const patch = (patch, label) => store.dispatch({ type: "patch", ids: ids(), patch, label });

  /**
   * A slider, each drag of which is one step.
   *
   * @param {string} label @param {import("./dom.js").Props} props
   * @param {(value: number) => Partial<import("../core/types.js").HitEvent>} patchOf
   */
  function slider(label, props, patchOf) {
    const input = h("input", { type: "range", step: 0.5, ...props });
    let gesture = "";
    input.addEventListener("pointerdown", () => (gesture = `${label} ${performance.now()}`));
    input.addEventListener("input", () => {
      const patch = patchOf(Number(input.value));
      const drag = gesture || `${label} ${ids()}`;
      store.dispatch({ type: "patch", ids: ids(), patch, label, gesture: drag });
    });
    return input;
  }

  const time = field({ name: "time", "aria-label": "Time" }, (value) => {
    const at = parseTime(value, clockOf(store.get().project));
    if (at === null) app.toast("That is no time; write 01:00:03:12 or 3.48.", "error");
    else store.dispatch({ type: "move", ids: ids(), delta: at - events()[0].time });
    update();
  });
  const seconds = h("span", { class: "dim" });
  const label = field(
    { name: "label", maxlength: 200, placeholder: "Name of the marker" },
    (value) => patch({ label: value }),
  );
  const prompt = field({ name: "prompt", maxlength: 500, list: "prompts" }, (value) =>
    patch({ prompt: value.trim() || null }, "Prompt"),
  );
  const groups = h("select", {
    name: "group",
    onchange: () => patch({ group: groups.value }, "Assign group"),
  });
  const gain = field(
    {
      name: "gain",
      inputmode: "decimal",
      class: "short",
      "aria-label": "Gain of the events in decibels",
    },
    (value) => {
      const db = numberIn(value);
      if (db === null) app.toast("That is no level; write decibels, such as -3.", "error");
      else patch({ gain: linear(Math.min(24, db)) }, "Gain");
      update();
    },
  );
  const gainSlider = slider(
    "Gain",
    { min: -24, max: 12, "aria-label": "Gain in decibels" },
    (db) => ({
      gain: linear(db),
    }),
  );
  const strength = field(
    {
      name: "strength",
      inputmode: "decimal",
      class: "short",
      "aria-label": "Strength of the events",
    },
    (value) => {
      const number = numberIn(value);
      if (number === null || number < SOFTEST || number > HARDEST)
        app.toast(`A strength is ${SOFTEST} to ${HARDEST}; 1 is the take as it is.`, "error");
      else patch({ strength: number }, "Strength");
      update();
    },
  );
  const strengthSlider = slider(
    "Strength",
    { min: -20, max: 9.5, "aria-label": "Strength in decibels" },
    (db) => ({ strength: Number(linear(db).toFixed(3)) }),
  );
  const seed = field({ name: "seed", inputmode: "numeric", class: "short" }, (value) => {
    const number = numberIn(value);
    if (number === null || number < 0) app.toast("A seed is a whole number from 0.", "error");
    else patch({ seed: Math.floor(number) }, "Seed");
    update();
  });
  /** @param {"mute" | "lock"} command @param {string} name */
  const toggle = (command, name) =>
    h(
      "button",
      { type: "button", class: "chip", "aria-pressed": "false", onclick: () => app.run(command) },
      name,
    );
  const [mute, lock] = [toggle("mute", "Mute"), toggle("lock", "Lock")];
  const origin = h("p", { class: "dim origin" });
  const takes = takeList(app);
  const render = h(
    "button",
    { type: "button", class: "primary", onclick: () => app.run("render") },
    icon("spark"),
    h("span", {}, "Render"),
  );
  const element = h(
    "form",
    { class: "form", onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
    row("Time", time, seconds),
    row("Label", label),
    row("Prompt", prompt),
    row("Group", groups),
    group("Gain", gain, h("span", { class: "unit" }, "dB"), gainSlider),
    group("Strength", strength, h("span", { class: "unit" }, "×"), strengthSlider),
    row("Seed", seed),
    group("Event", mute, lock),
    h(
      "div",
      { class: "actions" },
      render,
      h("button", { type: "button", onclick: () => app.sounding.newTakes() }, "New take"),
    ),
    takes.element,
    origin,
  );

  function update() {
    const { project } = store.get();
    const chosen = events();
    if (!chosen.length) return;
    const [first] = chosen;
    fill(time, timecodeAt(first.time, clockOf(project)));
    text(seconds, clockTime(first.time));
    fill(label, common(chosen.map((event) => event.label)));
    fill(prompt, common(chosen.map((event) => event.prompt ?? "")));
    attribute(
      prompt,
      "placeholder",
      common(chosen.map((event) => promptOf(project, event))) || "several prompts",
    );
    const names = project.groups.map((other) => h("option", { value: other.id }, other.name));
    if (
      groups.children.length !== names.length ||
      names.some((option, n) => option.textContent !== groups.children[n].textContent)
    )
      groups.replaceChildren(...names);
    groups.value = common(chosen.map((event) => event.group));
    const db = common(chosen.map((event) => Number(decibels(event.gain).toFixed(2))));
    fill(gain, db === "-Infinity" ? "-96" : db);
    fill(gainSlider, db === "" ? "0" : db);
    fill(strength, common(chosen.map((event) => Number(event.strength.toFixed(3)))));
    fill(strengthSlider, common(chosen.map((event) => decibels(event.strength))) || "0");
    fill(seed, common(chosen.map((event) => event.seed)));
    attribute(mute, "aria-pressed", String(chosen.every((event) => event.mute)));
    attribute(lock, "aria-pressed", String(chosen.every((event) => event.locked)));
    const ready = chosen.every((event) => event.take && !event.stale);
    text(render.lastElementChild ?? render, ready ? "Render again" : "Render");
    const sure = !isFound(first) ? "" : `, ${Math.round(first.confidence * 100)}% certain`;
    text(
      origin,
      chosen.length === 1 ? `${first.origin[0].toUpperCase()}${first.origin.slice(1)}${sure}` : "",
    );
    takes.update(chosen);
  }
  return { element, update };
}
