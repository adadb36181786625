/**
 * The graph of sounds: a gain per group, through the room if there is one, and beside it a gain for
 * the clip's own sound. It works on any context, so that a test or an export hears what the speakers do.
 *
 * @import { Project } from "../core/types.js"
 * @import { Take } from "./takes.js"
 */

import { factorOf, struck } from "./strength.js";

const FADE = 0.005; // seconds in which a level changes

/**
 * @param {BaseAudioContext} context
 * @param {AudioNode} output
 */
export function createMix(context, output) {
  /** @type {Map<string, GainNode>} */
  const lanes = new Map();
  const original = context.createGain();
  original.connect(output);
  const dry = context.createGain();
  dry.connect(output);
  /** @type {ConvolverNode | null} */
  let room = null;

  /** @param {AudioBuffer | null} response */
  function enter(response) {
    if ((room?.buffer ?? null) === response) return;
    dry.disconnect();
    room?.disconnect();
    room = response && new ConvolverNode(context, { buffer: response, disableNormalization: true });
    if (room) dry.connect(room).connect(output);
    else dry.connect(output);
  }

  /** @param {AudioParam} param @param {number} value */
  function set(param, value) {
    if (context.currentTime === 0) param.value = value;
    else param.setTargetAtTime(value, context.currentTime, FADE / 3);
  }

  return {
    original,
    /**
     * Gain, mute, solo and room as the project has them.
     *
     * @param {Project} project
     * @param {{mute: boolean, solo: boolean, gain: number}} clip  of the clip's own sound
     * @param {AudioBuffer | null} [response]  of the room; null: dry
     */
    update({ groups }, clip, response = null) {
      enter(response);
      const solo = clip.solo || groups.some((group) => group.solo);
      for (const group of groups) {
        const lane = lanes.get(group.id) ?? context.createGain();
        if (!lanes.has(group.id)) lane.connect(dry);
        lanes.set(group.id, lane);
        set(lane.gain, (solo ? group.solo : !group.mute) ? group.gain : 0);
      }
      set(original.gain, (solo ? clip.solo : !clip.mute) ? clip.gain : 0);
    },
    /** @param {string} group */
    lane: (group) => lanes.get(group) ?? dry,
    set,
  };
}

/** @typedef {ReturnType<typeof createMix>} Mix */

/**
 * Start a buffer so that its sample at `mark` is heard at a time of the context, or now from the
 * place where it would be by then, without a click: takes are exchanged while they sound.
 *
 * @param {BaseAudioContext} context
 * @param {AudioBuffer} buffer
 * @param {AudioNode} output
 * @param {{at: number, mark: number, rate: number, gain: number, strength: number}} placing
 */
export function startVoice(context, buffer, output, { at, mark, rate, gain, strength }) {
  const source = new AudioBufferSourceNode(context, { buffer, playbackRate: rate });
  const level = new GainNode(context, { gain });
  struck(source, strength, rate).connect(level).connect(output);
  const begin = at - mark / rate;
  const late = context.currentTime - begin;
  if (late <= 0) source.start(begin);
  else {
    level.gain.setValueAtTime(0, context.currentTime);
    level.gain.linearRampToValueAtTime(gain, context.currentTime + FADE);
    source.start(0, Math.min(buffer.duration, late * rate));
  }
  return { source, level };
}

/** @param {{source: AudioBufferSourceNode, level: GainNode}} voice @param {BaseAudioContext} context */
export function stopVoice({ source, level }, context) {
  const now = context.currentTime;
  level.gain.cancelScheduledValues(now);
  level.gain.setValueAtTime(level.gain.value, now);
  level.gain.linearRampToValueAtTime(0, now + FADE);
  source.stop(now + FADE);
}

/**
 * A span of the project as samples, at 48 kHz.
 *
 * @param {Project} project
 * @param {(key: string) => Take | null} takeOf
 * @param {{from: number, to: number}} span
 * @param {AudioBuffer | null} [response]  of the room; null: dry
 * @returns {Promise<Float32Array>}
 */
export async function rendered(project, takeOf, { from, to }, response = null) {
  const context = new OfflineAudioContext(1, Math.ceil((to - from) * 48000), 48000);
  const mix = createMix(context, context.destination);
  mix.update(project, { mute: true, solo: false, gain: 0 }, response);
  for (const event of project.events) {
    const take = event.take ? takeOf(event.take) : null;
    if (!take) continue;
    const starts = event.time - take.attack;
    if (starts >= to || starts + take.buffer.duration <= from) continue;
    const gain = event.mute ? 0 : factorOf(event);
    const cut = Math.max(0, from - starts);
    const source = new AudioBufferSourceNode(context, { buffer: take.buffer });
    const level = new GainNode(context, { gain });
    struck(source, event.strength).connect(level).connect(mix.lane(event.group));
    source.start(Math.max(0, starts - from), cut);
  }
  return (await context.startRendering()).getChannelData(0);
}
