/**
 * The surroundings that a gesture snaps to, gathered once when it begins.
 *
 * @import { App } from "../app_types.js"
 * @import { Surroundings } from "../core/snapping.js"
 */

import { clockOf } from "../core/timecode.js";

const REACH = 8; // pixels
const FLOOR = 0.05; // peaks below this probability do not count

/**
 * @param {App} app
 * @param {readonly string[]} moving  ids of events that move
 * @returns {(bypass: boolean) => Surroundings}
 */
export function surroundings({ store, view, engine }, moving) {
  const { project, curve, peaks } = store.get();
  const gone = new Set(moving);
  const fixed = {
    clock: clockOf(project),
    peaks: peaks.filter((peak) => peak.confidence >= FLOOR).map((peak) => peak.time),
    events: project.events.filter((event) => !gone.has(event.id)).map((event) => event.time),
    cuts: curve.cuts,
  };
  return (bypass) => {
    const { snapping, targets, viewport } = view.get();
    const playhead = engine.playing() ? null : engine.time();
    return {
      ...fixed,
      enabled: snapping,
      bypass,
      targets,
      playhead,
      tolerance: REACH / viewport.scale,
    };
  };
}

/** A change of time in frames and milliseconds. @param {number} delta @param {import("../core/timecode.js").Clock} clock */
export function deltaText(delta, clock) {
  const sign = delta < 0 ? "−" : "+";
  const frames = (Math.abs(delta) * clock.numerator) / clock.denominator;
  return `${sign}${(Math.abs(delta) * 1000).toFixed(0)} ms · ${sign}${frames.toFixed(frames < 10 ? 1 : 0)} fr`;
}
