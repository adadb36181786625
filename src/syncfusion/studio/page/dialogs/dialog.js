/** A modal dialog: the browser's own, with a title and a way to close it. */

import { h, iconButton } from "../panels/dom.js";

/**
 * @param {string} title
 * @param {import("../panels/dom.js").Child[]} children
 * @param {string} [kind]  a class
 */
export function openDialog(title, children, kind = "") {
  const id = `dialog-${title.replace(/\W+/g, "-").toLowerCase()}`;
  const close = () => dialog.close();
  const dialog = h(
    "dialog",
    { class: `dialog ${kind}`, "aria-labelledby": id },
    h("header", {}, h("h2", { id }, title), iconButton("close", "Close", close)),
    ...children,
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, close };
}
