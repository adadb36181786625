/**
 * Events that come back: what the file changes is shown first, then applied as one step.
 *
 * @import { App } from "../app_types.js"
 * @import { Diff, Group } from "../core/types.js"
 */

import { sizeOf } from "../core/importing.js";
import { clockOf, timecodeAt } from "../core/timecode.js";
import { deltaText } from "../timeline/snaps.js";
import { h } from "../panels/dom.js";
import { dropZone } from "../panels/drop_zone.js";
import { openDialog } from "./dialog.js";

/**
 * The server's diff in the page's form.
 *
 * @param {any} given
 * @param {Group[]} [groups]  all after it
 * @param {readonly Group[]} [known]  those before it
 * @returns {Diff}
 */
export function diffOf(given, groups = [], known = []) {
  const changed = (given.changed ?? []).map((/** @type {any} */ one) => {
    const { id, before = {}, after = one.patch ?? {} } = one;
    const keys = Object.keys(after).filter(
      (key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]),
    );
    return {
      id,
      patch: Object.fromEntries(
        keys.filter((key) => key !== "time").map((key) => [key, after[key]]),
      ),
    };
  });
  return {
    added: given.added ?? [],
    moved: given.moved ?? [],
    deleted: given.deleted ?? [],
    changed,
    groups: groups.filter((group) => !known.some((other) => other.id === group.id)),
  };
}

/** Show what a finished job would change. @param {App} app @param {string} name @param {any} result */
function received(app, name, { diff, groups }) {
  review(app, name, diffOf(diff, groups, app.store.get().project.groups));
}

/** @param {App} app */
export function openImport(app) {
  const zone = dropZone({
    text: "Drop a file of events here, or choose one: MIDI, Audacity, REAPER, csv, json, EDL, cue …",
    accept: "",
    take: async (file) => {
      const job = await app.jobs.started(() => app.api.importEvents(file));
      if (job?.state !== "done") return;
      close();
      received(app, file.name, job.result);
    },
  });
  const { close } = openDialog(
    "Import events",
    [h("div", { class: "dialog-body" }, zone.element)],
    "small",
  );
}

/** @param {App} app @param {File} file */
export async function importFile(app, file) {
  const job = await app.jobs.started(() => app.api.importEvents(file));
  if (job?.state === "done") received(app, file.name, job.result);
}

/** @param {App} app @param {string} name @param {Diff} diff */
function review(app, name, diff) {
  const { project } = app.store.get();
  const clock = clockOf(project);
  if (!sizeOf(diff)) return app.toast(`${name} changes nothing.`, "success");
  const nameOf = (/** @type {string} */ id) => {
    const event = project.events.find((other) => other.id === id);
    return event ? `${event.label || "event"} at ${timecodeAt(event.time, clock)}` : id;
  };
  /** @type {[string, string, string[]][]} */
  const parts = [
    [
      "added",
      "Added",
      diff.added.map((event) => {
        const group = diff.groups?.find((other) => other.id === event.group);
        return `${event.label || group?.name || "event"} at ${timecodeAt(event.time ?? 0, clock)}`;
      }),
    ],
    [
      "moved",
      "Moved",
      diff.moved.map(
        ({ id, from, to }) =>
          `${nameOf(id)} → ${timecodeAt(to, clock)} (${deltaText(to - from, clock)})`,
      ),
    ],
    ["deleted", "Deleted", diff.deleted.map(nameOf)],
    [
      "changed",
      "Changed",
      diff.changed.map(
        ({ id, patch }) =>
          `${nameOf(id)}: ${Object.entries(patch)
            .map(([key, value]) => `${key} ${value}`)
            .join(", ")}`,
      ),
    ],
  ];
  const sections = parts
    .filter(([, , lines]) => lines.length)
    .map(([key, title, lines]) => {
      const box = h("input", { type: "checkbox", name: key, checked: true });
      return h(
        "details",
        { class: `diff ${key}`, open: lines.length <= 12 },
        h("summary", {}, `${title} ${lines.length}`),
        h("label", {}, box, ` Apply`),
        h("ul", {}, ...lines.map((line) => h("li", {}, line))),
      );
    });
  const form = h(
    "form",
    {},
    h("p", {}, `${name} differs from the project:`),
    ...sections,
    h("footer", {}, h("button", { type: "submit", class: "primary" }, "Apply as one step")),
  );
  const { close } = openDialog("Changes", [form], "wide");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = new FormData(form);
    const left = Object.fromEntries(
      parts.filter(([key]) => !chosen.has(key)).map(([key]) => [key, []]),
    );
    app.store.dispatch({ type: "import", diff: { ...diff, ...left } });
    close();
  });
  return undefined;
}
