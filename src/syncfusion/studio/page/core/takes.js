/**
 * Edits of takes: which of its sounds an event uses.
 *
 * @import { State, Project, HitEvent } from "./types.js"
 */

import { mapped } from "./events.js";

/**
 * Another of an event's takes, from the first after the last.
 *
 * @param {Project} project
 * @param {readonly string[]} ids
 * @param {number} step  1 or -1
 */
export const turnTake = (project, ids, step) =>
  mapped(project, ids, (event) => {
    const count = event.takes.length;
    if (count < 2) return event;
    const next = (event.takes.indexOf(event.take ?? "") + step + count) % count;
    return { ...event, take: event.takes[next], edited: true, stale: false };
  });

/**
 * @param {Project} project
 * @param {Record<string, string>} keys  the take of each event
 */
export const chooseTakes = (project, keys) =>
  mapped(project, Object.keys(keys), (event) => ({
    ...event,
    take: keys[event.id],
    edited: true,
    stale: false,
  }));

/**
 * An event with a sound that was rendered, made from a seed.
 *
 * @param {HitEvent} event
 * @param {{key: string, seed?: number} | undefined} rendered
 * @returns {HitEvent}
 */
export function withTake(event, rendered) {
  if (!rendered || (event.take === rendered.key && !event.stale)) return event;
  const { key, seed = event.seed } = rendered;
  const takes = event.takes.includes(key) ? event.takes : [...event.takes, key];
  return { ...event, take: key, takes, seed, stale: false };
}

/**
 * Keys of all takes that the project, its history or the clipboard refers to.
 *
 * @param {State} state
 * @returns {string[]}
 */
export function referredTakes({ project, past, future, attic, clipboard }) {
  const projects = [project, ...past.map((step) => step.project), ...future.map((s) => s.project)];
  const lists = [...projects.map((each) => each.events), Object.values(attic), clipboard];
  const events = new Set(lists.flat());
  const keys = [...events].flatMap((event) => [
    ...event.takes,
    ...(event.take ? [event.take] : []),
  ]);
  return [...new Set(keys)];
}
