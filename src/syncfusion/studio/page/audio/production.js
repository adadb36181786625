/**
 * The clip's own sound under the clock, block after block without a gap.
 *
 * @import { Clock } from "./clock.js"
 * @import { Mix } from "./mix.js"
 * @import { Original } from "./original.js"
 */

import { startVoice, stopVoice } from "./mix.js";
import { BLOCK } from "./original.js";

const AHEAD = 1; // seconds before its beginning at which a block is scheduled

/** @param {{context: () => AudioContext | null, clock: Clock, mix: () => Mix | null, original: Original}} parts */
export function createProduction({ context, clock, mix, original }) {
  /** @type {Map<number, {source: AudioBufferSourceNode, level: GainNode}>} */
  const voices = new Map();

  return {
    tick() {
      const [now, graph] = [context(), mix()];
      if (!now || !graph) return;
      const time = clock.computed();
      const [first, last] = [
        Math.floor(time / BLOCK),
        Math.floor((time + AHEAD * clock.rate()) / BLOCK),
      ];
      original.need(first);
      original.need(first + 1);
      for (let number = first; number <= last; number += 1) {
        const buffer = original.block(number);
        if (!buffer || voices.has(number)) continue;
        const placing = {
          at: clock.contextTime(number * BLOCK),
          mark: 0,
          rate: clock.rate(),
          gain: 1,
          strength: 1,
        };
        voices.set(number, startVoice(now, buffer, graph.original, placing));
      }
    },
    stopAll() {
      const now = context();
      if (now) for (const voice of voices.values()) stopVoice(voice, now);
      voices.clear();
    },
  };
}
