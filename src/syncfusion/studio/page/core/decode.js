/**
 * From the detector's probabilities to events: the same numbers as `onset.decode.decode_at_times`.
 *
 * @import { Curve, Peak } from "./types.js"
 */

const FLOOR = 1e-6; // lower bound of probabilities before the logarithm
const TOLERANCE = 1e-6; // seconds by which two peaks may be nearer than the gap

/**
 * Middles of the runs of equal probabilities that are higher than both neighbours.
 *
 * @param {ArrayLike<number>} curve
 * @returns {number[]}
 */
export function localMaxima(curve) {
  const found = [];
  for (let start = 0; start < curve.length; ) {
    let end = start + 1;
    while (end < curve.length && curve[end] === curve[start]) end += 1;
    const left = start > 0 ? curve[start - 1] : -1;
    const right = end < curve.length ? curve[end] : -1;
    if (curve[start] > left && curve[start] > right) found.push((start + end - 1) >> 1);
    start = end;
  }
  return found;
}

/**
 * Offset of a peak from its frame, -0.5 to 0.5 frames; exact for a Gaussian.
 *
 * @param {ArrayLike<number>} curve
 * @param {number} peak
 */
function shift(curve, peak) {
  if (peak <= 0 || peak >= curve.length - 1) return 0;
  const log = (/** @type {number} */ frame) => Math.log(Math.max(curve[frame], FLOOR));
  const left = log(peak - 1);
  const right = log(peak + 1);
  const bend = left - 2 * log(peak) + right;
  if (bend >= 0) return 0;
  return Math.min(0.5, Math.max(-0.5, (0.5 * (left - right)) / bend));
}

/**
 * @param {number[]} times
 * @param {number} place  a fractional index
 */
function interpolated(times, place) {
  const last = times.length - 1;
  if (place <= 0) return times[0];
  if (place >= last) return times[last];
  const before = Math.floor(place);
  return times[before] + (place - before) * (times[before + 1] - times[before]);
}

/**
 * All local maxima of a curve, the most probable first.
 *
 * @param {Curve} curve
 * @returns {Peak[]}
 */
export function peaksOf({ times, probabilities }) {
  const peaks = localMaxima(probabilities).map((frame) => ({
    frame,
    frameTime: times[frame],
    time: interpolated(times, frame + shift(probabilities, frame)),
    confidence: probabilities[frame],
  }));
  return peaks.sort((a, b) => b.confidence - a.confidence);
}

/**
 * The peaks at or above a threshold; of two nearer than the gap the more probable one.
 *
 * @param {Peak[]} peaks  the most probable first
 * @param {{threshold: number, gap: number, duration: number}} settings
 * @returns {Peak[]} by time
 */
export function decode(peaks, { threshold, gap, duration }) {
  const width = Math.max(gap, 0.01);
  /** @type {Map<number, Peak[]>} */
  const cells = new Map();
  const picked = [];
  for (const peak of peaks) {
    if (peak.confidence < threshold) break;
    const cell = Math.floor(peak.frameTime / width);
    const near = [-1, 0, 1].flatMap((step) => cells.get(cell + step) ?? []);
    const free = near.every((o) => Math.abs(o.frameTime - peak.frameTime) >= gap - TOLERANCE);
    if (!free) continue;
    cells.set(cell, [...(cells.get(cell) ?? []), peak]);
    picked.push(peak);
  }
  return picked.filter((peak) => peak.time < duration).sort((a, b) => a.time - b.time);
}

/**
 * The peak nearest to a time, among those that stand out at all; null: none within reach.
 *
 * @param {Peak[]} peaks
 * @param {number} time
 * @param {{reach?: number, floor?: number}} [limits]
 * @returns {Peak | null}
 */
export function nearestPeak(peaks, time, { reach = 0.5, floor = 0.05 } = {}) {
  let best = null;
  for (const peak of peaks) {
    if (peak.confidence < floor) break;
    const distance = Math.abs(peak.time - time);
    if (distance <= reach && (!best || distance < Math.abs(best.time - time))) best = peak;
  }
  return best;
}
