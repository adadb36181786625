/**
 * How hard an event is struck: a soft hit is quieter, and duller, by the law of the mix that is
 * exported (`rendering/events/strength.py`).
 *
 * @import { HitEvent } from "../core/types.js"
 */

import { decibels } from "./level.js";

export const SOFTEST = 0.1;
export const HARDEST = 3;
export const BASS_HZ = 600; // of a low-shelving filter: where it has half its decibels
export const BASS_DB = -0.5; // of the lows beside the highs, for each dB of strength

/** What an event's take is multiplied by. @param {HitEvent} event */
export const factorOf = (event) => event.gain * event.strength;

/**
 * A source as it sounds when struck softer or harder, without its change of level.
 *
 * @param {AudioScheduledSourceNode} source
 * @param {number} strength
 * @param {number} [rate]  at which it is played
 * @returns {AudioNode}  the source itself at a strength of 1
 */
export function struck(source, strength, rate = 1) {
  if (strength === 1) return source;
  const gain = BASS_DB * decibels(strength);
  const frequency = BASS_HZ * rate;
  return source.connect(
    new BiquadFilterNode(source.context, { type: "lowshelf", frequency, gain }),
  );
}
