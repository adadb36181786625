/**
 * Edits of groups and of the project's settings.
 *
 * @import { Project, Group } from "./types.js"
 */

import { COLORS, freshId, groupOf } from "./defaults.js";
import { mapped } from "./events.js";

/** Fields that make the group's takes old. @type {(keyof Group)[]} */
const SOUNDING = ["prompt", "reference", "library"];

/**
 * @param {Project} project
 * @param {Partial<Group>} given
 * @returns {{project: Project, id: string}}
 */
export function addGroup(project, given) {
  const id = freshId("g", project.groups);
  const used = new Set(project.groups.map((group) => group.color));
  const free = [...Array(COLORS).keys()].find((color) => !used.has(color));
  const color = free ?? project.groups.length % COLORS;
  const group = groupOf({ color, ...given, id });
  return { project: { ...project, groups: [...project.groups, group] }, id };
}

/**
 * @param {Project} project
 * @param {string} id
 * @param {Partial<Group>} patch
 */
export function patchGroup(project, id, patch) {
  const keys = /** @type {(keyof Group)[]} */ (Object.keys(patch));
  const group = project.groups.find((other) => other.id === id);
  const changed = group ? keys.filter((key) => group[key] !== patch[key]) : [];
  if (!changed.length) return project;
  const groups = project.groups.map((other) => (other.id === id ? { ...other, ...patch } : other));
  const next = { ...project, groups };
  return changed.some((key) => SOUNDING.includes(key)) ? stale(next, id) : next;
}

/** @param {Project} project @param {string} id */
function stale(project, id) {
  const own = project.events.filter((e) => e.group === id && e.prompt === null && e.take !== null);
  return mapped(
    project,
    own.map((event) => event.id),
    (event) => ({ ...event, stale: true }),
  );
}

/**
 * Without a group; its events go to another. The last group stays.
 *
 * @param {Project} project
 * @param {string} id
 */
export function removeGroup(project, id) {
  const groups = project.groups.filter((group) => group.id !== id);
  if (!groups.length || groups.length === project.groups.length) return project;
  const own = project.events.filter((event) => event.group === id).map((event) => event.id);
  const into = groups[0].id;
  const moved = mapped(project, own, (event) => ({
    ...event,
    group: into,
    stale: event.stale || (event.take !== null && event.prompt === null),
  }));
  return { ...moved, groups };
}

/**
 * The text that an event is rendered from.
 *
 * @param {Project} project
 * @param {{group: string, prompt: string | null}} event
 */
export function promptOf(project, event) {
  return event.prompt ?? project.groups.find((group) => group.id === event.group)?.prompt ?? "";
}

/**
 * Whether an event can be heard: mute and solo of groups, mute of its own.
 *
 * @param {Project} project
 * @returns {(event: {group: string, mute: boolean}) => boolean}
 */
export function audible(project) {
  const solo = project.groups.some((group) => group.solo);
  const open = new Map(project.groups.map((group) => [group.id, solo ? group.solo : !group.mute]));
  return (event) => !event.mute && (open.get(event.group) ?? false);
}
