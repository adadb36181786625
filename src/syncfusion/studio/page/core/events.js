/**
 * Edits of events: each a pure function from a project to the next.
 *
 * @import { Project, HitEvent } from "./types.js"
 */

import { byTime, eventOf, freshId, freshSeed } from "./defaults.js";

const SHORTEST = 1e-4; // seconds that an event stays before the clip's end
const LOUDEST = 16; // linear

/**
 * @param {Project} project
 * @param {readonly HitEvent[]} events
 * @returns {Project}
 */
export const withEvents = (project, events) => ({ ...project, events: byTime(events) });

/**
 * @param {Project} project
 * @param {readonly string[]} ids
 */
export function chosen(project, ids) {
  const set = new Set(ids);
  return project.events.filter((event) => set.has(event.id));
}

/**
 * @param {Project} project
 * @param {readonly string[]} ids
 * @param {(event: HitEvent) => HitEvent} change
 */
export function mapped(project, ids, change) {
  const set = new Set(ids);
  return withEvents(
    project,
    project.events.map((event) => (set.has(event.id) ? change(event) : event)),
  );
}

/** Peaks that detection shall not bring back. @param {Project} project @param {HitEvent[]} events */
const rejecting = (project, events) => [
  ...project.rejected,
  ...events.filter((event) => event.origin === "detected").map((event) => event.time),
];

/**
 * @param {Project} project
 * @param {Partial<HitEvent> & {time: number}} given
 * @returns {{project: Project, id: string}}
 */
export function add(project, given) {
  const id = freshId("e", project.events);
  const event = eventOf({
    group: project.groups[0].id,
    seed: freshSeed(project),
    origin: "added",
    locked: true,
    ...given,
    id,
    time: within(given.time, project),
  });
  return { project: withEvents(project, [...project.events, event]), id };
}

/** @param {number} time @param {Project} project */
const within = (time, { duration }) =>
  Math.min(Math.max(0, duration - SHORTEST), Math.max(0, time));

/**
 * Move events together: order and distances are kept, so the delta ends where the first or last
 * of them meets the clip's ends.
 *
 * @param {Project} project
 * @param {readonly string[]} ids
 * @param {number} delta  seconds
 */
export function move(project, ids, delta) {
  const events = chosen(project, ids);
  if (!events.length) return project;
  const first = events[0].time;
  const last = events[events.length - 1].time;
  const end = Math.max(last, project.duration - SHORTEST);
  const step = Math.min(end - last, Math.max(-first, delta));
  if (step === 0) return project;
  const rejected = rejecting(project, events);
  return mapped({ ...project, rejected }, ids, (event) => ({
    ...event,
    time: event.time + step,
    end: event.end === null ? null : event.end + step,
    origin: event.origin === "detected" ? "moved" : event.origin,
    locked: true,
  }));
}

/**
 * Put each event at a time of its own.
 *
 * @param {Project} project
 * @param {Record<string, number>} times
 */
export function place(project, times) {
  const moved = project.events.filter(
    (event) => times[event.id] !== undefined && times[event.id] !== event.time,
  );
  for (const event of moved) project = move(project, [event.id], times[event.id] - event.time);
  return project;
}

/**
 * Move an event and all later ones.
 *
 * @param {Project} project
 * @param {string} id
 * @param {number} delta
 */
export function ripple(project, id, delta) {
  const from = project.events.findIndex((event) => event.id === id);
  if (from < 0) return project;
  return move(
    project,
    project.events.slice(from).map((event) => event.id),
    delta,
  );
}

/**
 * @param {Project} project
 * @param {readonly string[]} ids
 */
export function remove(project, ids) {
  const gone = chosen(project, ids);
  if (!gone.length) return project;
  const set = new Set(ids);
  const events = project.events.filter((event) => !set.has(event.id));
  return { ...project, rejected: rejecting(project, gone), events };
}

/** Fields that make a take old when they change. @type {(keyof HitEvent)[]} */
const SOUNDING = ["prompt", "seed", "group"];

/**
 * @param {Project} project
 * @param {readonly string[]} ids
 * @param {Partial<HitEvent>} patch
 */
export function patch(project, ids, patch) {
  const keys = /** @type {(keyof HitEvent)[]} */ (Object.keys(patch));
  const differs = (/** @type {HitEvent} */ event) =>
    keys.filter((key) => event[key] !== patch[key]);
  if (chosen(project, ids).every((event) => !differs(event).length)) return project;
  return mapped(project, ids, (event) => {
    const changed = differs(event);
    const sounds = changed.some((key) => SOUNDING.includes(key)) && event.take !== null;
    const touched = changed.some((key) => key !== "locked");
    return { ...event, ...patch, edited: event.edited || touched, stale: event.stale || sounds };
  });
}

/**
 * @param {Project} project
 * @param {readonly string[]} ids
 * @param {number} decibels
 */
export const gain = (project, ids, decibels) =>
  mapped(project, ids, (event) => ({
    ...event,
    edited: true,
    gain: Math.min(LOUDEST, event.gain * 10 ** (decibels / 20)),
  }));

/**
 * Copies of events, with the first at a time; each has the copied one's sound.
 *
 * @param {Project} project
 * @param {readonly HitEvent[]} events
 * @param {number} time
 * @returns {{project: Project, ids: string[]}}
 */
export function paste(project, events, time) {
  const first = Math.min(...events.map((event) => event.time));
  const ids = [];
  for (const event of byTime(events)) {
    const at = event.time - first + time;
    if (at >= project.duration) continue;
    const known = project.groups.some((group) => group.id === event.group);
    const group = known ? event.group : project.groups[0].id;
    const end = event.end === null ? null : event.end - event.time + at;
    const copy = { ...event, end, group, time: at, locked: true, confidence: 1 };
    const added = add(project, { ...copy, origin: "added" });
    project = added.project;
    ids.push(added.id);
  }
  return { project, ids };
}
