/**
 * The sounds of events, started a little ahead of the clock and changed while they sound.
 *
 * @import { HitEvent, Project } from "../core/types.js"
 * @import { Clock } from "./clock.js"
 * @import { Mix } from "./mix.js"
 * @import { Takes } from "./takes.js"
 */

import { startVoice, stopVoice } from "./mix.js";
import { factorOf } from "./strength.js";

const AHEAD = 0.25; // seconds of the context that are scheduled
const PREFETCH = 8; // seconds of the clip whose sounds are fetched

/**
 * @typedef {object} Voice
 * @property {HitEvent} event  as it was when it started
 * @property {AudioBufferSourceNode} source
 * @property {GainNode} level
 */

/** @param {HitEvent} event @param {number} trim */
const levelOf = (event, trim) => (event.mute ? 0 : factorOf(event) * trim);

/**
 * @param {{context: () => AudioContext | null, clock: Clock, mix: () => Mix | null, takes: Takes,
 *   trim: (event: HitEvent) => number}} parts  trim: gain that matches takes under comparison
 */
export function createVoices({ context, clock, mix, takes, trim }) {
  /** @type {Map<string, Voice>} */
  const voices = new Map();

  /** @param {string} id */
  function stop(id) {
    const voice = voices.get(id);
    const now = context();
    if (!voice || !now) return;
    voices.delete(id);
    stopVoice(voice, now);
  }

  /** @param {HitEvent} event */
  function begin(event) {
    const [now, graph, take] = [context(), mix(), event.take ? takes.get(event.take) : null];
    if (!now || !graph || !take) return;
    const placing = {
      at: clock.contextTime(event.time),
      mark: take.attack,
      rate: clock.rate(),
      gain: levelOf(event, trim(event)),
      strength: event.strength,
    };
    const voice = startVoice(now, take.buffer, graph.lane(event.group), placing);
    voices.set(event.id, { event, ...voice });
    voice.source.onended = () =>
      voices.get(event.id)?.source === voice.source && voices.delete(event.id);
  }

  /** Whether an event sounds anywhere in a span. @param {HitEvent} event @param {number} from @param {number} to */
  function soundsIn(event, from, to) {
    const take = takes.peek(event.take);
    if (!take) return false;
    const starts = event.time - take.attack;
    return starts < to && starts + take.buffer.duration > from;
  }

  return {
    /** Start what is due. @param {Project} project @param {number} end  time after which nothing starts */
    tick({ events }, end) {
      const from = clock.computed();
      const to = Math.min(end, from + AHEAD * clock.rate());
      for (const event of events) {
        if (event.time > from + PREFETCH) break;
        if (event.take && event.time > from - 2 && !takes.peek(event.take)) takes.load(event.take);
        if (!voices.has(event.id) && event.time < end && soundsIn(event, from, to)) begin(event);
      }
    },
    /** Follow an edit: moved and changed sounds start anew, levels change at once. @param {Project} project */
    update({ events }) {
      const now = new Map(events.map((event) => [event.id, event]));
      for (const [id, voice] of voices) {
        const event = now.get(id);
        if (event === voice.event) continue;
        const same =
          event &&
          /** @type {const} */ (["take", "time", "group", "strength"]).every(
            (key) => event[key] === voice.event[key],
          );
        if (!same) stop(id);
        else {
          mix()?.set(voice.level.gain, levelOf(event, trim(event)));
          voices.set(id, { ...voice, event });
        }
      }
    },
    stopAll: () => [...voices.keys()].forEach(stop),
    sounding: () => [...voices.keys()],
  };
}
