/**
 * The gestures of the timeline. Each begins with a pointer down and gives functions for its moves
 * and its end; all edits of one are one step of the history.
 *
 * @import { App } from "../app_types.js"
 * @import { Surface } from "./surface.js"
 * @import { Row } from "./layout.js"
 * @import { HitEvent } from "../core/types.js"
 *
 * @typedef {{x: number, y: number, shift: boolean, mod: boolean, touch: boolean}} Place  pixels of the canvas
 * @typedef {{move: (place: Place) => void, end?: (place: Place, moved: boolean) => void, cancel?: () => void}} Drag
 */

import { snapDelta } from "../core/snapping.js";
import { clockOf, clockTime, timecodeAt } from "../core/timecode.js";
import { xToTime } from "../core/viewport.js";
import { eventsIn } from "./hits.js";
import { probabilityAt } from "./curve_row.js";
import { deltaText, surroundings } from "./snaps.js";

let count = 0;
const freshGesture = (/** @type {string} */ name) => `${name} ${(count += 1)}`;

/** @param {App} app @returns {Drag} */
export function scrub({ engine, view }) {
  const seek = (/** @type {Place} */ { x }) => engine.seek(xToTime(x, view.get().viewport));
  return { move: seek, end: seek };
}

/**
 * Move the selection, or this event and all later ones.
 *
 * @param {App} app
 * @param {Surface} surface
 * @param {HitEvent} held
 * @param {Place} from
 * @param {boolean} ripples
 * @returns {Drag}
 */
export function moveEvents(app, surface, held, from, ripples) {
  const { store, view } = app;
  const gesture = freshGesture("move");
  const ids = store.get().selection;
  const later = store
    .get()
    .project.events.filter((event) => event.time >= held.time)
    .map((event) => event.id);
  const around = surroundings(app, ripples ? later : ids);
  const clock = clockOf(store.get().project);
  return {
    move({ x, shift, mod }) {
      const pointer = (x - from.x) / view.get().viewport.scale;
      const { delta, target } = snapDelta(held.time, pointer, around(shift && !(ripples && mod)));
      if (ripples) store.dispatch({ type: "ripple", id: held.id, delta, gesture });
      else store.dispatch({ type: "move", ids, delta, gesture });
      const now = store.get().project.events.find((event) => event.id === held.id);
      const time = now?.time ?? held.time;
      const name = target ? ` · ${target}` : "";
      const text = `${timecodeAt(time, clock)} · ${clockTime(time)} · ${deltaText(time - held.time, clock)}${name}`;
      surface.mark({ guide: { time, text, snapped: target !== null } });
    },
    end: () => surface.mark({ guide: null }),
    cancel() {
      store.dispatch({ type: "move", ids, delta: 0, gesture });
      if (ripples) store.dispatch({ type: "ripple", id: held.id, delta: 0, gesture });
      surface.mark({ guide: null });
    },
  };
}

/**
 * Select what a box touches; a click on nothing selects nothing.
 *
 * @param {App} app
 * @param {Surface} surface
 * @param {Place} from
 * @returns {Drag}
 */
export function boxSelect({ store, view }, surface, from) {
  const before = from.mod || from.shift ? store.get().selection : [];
  const scroll = surface.scroll();
  return {
    move({ x, y }) {
      surface.mark({ box: { x0: from.x, y0: from.y, x1: x, y1: y } });
      const [left, right] = [Math.min(from.x, x), Math.max(from.x, x)];
      const { viewport } = view.get();
      const box = {
        from: xToTime(left, viewport),
        to: xToTime(right, viewport),
        top: Math.min(from.y + scroll, y + surface.scroll()),
        bottom: Math.max(from.y + scroll, y + surface.scroll()),
      };
      const ids = eventsIn(store.get().project, surface.rows(), box);
      store.dispatch({ type: "select", ids: [...new Set([...before, ...ids])] });
    },
    end(_, moved) {
      surface.mark({ box: null });
      if (!moved && !from.mod && !from.shift) store.dispatch({ type: "select", ids: [] });
    },
    cancel() {
      surface.mark({ box: null });
      store.dispatch({ type: "select", ids: before });
    },
  };
}

/** @param {App} app @param {Surface} surface @param {Row} row @returns {Drag} */
export function dragThreshold({ store }, surface, row) {
  const gesture = freshGesture("threshold");
  const gap = store.get().project.minimum_gap;
  return {
    move({ y }) {
      const threshold = Math.round(100 * probabilityAt(row, row.y - surface.scroll(), y)) / 100;
      store.dispatch({ type: "decode", threshold, gap, gesture });
    },
  };
}

/**
 * The range between in and out.
 *
 * @param {App} app
 * @param {Place} from
 * @returns {Drag}
 */
export function dragRange({ view }, from) {
  const start = xToTime(from.x, view.get().viewport);
  return {
    move({ x }) {
      const time = xToTime(x, view.get().viewport);
      view.dispatch({ from: Math.max(0, Math.min(start, time)), to: Math.max(start, time) });
    },
  };
}
