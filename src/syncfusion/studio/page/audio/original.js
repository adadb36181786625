/**
 * The clip's own sound, in blocks of ten seconds: memory stays constant however long the clip.
 *
 * @import { WavLayout } from "./wav.js"
 */

import { samplesOf, wavLayout } from "./wav.js";

export const BLOCK = 10; // seconds
const KEPT = 8; // blocks
const HEAD = 4096; // bytes that hold the header
const ADDRESS = "media/original.wav";

/** @param {number} from @param {number} to  bytes, both included */
async function bytes(from, to) {
  const response = await fetch(ADDRESS, { headers: { Range: `bytes=${from}-${to}` } });
  if (response.status !== 206) throw new Error(`no part of the sound: ${response.status}`);
  return response.arrayBuffer();
}

/** @param {() => void} arrived */
export function createOriginal(arrived) {
  /** @type {Promise<WavLayout | null> | null} */
  let layout = null;
  /** @type {Map<number, AudioBuffer | null>} null: on its way */
  const blocks = new Map();

  /** @param {number} number */
  async function fetchBlock(number) {
    layout ??= bytes(0, HEAD - 1).then(wavLayout);
    const found = await layout;
    if (!found) return;
    const { rate, start, frames } = found;
    const step = found.bytes * found.channels;
    const [first, last] = [number, number + 1].map((n) =>
      Math.min(frames, Math.round(n * BLOCK * rate)),
    );
    if (last <= first) return;
    const samples = samplesOf(await bytes(start + first * step, start + last * step - 1), found);
    const buffer = new AudioBuffer({ length: samples.length, sampleRate: rate });
    buffer.copyToChannel(samples, 0);
    blocks.set(number, buffer);
    arrived();
  }

  return {
    /** The block, if it is here. @param {number} number */
    block: (number) => blocks.get(number) ?? null,
    /** @param {number} number */
    need(number) {
      if (number < 0 || blocks.has(number)) return;
      blocks.set(number, null);
      for (const old of [...blocks.keys()].slice(0, -KEPT)) blocks.delete(old);
      fetchBlock(number).catch(() => setTimeout(() => blocks.delete(number), 1000));
    },
    /** The sound was made or replaced. */
    reset() {
      layout = null;
      blocks.clear();
    },
  };
}

/** @typedef {ReturnType<typeof createOriginal>} Original */
