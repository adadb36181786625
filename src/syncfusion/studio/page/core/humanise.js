/**
 * Small differences between hits: no two alike.
 *
 * @import { Project } from "./types.js"
 */

import { chosen, mapped } from "./events.js";
import { freshSeed } from "./defaults.js";

/**
 * A generator of numbers in [0, 1) from a seed (mulberry32).
 *
 * @param {number} seed
 */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Change time, level and seed within bounds; order is kept, and events stay in the clip.
 *
 * @param {Project} project
 * @param {readonly string[]} ids
 * @param {{milliseconds: number, decibels: number, seeds: boolean, seed: number}} amount
 */
export function humanise(project, ids, { milliseconds, decibels, seeds, seed }) {
  const random = generator(seed);
  const both = () => 2 * random() - 1;
  let fresh = freshSeed(project);
  const events = chosen(project, ids);
  const half = Math.min(...events.slice(1).map((event, n) => event.time - events[n].time)) / 2;
  const reach = Math.min(milliseconds / 1000, Math.max(0, half - 1e-4));
  const detected = events.filter((event) => event.origin === "detected" && reach > 0);
  const rejected = [...project.rejected, ...detected.map((event) => event.time)];
  return mapped({ ...project, rejected }, ids, (event) => ({
    ...event,
    time: Math.min(project.duration - 1e-4, Math.max(0, event.time + reach * both())),
    gain: event.gain * 10 ** ((decibels * both()) / 20),
    seed: seeds ? fresh++ : event.seed,
    stale: event.stale || (seeds && event.take !== null),
    edited: true,
    locked: true,
    origin: event.origin === "detected" ? "moved" : event.origin,
  }));
}
