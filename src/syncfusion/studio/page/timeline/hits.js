/**
 * What lies under a place of the canvas.
 *
 * @import { HitEvent, Project } from "../core/types.js"
 * @import { Viewport } from "../core/viewport.js"
 * @import { Row } from "./layout.js"
 */

import { timeToX, xToTime } from "../core/viewport.js";

export const REACH = { mouse: 8, pen: 10, touch: 16 }; // pixels to either side

/**
 * The nearest event of a lane within reach; of two equally near ones the later, which is on top.
 *
 * @param {Project} project
 * @param {Viewport} view
 * @param {{x: number, group: string, reach: number}} place
 * @returns {HitEvent | null}
 */
export function eventAt({ events }, view, { x, group, reach }) {
  /** @type {HitEvent | null} */
  let best = null;
  let distance = reach;
  const [from, to] = [xToTime(x - reach, view), xToTime(x + reach, view)];
  for (const event of events) {
    if (event.group !== group || event.time < from || event.time > to) continue;
    const away = Math.abs(timeToX(event.time, view) - x);
    if (away <= distance) [best, distance] = [event, away];
  }
  return best;
}

/**
 * Events inside a box of the lanes.
 *
 * @param {Project} project
 * @param {Row[]} rows
 * @param {{from: number, to: number, top: number, bottom: number}} box  seconds; pixels of all rows
 * @returns {string[]}
 */
export function eventsIn({ events }, rows, { from, to, top, bottom }) {
  const lanes = rows.filter(
    (row) => row.kind === "lane" && row.y < bottom && row.y + row.height > top,
  );
  const groups = new Set(lanes.map((row) => row.key));
  return events
    .filter((event) => event.time >= from && event.time <= to && groups.has(event.group))
    .map((event) => event.id);
}
