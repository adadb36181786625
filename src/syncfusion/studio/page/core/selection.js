/**
 * Which events are selected: clicks, ranges, boxes, steps.
 *
 * @import { State, HitEvent } from "./types.js"
 */

/** @param {State} state @returns {HitEvent[]} by time */
export function selectedEvents({ project, selection }) {
  const set = new Set(selection);
  return set.size ? project.events.filter((event) => set.has(event.id)) : [];
}

/**
 * @param {State} state
 * @param {readonly string[]} ids
 * @param {"replace" | "toggle" | "range" | "add"} mode
 * @returns {State}
 */
export function select(state, ids, mode) {
  const last = ids[ids.length - 1] ?? null;
  if (mode === "toggle") {
    const off = ids.filter((id) => state.selection.includes(id));
    const kept = state.selection.filter((id) => !off.includes(id));
    return {
      ...state,
      selection: [...kept, ...ids.filter((id) => !off.includes(id))],
      anchor: last,
    };
  }
  if (mode === "add") return { ...state, selection: [...new Set([...state.selection, ...ids])] };
  if (mode === "range" && state.anchor && last) {
    return { ...state, selection: between(state, state.anchor, last) };
  }
  return { ...state, selection: [...ids], anchor: last };
}

/** @param {State} state @param {string} from @param {string} to */
function between({ project: { events } }, from, to) {
  const ends = [from, to].map((id) => events.findIndex((event) => event.id === id));
  const [first, last] = [Math.max(0, Math.min(...ends)), Math.max(...ends)];
  return events.slice(first, last + 1).map((event) => event.id);
}

/**
 * The event before or after the selection, or after a time where nothing is selected.
 *
 * @param {State} state
 * @param {1 | -1} step
 * @param {number} time
 * @returns {HitEvent | null}
 */
export function neighbour(state, step, time) {
  const { events } = state.project;
  const current = state.selection[state.selection.length - 1];
  const place = events.findIndex((event) => event.id === current);
  if (place >= 0) return events[Math.min(events.length - 1, Math.max(0, place + step))];
  if (step > 0) return events.find((event) => event.time > time) ?? null;
  return events.findLast((event) => event.time < time) ?? null;
}

/** The event nearest to a time. @param {readonly HitEvent[]} events @param {number} time */
export function nearestEvent(events, time) {
  /** @type {HitEvent | null} */
  let best = null;
  for (const event of events) {
    if (!best || Math.abs(event.time - time) < Math.abs(best.time - time)) best = event;
  }
  return best;
}
