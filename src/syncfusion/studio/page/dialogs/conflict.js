/**
 * The project was edited elsewhere: nothing is overwritten unasked.
 *
 * @import { App } from "../app_types.js"
 */

import { h } from "../panels/dom.js";
import { openDialog } from "./dialog.js";

let open = false;

/** @param {App} app @param {{takeTheirs: () => void, keepMine: () => void}} ways */
export function openConflict(app, { takeTheirs, keepMine }) {
  if (open) return;
  open = true;
  /** @param {() => void} way */
  const choose = (way) => () => {
    close();
    way();
  };
  const { dialog, close } = openDialog(
    "Edited elsewhere",
    [
      h(
        "div",
        { class: "dialog-body" },
        h(
          "p",
          {},
          "This project was changed in another tab or program. Nothing was overwritten; your last edits are only here.",
        ),
      ),
      h(
        "footer",
        {},
        h("button", { type: "button", onclick: choose(keepMine) }, "Keep mine"),
        h(
          "button",
          { type: "button", class: "primary", onclick: choose(takeTheirs) },
          "Load theirs",
        ),
      ),
    ],
    "small",
  );
  dialog.addEventListener("close", () => (open = false));
}
