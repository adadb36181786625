/**
 * Work in progress: what, how far, how long still, and a way to end it.
 *
 * @import { App } from "../app_types.js"
 * @import { Job } from "../net/stream.js"
 */

import { isEnded } from "../net/jobs.js";
import { h, iconButton, text } from "./dom.js";

/** @type {Record<string, string>} */
const NAMES = {
  detect: "Detecting",
  render: "Rendering",
  export: "Exporting",
  import: "Reading",
  reference: "Reading the sound",
  room: "Preparing the room",
  open: "Opening",
  proxy: "Making a smooth preview",
};

/** A rest in words. @param {number | null} seconds */
export function restText(seconds) {
  if (seconds === null || !Number.isFinite(seconds)) return "";
  if (seconds < 1) return "almost done";
  if (seconds < 90) return `${Math.round(seconds)} s left`;
  return `${Math.round(seconds / 60)} min left`;
}

/** @param {App} app @param {HTMLElement} place */
export function createProgress(app, place) {
  const { view } = app;
  /** @type {Map<string, {element: HTMLElement, update: (job: Job) => void}>} */
  const bars = new Map();

  /** @param {Job} first */
  function bar(first) {
    const name = h("span", {});
    const rest = h("span", { class: "dim" });
    const meter = h("progress", { max: 1, "aria-label": NAMES[first.kind] ?? first.kind });
    const element = h(
      "div",
      { class: "job", "data-job": first.id },
      name,
      meter,
      rest,
      iconButton("close", `Cancel: ${NAMES[first.kind] ?? first.kind}`, () =>
        app.jobs.cancel(first.id),
      ),
    );
    return {
      element,
      /** @param {Job} job */
      update(job) {
        const stage = job.state === "queued" ? "waiting" : job.stage;
        text(name, `${NAMES[job.kind] ?? job.kind}${stage ? ` · ${stage}` : ""}`);
        const count = job.total > 1 ? `${job.done} of ${job.total}` : "";
        text(rest, [count, restText(job.seconds_left)].filter(Boolean).join(" · "));
        if (job.total) meter.value = job.done / job.total;
        else meter.removeAttribute("value");
      },
    };
  }

  view.subscribe((now, before) => {
    if (now.jobs === before.jobs) return;
    const active = now.jobs.filter((job) => !isEnded(job));
    for (const job of active) {
      const known = bars.get(job.id) ?? bar(job);
      if (!bars.has(job.id)) place.append(known.element);
      bars.set(job.id, known);
      known.update(job);
    }
    for (const [id, { element }] of bars) {
      if (active.some((job) => job.id === id)) continue;
      element.remove();
      bars.delete(id);
    }
    place.hidden = !active.length;
  });
  place.hidden = true;
}
