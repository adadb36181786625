/**
 * Doubt-first review: detections that nobody has confirmed, the least certain first.
 *
 * @import { Project, HitEvent } from "./types.js"
 */

import { isKept } from "./redecode.js";

/** @param {Project} project @returns {HitEvent[]} */
export const doubtful = (project) =>
  project.events
    .filter((event) => !isKept(event))
    .sort((a, b) => a.confidence - b.confidence || a.time - b.time);

/** Whether the detector found it. @param {HitEvent} event */
export const isFound = ({ origin }) => origin === "detected" || origin === "moved";

/** How far the review is. @param {Project} project */
export function reviewProgress(project) {
  return { left: doubtful(project).length, total: project.events.filter(isFound).length };
}

/**
 * The most doubtful event but the one under review; null: none is left.
 *
 * @param {Project} project
 * @param {string | undefined} current
 */
export const nextDoubtful = (project, current) => {
  const order = doubtful(project);
  const place = order.findIndex((event) => event.id === current);
  return order[place + 1] ?? order.find((event) => event.id !== current) ?? order[0] ?? null;
};
