/**
 * J K L: each press doubles the speed in its direction; with K held it is slow.
 */

const SLOW = 0.25;
const FASTEST = 8;

/**
 * @param {number} rate  now; 0 is stopped
 * @param {1 | -1} direction
 * @param {boolean} held  K is down
 */
export function shuttled(rate, direction, held) {
  if (held) return direction * SLOW;
  if (Math.sign(rate) !== direction) return direction;
  return Math.min(FASTEST, Math.max(1, Math.abs(rate) * 2)) * direction;
}

const SPEEDS = [0.25, 0.5, 1];

/** The next slower (-1) or faster (1) playing speed. @param {number} speed @param {1 | -1} step */
export function nextSpeed(speed, step) {
  const place = SPEEDS.findIndex((other) => other >= speed);
  return SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, place + step))];
}
