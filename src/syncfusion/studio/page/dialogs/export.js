/**
 * What leaves: sound, stems, video and event files.
 *
 * @import { App } from "../app_types.js"
 */

import { unrendered } from "../commands/sounding.js";
import { h } from "../panels/dom.js";
import { openDialog } from "./dialog.js";

/** @param {string} name @param {string} title @param {string} detail @param {boolean} checked */
function choice(name, title, detail, checked) {
  const box = h("input", { type: "checkbox", name, checked });
  return h(
    "label",
    { class: "choice" },
    box,
    h("span", {}, title, detail ? h("small", {}, detail) : null),
  );
}

/** Bytes in words. @param {number} bytes */
const size = (bytes) =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

/** @param {App} app */
export async function openExport(app) {
  const formats = await app.api.formats().catch((error) => (app.toast(error.message, "error"), []));
  const left = unrendered(app.store.get().project.events).length;
  const files = h("ul", { class: "files", "aria-label": "Exported files" });
  const go = h("button", { type: "submit", class: "primary" }, "Export");
  const form = h(
    "form",
    {},
    h(
      "fieldset",
      {},
      h("legend", {}, "Sound and picture"),
      choice("mix", "Mix", "48 kHz, 24 bit", true),
      choice("stems", "Stems", "one file per group; they sum to the mix", true),
      choice("video", "Video with the mix", "", false),
    ),
    h(
      "fieldset",
      { class: "formats" },
      h("legend", {}, "Events"),
      ...formats.map(({ name, suffix, opened_by }) =>
        choice(`format:${name}`, `${name} ${suffix}`, opened_by, name === "midi"),
      ),
    ),
    left
      ? h("p", { class: "note" }, `${left} events are not rendered yet; they are rendered first.`)
      : null,
    files,
    h("footer", {}, go),
  );
  openDialog("Export", [form], "wide");

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = new Set([...new FormData(form).keys()]);
    const picked = [...chosen]
      .filter((name) => name.startsWith("format:"))
      .map((name) => name.slice(7));
    if (!chosen.size) return app.toast("Choose at least one file.", "error");
    go.disabled = true;
    go.textContent = "Exporting …";
    const job = await app.jobs.post({
      kind: "export",
      formats: picked,
      mix: chosen.has("mix"),
      stems: chosen.has("stems"),
      video: chosen.has("video"),
    });
    go.disabled = false;
    go.textContent = "Export";
    if (job?.state === "done") show(job.result.files);
    return undefined;
  });

  /** @param {{name: string, bytes: number}[]} made */
  function show(made) {
    files.replaceChildren(
      ...made.map(({ name, bytes }) => {
        const address = `api/files/${name.split("/").map(encodeURIComponent).join("/")}`;
        return h(
          "li",
          {},
          h("a", { href: address, download: name.split("/").at(-1) }, name),
          h("span", { class: "dim" }, size(bytes)),
        );
      }),
    );
    files.querySelector("a")?.focus();
  }
}
