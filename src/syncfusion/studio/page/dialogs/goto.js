/**
 * Go to a timecode or to seconds.
 *
 * @import { App } from "../app_types.js"
 */

import { clockOf, parseTime, timecodeAt } from "../core/timecode.js";
import { h } from "../panels/dom.js";
import { openDialog } from "./dialog.js";

/** @param {App} app */
export function openGoto(app) {
  const { store, engine } = app;
  const clock = clockOf(store.get().project);
  const input = h("input", {
    type: "text",
    name: "time",
    "aria-label": "Timecode or seconds",
    autocomplete: "off",
    value: timecodeAt(engine.time(), clock),
  });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const form = h(
    "form",
    {
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        const time = parseTime(input.value, clock);
        if (time === null)
          wrong.textContent = "That is no time; write 01:00:03:12, 1:02.5 or 62.5.";
        else {
          engine.seek(time);
          app.reveal(engine.time());
          close();
        }
      },
    },
    input,
    wrong,
    h("footer", {}, h("button", { type: "submit", class: "primary" }, "Go")),
  );
  const { close } = openDialog("Go to", [form], "small");
  input.select();
}
