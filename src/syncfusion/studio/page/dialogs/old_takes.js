/**
 * Takes that nothing refers to any more: how many there are, and their removal.
 *
 * @import { App } from "../app_types.js"
 */

import { referredTakes } from "../core/takes.js";
import { h } from "../panels/dom.js";
import { openDialog } from "./dialog.js";

/** @param {{takes: number, bytes: number}} found */
const amount = ({ takes, bytes }) =>
  `${takes} ${takes === 1 ? "take" : "takes"}, ${(bytes / 1e6).toFixed(1)} MB`;

/** @param {App} app */
export async function openOldTakes(app) {
  const kept = () => referredTakes(app.store.get());
  try {
    await app.saving.flush();
    const found = await app.api.oldTakes(kept(), false);
    if (!found.takes) return app.toast("Every take belongs to an event or to a step of undo.");
    const remove = h("button", { type: "button", class: "danger", onclick: removed }, "Remove");
    const words = `To no event and to no step of undo belong ${amount(found)}.`;
    const footer = h("footer", {}, remove);
    const body = h("div", { class: "dialog-body" }, h("p", {}, words), footer);
    const { close } = openDialog("Old takes", [body], "small");

    async function removed() {
      close();
      try {
        const gone = await app.api.oldTakes(kept(), true);
        app.toast(`Removed ${amount(gone)}.`, "success");
      } catch (error) {
        app.toast(/** @type {Error} */ (error).message, "error");
      }
    }
  } catch (error) {
    app.toast(/** @type {Error} */ (error).message, "error");
  }
  return undefined;
}
