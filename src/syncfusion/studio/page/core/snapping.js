/**
 * Where a time snaps to: all of snapping is decided here, once.
 *
 * @import { Clock } from "./timecode.js"
 *
 * @typedef {"peak" | "playhead" | "event" | "cut" | "frame"} Target
 *
 * @typedef {object} Surroundings
 * @property {boolean} enabled
 * @property {boolean} bypass  a held key
 * @property {number} tolerance  seconds
 * @property {Record<Target, boolean>} targets  which ones count
 * @property {Clock} clock
 * @property {number[]} peaks
 * @property {number | null} playhead
 * @property {number[]} events  times of events that do not move
 * @property {number[]} cuts
 */

import { nearestFrame, timeOf } from "./timecode.js";

/** @type {Target[]} in order of preference where two are equally near */
export const TARGETS = ["peak", "event", "cut", "playhead", "frame"];

/**
 * @param {number[]} times
 * @param {number} time
 */
function nearest(times, time) {
  let best = Infinity;
  for (const other of times) if (Math.abs(other - time) < Math.abs(best - time)) best = other;
  return best;
}

/**
 * The time, moved to the nearest target within the tolerance. The frame grid is always near, so it
 * counts only where no other target does.
 *
 * @param {number} time
 * @param {Surroundings} around
 * @returns {{time: number, target: Target | null}}
 */
export function snap(time, around) {
  if (!around.enabled || around.bypass) return { time, target: null };
  const frame = timeOf(nearestFrame(time, around.clock), around.clock);
  /** @type {Record<Target, number>} */
  const places = {
    peak: nearest(around.peaks, time),
    event: nearest(around.events, time),
    cut: nearest(around.cuts, time),
    playhead: around.playhead ?? Infinity,
    frame,
  };
  /** @type {Target | null} */
  let target = null;
  for (const kind of TARGETS) {
    if (!around.targets[kind] || Math.abs(places[kind] - time) > around.tolerance) continue;
    if (target && kind === "frame") continue;
    if (!target || Math.abs(places[kind] - time) < Math.abs(places[target] - time)) target = kind;
  }
  return target ? { time: places[target], target } : { time, target: null };
}

/**
 * The delta by which several times move together so that one of them, the grabbed one, snaps.
 *
 * @param {number} grabbed  its time before the gesture
 * @param {number} delta  the pointer's, in seconds
 * @param {Surroundings} around
 * @returns {{delta: number, target: Target | null, time: number}}
 */
export function snapDelta(grabbed, delta, around) {
  const { time, target } = snap(grabbed + delta, around);
  return { delta: time - grabbed, target, time };
}
