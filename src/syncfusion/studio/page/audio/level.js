/** Levels: decibels, and how loud a hit is. */

/** @param {number} gain */
export const decibels = (gain) => (gain > 0 ? 20 * Math.log10(gain) : -Infinity);

/** @param {number} db */
export const linear = (db) => 10 ** (db / 20);

/** A level in words: +3.0 dB, or −∞ dB. @param {number} gain */
export function levelText(gain) {
  const db = decibels(gain);
  if (db === -Infinity) return "−∞ dB";
  const rounded = Math.abs(db) < 0.05 ? 0 : db;
  return `${rounded > 0 ? "+" : rounded < 0 ? "−" : ""}${Math.abs(rounded).toFixed(1)} dB`;
}

/**
 * RMS of the loudest window, at which two takes of a hit are matched.
 *
 * @param {ArrayLike<number>} samples
 * @param {number} rate
 * @param {number} [seconds]
 */
export function loudest(samples, rate, seconds = 0.05) {
  const size = Math.max(1, Math.round(seconds * rate));
  let best = 0;
  for (let start = 0; start < samples.length; start += size) {
    let sum = 0;
    const end = Math.min(samples.length, start + size);
    for (let at = start; at < end; at += 1) sum += samples[at] * samples[at];
    best = Math.max(best, sum / size);
  }
  return Math.sqrt(best);
}

/**
 * Gain that makes one take as loud as another, within ±12 dB; 1 where either is silent.
 *
 * @param {number} rms
 * @param {number} reference
 */
export function matched(rms, reference) {
  if (rms <= 0 || reference <= 0) return 1;
  return Math.min(4, Math.max(0.25, reference / rms));
}
