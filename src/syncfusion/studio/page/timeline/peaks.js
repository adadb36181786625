/**
 * Peaks of a waveform at falling resolutions, so that any zoom reads about one pair a pixel.
 *
 * @typedef {{seconds: number, lows: Int8Array, highs: Int8Array}} Level  seconds of one pair
 * @typedef {Level[]} Pyramid  the finest first
 */

const STEP = 4;

/**
 * @param {Int8Array} pairs  low, high, low, high, ...
 * @param {number} seconds  of one pair
 * @returns {Pyramid}
 */
export function pyramidOf(pairs, seconds) {
  const count = pairs.length >> 1;
  const lows = Int8Array.from({ length: count }, (_, n) => pairs[2 * n]);
  const highs = Int8Array.from({ length: count }, (_, n) => pairs[2 * n + 1]);
  /** @type {Pyramid} */
  const levels = [{ seconds, lows, highs }];
  while (levels[levels.length - 1].lows.length > STEP * 256)
    levels.push(coarser(levels[levels.length - 1]));
  return levels;
}

/** @param {Level} level @returns {Level} */
function coarser({ seconds, lows, highs }) {
  const count = Math.ceil(lows.length / STEP);
  const next = { seconds: seconds * STEP, lows: new Int8Array(count), highs: new Int8Array(count) };
  for (let n = 0; n < lows.length; n += 1) {
    const at = Math.floor(n / STEP);
    next.lows[at] = Math.min(next.lows[at], lows[n]);
    next.highs[at] = Math.max(next.highs[at], highs[n]);
  }
  return next;
}

/** The coarsest level that still has a pair for each pixel. @param {Pyramid} pyramid @param {number} secondsPerPixel */
export const levelFor = (pyramid, secondsPerPixel) =>
  pyramid.findLast((level) => level.seconds <= secondsPerPixel) ?? pyramid[0];
