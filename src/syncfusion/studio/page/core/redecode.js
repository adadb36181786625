/**
 * Threshold and gap: they change what was detected, and nothing that a hand has touched.
 *
 * @import { Project, HitEvent, Peak } from "./types.js"
 */

import { decode } from "./decode.js";
import { byTime, eventOf } from "./defaults.js";

const SAME = 1e-3; // seconds within which a peak is an event's

/** @param {HitEvent} event */
export const isKept = (event) => event.locked || event.edited || event.origin !== "detected";

/**
 * The lowest place of an ascending list whose time is not below a time.
 *
 * @param {readonly number[]} times
 * @param {number} time
 */
function lowerBound(times, time) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {readonly number[]} sorted @param {number} time @param {number} reach */
function hasNear(sorted, time, reach) {
  const place = lowerBound(sorted, time - reach);
  return place < sorted.length && sorted[place] < time + reach;
}

/**
 * The project at other settings. Detections that stay keep their id, seed and sound; those that
 * come back find theirs in the attic.
 *
 * @param {Project} project
 * @param {{peaks: Peak[], attic: Record<string, HitEvent>, threshold: number, gap: number}} settings
 * @returns {{project: Project, attic: Record<string, HitEvent>}}
 */
export function redecode(project, { peaks, attic, threshold, gap }) {
  const kept = project.events.filter(isKept);
  const loose = project.events.filter((event) => !isKept(event));
  const taken = new Set(kept.map((event) => event.id));
  const stored = Object.values(attic).filter((event) => !taken.has(event.id));
  const known = byTime([...loose, ...stored]);
  const knownTimes = known.map((event) => event.time);
  const make = maker(project, [...kept, ...known]);
  const events = [...kept];
  const decoded = decode(peaks, { threshold, gap, duration: project.duration });
  for (const peak of admissible(project, kept, decoded, gap)) {
    const found = known[lowerBound(knownTimes, peak.time - SAME)];
    const back = found && found.time < peak.time + SAME && !taken.has(found.id);
    const event = back ? found : make(peak);
    taken.add(event.id);
    events.push(event);
  }
  const left = [...stored, ...loose].filter((event) => !taken.has(event.id));
  const sorted = byTime(events);
  const settled = threshold === project.threshold && gap === project.minimum_gap;
  const same =
    settled &&
    sorted.every((event, n) => event === project.events[n]) &&
    sorted.length === project.events.length;
  return {
    project: same ? project : { ...project, threshold, minimum_gap: gap, events: sorted },
    attic: Object.fromEntries(left.map((event) => [event.id, event])),
  };
}

/**
 * Peaks that are neither rejected nor nearer than the gap to an event that stays.
 *
 * @param {Project} project
 * @param {HitEvent[]} kept
 * @param {Peak[]} peaks
 * @param {number} gap
 */
function admissible(project, kept, peaks, gap) {
  const keptTimes = kept.map((event) => event.time).sort((a, b) => a - b);
  const rejected = [...project.rejected].sort((a, b) => a - b);
  return peaks.filter(
    ({ time }) => !hasNear(rejected, time, SAME) && !hasNear(keptTimes, time, Math.max(gap, SAME)),
  );
}

/**
 * A function from a peak to a new event, with an id and a seed of its own.
 *
 * @param {Project} project
 * @param {HitEvent[]} others  events whose ids and seeds are in use
 */
function maker(project, others) {
  const ids = new Set(others.map((event) => event.id));
  const seeds = new Set(others.map((event) => event.seed));
  let number = 1;
  let seed = project.seed;
  return (/** @type {Peak} */ { time, confidence }) => {
    while (ids.has(`e${number}`)) number += 1;
    while (seeds.has(seed)) seed += 1;
    const group = project.groups[0].id;
    return eventOf({ id: `e${number++}`, time, group, confidence, seed: seed++ });
  };
}
