/**
 * The room in which the mix is heard: its impulse response, made by the server when it is first
 * chosen. The first sample is the direct sound, so nothing is delayed.
 *
 * @import { Api } from "../net/api.js"
 */

const RATE = 48000;
const DRY = "dry";
const AGAIN = 10000; // ms before a response that could not be had is asked for again

/**
 * @param {Api} api
 * @param {{make: (name: string) => Promise<unknown>, arrived: () => void}} parts  make: lets the
 *   server make the response of a room
 */
export function createRoom(api, { make, arrived }) {
  /** @type {Map<string, AudioBuffer | null>} null: on its way */
  const responses = new Map();

  /** @param {string} name */
  async function fetched(name) {
    let response = await api.room(name);
    if (!response) {
      await make(name);
      response = await api.room(name);
    }
    if (!response) throw new Error(`the server has no room ${name}`);
    const decoder = new OfflineAudioContext(1, 1, RATE);
    responses.set(name, await decoder.decodeAudioData(await response.arrayBuffer()));
    arrived();
  }

  return {
    /** A room's response; null: dry, or not here yet. @param {string} name */
    response(name) {
      if (name === DRY) return null;
      const known = responses.get(name);
      if (known !== undefined) return known;
      responses.set(name, null);
      fetched(name).catch(() => setTimeout(() => responses.delete(name), AGAIN));
      return null;
    },
  };
}

/** @typedef {ReturnType<typeof createRoom>} Room */
