/**
 * Hearing: play, pause, seek, audition, loop and shuttle, all on the clock of the sound card.
 *
 * @import { Project, HitEvent } from "../core/types.js"
 * @import { Takes } from "./takes.js"
 * @import { Original } from "./original.js"
 */

import { createClock, latencyOf } from "./clock.js";
import { createMix } from "./mix.js";
import { createProduction } from "./production.js";
import { createVoices } from "./voices.js";

const TICK = 40; // ms
const RATE = 48000;

/**
 * @param {object} parts
 * @param {() => Project} parts.project
 * @param {() => {mute: boolean, solo: boolean, gain: number}} parts.clip  of the clip's own sound
 * @param {Takes} parts.takes
 * @param {Original} parts.original
 * @param {import("./room.js").Room} parts.room
 * @param {(event: HitEvent) => number} parts.trim
 * @param {(playing: boolean, rate: number) => void} parts.changed
 */
export function createEngine({ project, clip, takes, original, room, trim, changed }) {
  /** @type {AudioContext | null} */
  let context = null;
  /** @type {import("./mix.js").Mix | null} */
  let mix = null;
  /** @type {{from: number, to: number, loop: boolean, back: number | null} | null} */
  let span = null;
  let timer = 0;
  const clock = createClock(() => context);
  const parts = { context: () => context, clock, mix: () => mix, takes, original, trim };
  const voices = createVoices(parts);
  const production = createProduction(parts);

  /** A browser lets sound begin only after a gesture. */
  function ready() {
    context ??= new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
    mix ??= createMix(context, context.destination);
    if (context.state === "suspended") context.resume();
    mix.update(project(), clip(), room.response(project().room));
  }

  function silence() {
    voices.stopAll();
    production.stopAll();
  }

  function tick() {
    const { duration } = project();
    const time = clock.heard();
    const end = span ? span.to : duration;
    if (clock.rate() > 0 ? time >= end : time <= 0) return ended(clock.rate() > 0 ? end : 0);
    if (clock.rate() < 0) return;
    voices.tick(project(), end);
    production.tick();
  }

  /** @param {number} at */
  function ended(at) {
    if (span?.loop) begin(span.from, clock.rate());
    else stop(span?.back ?? at);
  }

  /** @param {number} time @param {number} rate */
  function begin(time, rate) {
    ready();
    silence();
    clock.start(time, rate);
    clearInterval(timer);
    timer = setInterval(tick, TICK);
    tick();
    changed(true, rate);
  }

  /** @param {number} at */
  function stop(at) {
    clearInterval(timer);
    silence();
    span = null;
    clock.stop(Math.max(0, Math.min(project().duration, at)));
    changed(false, 0);
  }

  return {
    time: () => Math.max(0, Math.min(project().duration, clock.heard())),
    playing: () => clock.running(),
    rate: () => clock.rate(),
    sounding: voices.sounding,
    latency: () => latencyOf(context),
    context: () => context,
    /** Play from here, or from the start if here is the end. @param {number} [rate] */
    play(rate = 1) {
      span = null;
      const { duration } = project();
      const at = clock.heard();
      begin(rate > 0 && at >= duration - 0.01 ? 0 : at, rate);
    },
    /** Play a span; then stop, begin again, or go back to where the playhead was. @param {number} from @param {number} to @param {{loop?: boolean, back?: number | null, rate?: number}} [how] */
    playSpan(from, to, { loop = false, back = null, rate = 1 } = {}) {
      span = { from: Math.max(0, from), to: Math.min(project().duration, to), loop, back };
      begin(span.from, rate);
    },
    pause: () => clock.running() && stop(clock.heard()),
    /** @param {number} time */
    seek(time) {
      const at = Math.max(0, Math.min(project().duration, time));
      if (!clock.running()) clock.stop(at);
      else begin(at, clock.rate());
    },
    /** An edit was made: what sounds follows it. */
    update() {
      mix?.update(project(), clip(), room.response(project().room));
      if (!clock.running()) return;
      voices.update(project());
      tick();
    },
  };
}

/** @typedef {ReturnType<typeof createEngine>} Engine */
