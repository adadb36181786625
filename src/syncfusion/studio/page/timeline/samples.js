/**
 * Waveforms near enough to see samples: the lowest and highest of each pixel, or a line.
 *
 * @import { Viewport } from "../core/viewport.js"
 */

import { timeToX } from "../core/viewport.js";

export const NEAR = 400; // pixels a second from which samples are drawn instead of peaks

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Float32Array} samples
 * @param {{rate: number, start: number, view: Viewport, middle: number, half: number}} place  start:
 *   time of the first sample; half: pixels of full scale
 */
export function drawSamples(pen, samples, { rate, start, view, middle, half }) {
  const wide = view.scale / rate; // pixels of a sample
  const x0 = timeToX(start, view);
  const first = Math.max(0, Math.floor(-x0 / wide));
  const last = Math.min(samples.length, Math.ceil((view.width - x0) / wide) + 1);
  const step = Math.max(1, Math.floor(1 / wide));
  let before = 0;
  for (let n = first - (first % step); n < last; n += step) {
    let [low, high] = [before, before];
    for (let at = n; at < Math.min(n + step, samples.length); at += 1) {
      low = Math.min(low, samples[at]);
      high = Math.max(high, samples[at]);
    }
    before = samples[Math.min(n + step, samples.length) - 1];
    const top = middle - Math.min(1, high) * half;
    pen.fillRect(
      x0 + n * wide,
      top,
      Math.max(1, wide * step),
      Math.max(1, (Math.min(1, high) - Math.max(-1, low)) * half),
    );
  }
}
