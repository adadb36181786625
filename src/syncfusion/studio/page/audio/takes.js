/**
 * Rendered sounds as buffers: fetched when they are needed, the least recently used dropped.
 *
 * @import { Api } from "../net/api.js"
 *
 * @typedef {object} Take
 * @property {AudioBuffer} buffer
 * @property {number} attack  seconds into it that fall on the event's time
 * @property {number} rms  of its loudest part, full scale is 1
 * @property {Float32Array} peaks  highest absolute value of each PEAK seconds
 */

import { loudest } from "./level.js";

const RATE = 48000;
const LIMIT = 256 * 2 ** 20; // bytes of samples that stay
export const PEAK = 0.002; // seconds of one peak

/** @param {AudioBuffer} buffer */
function peaksOf(buffer) {
  const samples = buffer.getChannelData(0);
  const size = Math.round(PEAK * buffer.sampleRate);
  return Float32Array.from({ length: Math.ceil(samples.length / size) }, (_, n) => {
    let peak = 0;
    const end = Math.min(samples.length, (n + 1) * size);
    for (let at = n * size; at < end; at += 1) peak = Math.max(peak, Math.abs(samples[at]));
    return peak;
  });
}

/**
 * @param {Api} api
 * @param {(key: string) => void} arrived
 */
export function createTakes(api, arrived) {
  /** @type {Map<string, Take>} the least recently used first */
  const held = new Map();
  /** @type {Map<string, Promise<Take | null>>} */
  const coming = new Map();
  let bytes = 0;

  /** @param {string} key @returns {Promise<Take | null>} */
  async function fetched(key) {
    const response = await api.take(key);
    const attack = Number(response.headers.get("X-Attack") ?? 0) / RATE;
    const decoder = new OfflineAudioContext(1, 1, RATE);
    const buffer = await decoder.decodeAudioData(await response.arrayBuffer());
    const take = {
      buffer,
      attack,
      rms: loudest(buffer.getChannelData(0), RATE),
      peaks: peaksOf(buffer),
    };
    held.set(key, take);
    bytes += 4 * buffer.length;
    for (const [old, { buffer: dropped }] of held) {
      if (bytes <= LIMIT || old === key) break;
      held.delete(old);
      bytes -= 4 * dropped.length;
    }
    arrived(key);
    return take;
  }

  /** The sound, if it is here. @param {string} key */
  function get(key) {
    const take = held.get(key);
    if (!take) return null;
    held.delete(key);
    held.set(key, take);
    return take;
  }

  return {
    get,
    /** The sound without counting as used. @param {string | null} key */
    peek: (key) => (key ? (held.get(key) ?? null) : null),
    /** @param {string} key @returns {Promise<Take | null>} null: it cannot be fetched */
    load(key) {
      const take = get(key);
      if (take) return Promise.resolve(take);
      const known = coming.get(key);
      if (known) return known;
      const promise = fetched(key)
        .catch(() => null)
        .finally(() => setTimeout(() => coming.delete(key), 1000));
      coming.set(key, promise);
      return promise;
    },
  };
}

/** @typedef {ReturnType<typeof createTakes>} Takes */
