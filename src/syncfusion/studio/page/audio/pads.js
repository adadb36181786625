/**
 * A MIDI pad taps events in, its velocity is their gain.
 */

const NOTE_ON = 0x90;

/** Gain of a velocity, as exported notes have it: 100 is full strength. @param {number} velocity */
export const gainOf = (velocity) => velocity / 100;

/**
 * The note of a message, or null.
 *
 * @param {ArrayLike<number>} data
 * @returns {{note: number, velocity: number} | null}
 */
export function noteOf(data) {
  if ((data[0] & 0xf0) !== NOTE_ON || !data[2]) return null;
  return { note: data[1], velocity: data[2] };
}

/**
 * Listen to all pads; false where the browser has no MIDI or the user refuses.
 *
 * @param {(hit: {note: number, velocity: number}) => void} tapped
 * @returns {Promise<boolean>}
 */
export async function listenToPads(tapped) {
  try {
    const access = await navigator.requestMIDIAccess();
    const listen = () => {
      for (const input of access.inputs.values()) {
        input.onmidimessage = ({ data }) => {
          const note = data && noteOf(data);
          if (note) tapped(note);
        };
      }
    };
    access.onstatechange = listen;
    listen();
    return true;
  } catch {
    return false;
  }
}
