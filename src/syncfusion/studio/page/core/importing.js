/**
 * Events that come back from another program: the diff is applied as one step.
 *
 * @import { Project, HitEvent, Group, Diff } from "./types.js"
 */

import { addGroup } from "./groups.js";
import { byTime, eventOf, freshId, freshSeed } from "./defaults.js";

/** How many changes a diff holds. @param {Diff} diff */
export const sizeOf = (diff) =>
  diff.added.length + diff.moved.length + diff.deleted.length + diff.changed.length;

/**
 * @param {Project} project
 * @param {Diff} diff
 * @returns {Project}
 */
export function applyDiff(project, diff) {
  const deleted = new Set(diff.deleted);
  const times = new Map(diff.moved.map(({ id, to }) => [id, to]));
  const patches = new Map(diff.changed.map(({ id, patch }) => [id, patch]));
  const events = project.events
    .filter((event) => !deleted.has(event.id))
    .map((event) => changed(event, times.get(event.id), patches.get(event.id)));
  const gone = project.events.filter(
    (e) => e.origin === "detected" && (deleted.has(e.id) || times.has(e.id)),
  );
  const rejected = [...project.rejected, ...gone.map((event) => event.time)];
  let next = { ...project, rejected, events: byTime(events) };
  for (const given of diff.added) next = withImported(next, given, diff.groups ?? []);
  return next;
}

/**
 * @param {HitEvent} event
 * @param {number | undefined} time
 * @param {Partial<HitEvent> | undefined} patch
 * @returns {HitEvent}
 */
function changed(event, time, patch) {
  if (time === undefined && !patch) return event;
  const moved =
    time === undefined ? {} : { time, origin: /** @type {const} */ ("moved"), locked: true };
  const { id: _, take: __, takes: ___, ...rest } = patch ?? {};
  const resounds = rest.prompt !== undefined || rest.seed !== undefined || rest.group !== undefined;
  const stale = event.stale || (resounds && event.take !== null);
  return { ...event, ...rest, ...moved, edited: true, stale };
}

/** @param {Project} project @param {Partial<HitEvent>} given @param {Group[]} offered @returns {Project} */
function withImported(project, given, offered) {
  const fresh = offered.find((group) => group.id === given.group);
  const name = fresh?.name || given.label;
  const known =
    (fresh ? null : project.groups.find((group) => group.id === given.group)) ??
    project.groups.find((group) => group.name === name || group.prompt === name) ??
    (name ? null : project.groups[0]);
  const { project: next, id: group } = known
    ? { project, id: known.id }
    : addGroup(project, { name, prompt: fresh?.prompt ?? name });
  const event = eventOf({
    seed: freshSeed(next),
    ...given,
    id: freshId("e", next.events),
    time: Math.min(given.time ?? 0, next.duration),
    group,
    origin: "imported",
    locked: true,
  });
  return { ...next, events: byTime([...next.events, event]) };
}
