/**
 * The muted video follows the clock: a little faster or slower when it drifts, a jump when it is
 * far, and the middle of the frame when the clock stands.
 *
 * @import { Engine } from "./engine.js"
 * @import { Clock } from "../core/timecode.js"
 */

import { frameAt, middleOf, timeOf } from "../core/timecode.js";

const NEAR = 1; // frames of drift that are left alone
const FAR = 4; // frames from which the video jumps
const PULL = 0.02; // by how much the video's speed differs while it catches up

/**
 * The video's speed, or null to jump.
 *
 * @param {number} drift  seconds that the video is ahead
 * @param {number} frame  seconds
 * @param {number} rate
 */
export function correction(drift, frame, rate) {
  if (Math.abs(drift) > FAR * frame * Math.max(1, rate)) return null;
  if (Math.abs(drift) <= NEAR * frame) return rate;
  return rate * (1 - Math.sign(drift) * PULL);
}

/**
 * @param {HTMLVideoElement} video
 * @param {Engine} engine
 * @param {() => Clock} clock
 */
export function createPicture(video, engine, clock) {
  let shown = 0; // media time of the frame on screen
  let target = -1;

  const watch = () =>
    video.requestVideoFrameCallback((_, { mediaTime }) => {
      shown = mediaTime;
      watch();
    });
  if ("requestVideoFrameCallback" in video) watch();

  /** One seek at a time; the last one asked for counts. @param {number} time */
  function jump(time) {
    if (video.seeking || Math.abs(target - time) < 1e-6) return;
    target = time;
    video.currentTime = time;
  }

  function stand() {
    if (!video.paused) video.pause();
    jump(middleOf(frameAt(engine.time(), clock()), clock()));
  }

  function run() {
    const rate = engine.rate();
    const time = engine.time();
    if (rate < 0 || rate > 4) return stand();
    if (video.paused) {
      video.playbackRate = rate;
      video.currentTime = time;
      shown = time;
      video.play().catch(() => {});
      return;
    }
    if (video.seeking) return;
    const frame = timeOf(1, clock());
    const speed = correction(shown + frame / 2 - time, frame, rate);
    if (speed === null) {
      video.currentTime = time;
      shown = time;
    } else if (video.playbackRate !== speed) video.playbackRate = speed;
  }

  return {
    /** Called once a frame of the screen. */
    update() {
      if (video.readyState < 1) return;
      target = engine.playing() ? -1 : target;
      if (engine.playing()) run();
      else stand();
    },
    /** Frames that the picture is ahead of the sound. */
    drift: () => (shown - engine.time()) / timeOf(1, clock()),
  };
}

/** @typedef {ReturnType<typeof createPicture>} Picture */
