/**
 * Projects as a server or an older version wrote them, completed.
 *
 * @import { Project, HitEvent, Group } from "./types.js"
 */

export const COLORS = 10; // entries of the palette

/**
 * @param {Partial<HitEvent> & {id: string, time: number, group: string}} given
 * @returns {HitEvent}
 */
export function eventOf(given) {
  return {
    end: null,
    label: "",
    prompt: null,
    confidence: 1,
    gain: 1,
    strength: 1,
    mute: false,
    seed: 0,
    locked: false,
    edited: false,
    stale: false,
    origin: "detected",
    take: null,
    takes: [],
    ...given,
  };
}

/**
 * @param {Partial<Group> & {id: string}} given
 * @returns {Group}
 */
export function groupOf(given) {
  const name = given.name ?? "sound";
  return {
    prompt: name,
    reference: null,
    library: null,
    gain: 1,
    mute: false,
    solo: false,
    color: 0,
    ...given,
    name,
  };
}

/** @param {readonly HitEvent[]} events */
export const byTime = (events) =>
  [...events].sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : Number(a.id > b.id)));

/**
 * @param {Partial<Project>} [given]
 * @returns {Project}
 */
export function projectOf(given = {}) {
  const groups = (given.groups ?? []).map(groupOf);
  if (!groups.length) groups.push(groupOf({ id: "g1", name: "hit" }));
  const events = (given.events ?? []).map((event) =>
    eventOf({ ...event, group: event.group ?? groups[0].id }),
  );
  return {
    version: 1,
    name: "",
    video: "",
    start_timecode: "00:00:00:00",
    drop_frame: false,
    threshold: 0.5,
    minimum_gap: 0.2,
    seed: 0,
    room: "dry",
    rejected: [],
    ...given,
    duration: given.duration ?? 0,
    frame_rate: given.frame_rate ?? [25, 1],
    groups,
    events: byTime(events),
  };
}

/**
 * An id that no other of the list has.
 *
 * @param {string} prefix
 * @param {readonly {id: string}[]} others
 */
export function freshId(prefix, others) {
  const taken = new Set(others.map((other) => other.id));
  let number = others.length + 1;
  while (taken.has(`${prefix}${number}`)) number += 1;
  return `${prefix}${number}`;
}

/**
 * The smallest seed, from the project's on, that no event has.
 *
 * @param {Project} project
 */
export function freshSeed(project) {
  const taken = new Set(project.events.map((event) => event.seed));
  let seed = project.seed;
  while (taken.has(seed)) seed += 1;
  return seed;
}
