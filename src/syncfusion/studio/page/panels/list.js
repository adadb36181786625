/**
 * The list of events: each one is a row that a keyboard, a screen reader and a test can reach.
 *
 * @import { App } from "../app_types.js"
 * @import { HitEvent, State, Group } from "../core/types.js"
 */

import { promptOf } from "../core/groups.js";
import { isFound } from "../core/review.js";
import { clockOf, timecodeAt } from "../core/timecode.js";
import { attribute, h, icon } from "./dom.js";

const MOST = 5000; // rows that are kept
const REST = 100; // ms between two updates, at least
const RESTS = 20; // times an update's cost until the next, at least
const PARTS = 40; // of the clip: the rows of one are laid out only where they are in sight
const ROW = 28; // pixels

/**
 * @param {App} app
 * @param {{list: HTMLElement, count: HTMLElement, empty: HTMLElement}} parts
 */
export function createList(app, { list, count, empty }) {
  const { store, view } = app;
  /** @type {Map<string, {row: HTMLElement, event: HitEvent, group: Group | undefined}>} */
  const rows = new Map();
  const parts = Array.from({ length: PARTS }, () => h("div", { class: "event-part" }));
  list.append(...parts);
  let timer = 0; // of an update that waits
  let due = false; // at the next frame
  let next = 0; // ms: while a gesture lasts, not before

  /** @param {HitEvent} event @param {State["project"]} project */
  function rowOf(event, project) {
    const group = project.groups.find((other) => other.id === event.group);
    const known = rows.get(event.id);
    if (known && known.event === event && known.group === group) return known.row;
    const row =
      known?.row ??
      h("div", {
        role: "option",
        id: `event-${event.id}`,
        class: "event-row",
        "data-id": event.id,
      });
    describe(row, event, project, group);
    rows.set(event.id, { row, event, group });
    return row;
  }

  /** @param {HTMLElement} row @param {HitEvent} event @param {State["project"]} project @param {Group | undefined} group */
  function describe(row, event, project, group) {
    const sure = !isFound(event) ? "" : `${Math.round(100 * event.confidence)}%`;
    const name = event.label || promptOf(project, event) || group?.name || "";
    const status = !event.take ? "not rendered" : event.stale ? "to render again" : "rendered";
    const said = [status, event.locked && "locked", event.mute && "muted"]
      .filter(Boolean)
      .join(", ");
    row.dataset.time = String(event.time);
    row.dataset.color = String((group?.color ?? 0) % 10);
    row.classList.toggle("muted", event.mute);
    row.classList.toggle("pending", !event.take || event.stale);
    row.replaceChildren(
      h("span", { class: "swatch", title: status, role: "img", "aria-label": said }),
      h("span", { class: "tc" }, timecodeAt(event.time, clockOf(project))),
      h("span", { class: "name" }, name),
      h("span", { class: "sure" }, sure),
      h("span", { class: "flag" }, event.locked ? icon("lock") : null),
    );
  }

  function update() {
    const begin = performance.now();
    due = false;
    clearTimeout(timer);
    timer = 0;
    const { project, selection } = store.get();
    const selected = new Set(selection);
    const there = new Set();
    const places = parts.map((part) => part.firstElementChild);
    const counts = parts.map(() => 0);
    for (const event of project.events) {
      const row = rowOf(event, project);
      const n = Math.max(0, Math.floor((PARTS * event.time) / (project.duration || Infinity)));
      const part = Math.min(PARTS - 1, n);
      there.add(event.id);
      counts[part] += 1;
      attribute(row, "aria-selected", String(selected.has(event.id)));
      const place = places[part];
      if (row === place) places[part] = row.nextElementSibling;
      else parts[part].insertBefore(row, place);
    }
    for (const [n, part] of parts.entries())
      part.style.containIntrinsicHeight = `${ROW * counts[n]}px`;
    for (const [id, { row }] of rows) {
      if (there.has(id)) continue;
      if (row.parentElement) row.remove(); // kept: a slider that goes back brings it again
      if (rows.size > MOST) rows.delete(id);
    }
    const last = selection[selection.length - 1];
    attribute(list, "aria-activedescendant", last ? `event-${last}` : null);
    const chosen = selection.length
      ? `${selection.length} of ${project.events.length} selected`
      : `${project.events.length} events`;
    count.textContent = chosen;
    empty.hidden = project.events.length > 0;
    const end = performance.now();
    next = end + Math.max(REST, RESTS * (end - begin));
  }

  /** At the next frame; while a drag or a slider lasts, less often. @param {boolean} lasts */
  function later(lasts) {
    if (due) return;
    const rest = next - performance.now();
    if (lasts && rest > 0) return void (timer ||= setTimeout(update, rest));
    due = true;
    requestAnimationFrame(update);
  }

  store.subscribe((state, before) => {
    const clock = ["frame_rate", "start_timecode", "drop_frame"].some(
      (key) => Reflect.get(state.project, key) !== Reflect.get(before.project, key),
    );
    if (clock) rows.forEach((known, id) => rows.set(id, { ...known, group: undefined }));
    if (state.project !== before.project || state.selection !== before.selection)
      later(state.gesture !== null && state.gesture === before.gesture);
  });

  list.addEventListener("click", (event) => {
    const row = event.target instanceof Element ? event.target.closest("[data-id]") : null;
    const id = row instanceof HTMLElement ? row.dataset.id : null;
    if (!id) return;
    const mode = event.shiftKey ? "range" : event.ctrlKey || event.metaKey ? "toggle" : "replace";
    store.dispatch({ type: "select", ids: [id], mode });
    view.dispatch({ group: null });
    const found = store.get().project.events.find((other) => other.id === id);
    if (found) app.reveal(found.time);
  });
  list.addEventListener("dblclick", () => app.run("label"));

  update();
  return {
    /** @param {string} id */
    scrollTo: (id) => rows.get(id)?.row.scrollIntoView({ block: "nearest" }),
  };
}
