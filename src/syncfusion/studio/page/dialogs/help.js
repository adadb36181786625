/**
 * All keys; another program's can be chosen, and each can be changed.
 *
 * @import { App } from "../app_types.js"
 * @import { Binding, Command } from "../keys/bindings.js"
 * @import { Keymap } from "../keys/keymap.js"
 */

import { DIGITS, chord, keyText } from "../keys/bindings.js";
import { PRESETS } from "../keys/presets.js";
import { h } from "../panels/dom.js";
import { openDialog } from "./dialog.js";

const MAC = /Mac|iPad|iPhone/.test(navigator.userAgent);
const MOUSE = [
  ["Double click on a lane", "Add an event there"],
  ["Drag an event", "Move it, or the selection with it"],
  ["Shift while dragging", "Without snapping"],
  ["Ctrl and Shift while dragging", "Move all later events along"],
  ["Ctrl or Shift and click", "Add to the selection; select a range"],
  ["Drag on an empty lane", "Select what the box touches"],
  ["Drag the line in the curve", "Threshold"],
  ["Drag in the curve", "In and out points"],
  ["Ctrl and wheel, pinch", "Zoom at the pointer"],
  ["Wheel, two fingers, minimap", "Scroll"],
];

/** @param {App} app @param {Keymap} keymap */
export function openHelp(app, keymap) {
  const body = h("div", { class: "help-body" });
  const preset = h(
    "select",
    { "aria-label": "Keys of", onchange: () => (keymap.choose(preset.value), fill()) },
    ...Object.entries(PRESETS).map(([name, { title }]) => h("option", { value: name }, title)),
  );
  const reset = h("button", { type: "button", onclick: () => (keymap.reset(), fill()) }, "Reset");
  const bar = h(
    "div",
    { class: "help-bar" },
    h("label", {}, "Keys of ", preset),
    reset,
    h("span", { class: "dim" }, "Click a key to change it."),
  );
  openDialog("Keys", [bar, body], "help");

  /** @param {Binding} binding */
  function line({ command, keys, text }) {
    const button = h(
      "button",
      { type: "button", class: "keys", onclick: () => listen(button, command) },
      ...(keys.length ? keys : ["–"]).map((key) => h("kbd", {}, keyText(key, MAC))),
      h("span", { class: "visually-hidden" }, ` Keys for ${text}`),
    );
    return h("tr", {}, h("td", {}, button), h("td", {}, text));
  }

  /** @param {HTMLElement} button @param {Command} command */
  function listen(button, command) {
    button.replaceChildren(h("kbd", { class: "waiting" }, "Press a key"));
    const take = (/** @type {KeyboardEvent} */ event) => {
      event.preventDefault();
      event.stopPropagation();
      if (/^(Shift|Control|Alt|Meta)/.test(event.code)) return;
      removeEventListener("keydown", take, true);
      if (event.code !== "Escape") {
        const keys = chord(event.code, {
          shift: event.shiftKey,
          mod: event.ctrlKey || event.metaKey,
          alt: event.altKey,
        });
        const other = keymap
          .table()
          .find((binding) => binding.command !== command && binding.keys.includes(keys));
        if (other) app.toast(`${keyText(keys, MAC)} was the key for “${other.text}”.`);
        keymap.assign(command, keys);
      }
      fill();
    };
    addEventListener("keydown", take, true);
  }

  function fill() {
    preset.value = keymap.preset();
    const sections = [...new Set(keymap.table().map((binding) => binding.section))];
    body.replaceChildren(
      ...sections.map((section) =>
        h(
          "section",
          {},
          h("h3", {}, section),
          h(
            "table",
            {},
            h(
              "tbody",
              {},
              ...keymap
                .table()
                .filter((binding) => binding.section === section)
                .map(line),
              section === DIGITS.section
                ? h(
                    "tr",
                    {},
                    h("td", {}, ...DIGITS.keys.map((key) => h("kbd", {}, key))),
                    h("td", {}, DIGITS.text),
                  )
                : null,
            ),
          ),
        ),
      ),
      h(
        "section",
        {},
        h("h3", {}, "Mouse and fingers"),
        h(
          "table",
          {},
          h(
            "tbody",
            {},
            ...MOUSE.map(([how, what]) => h("tr", {}, h("td", {}, how), h("td", {}, what))),
          ),
        ),
      ),
    );
  }
  fill();
}
