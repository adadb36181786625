/**
 * The ruler: timecode where a second is wide, milliseconds where a frame is.
 *
 * @import { Scene } from "./scene.js"
 * @import { Clock } from "../core/timecode.js"
 * @import { Viewport } from "../core/viewport.js"
 */

import { clockTime, nominal, timecode, timeOf } from "../core/timecode.js";
import { endOf, timeToX } from "../core/viewport.js";

const APART = 92; // pixels between labels, at least
const MINOR = 7; // pixels between small ticks, at least
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
const MILLISECONDS = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01];

/**
 * Frames between labels, or null where milliseconds are wanted.
 *
 * @param {Viewport} view
 * @param {Clock} clock
 */
export function frameStep(view, clock) {
  const rate = nominal(clock);
  const frame = timeOf(1, clock) * view.scale;
  if (frame > 3 * APART) return null;
  const steps = [1, 2, 5, 10, ...SECONDS.map((seconds) => seconds * rate)];
  return (
    steps.find((step) => step * frame >= APART && (step < rate || step % rate === 0)) ?? 7200 * rate
  );
}

/** @param {Scene} scene */
export function drawRuler(scene) {
  const { pen, view, clock, palette, rows } = scene;
  const height = rows[0].height;
  pen.fillStyle = palette.canvas;
  pen.fillRect(0, 0, view.width, height);
  pen.font = `11px ${palette.font}`;
  pen.textBaseline = "alphabetic";
  const step = frameStep(view, clock);
  if (step === null) drawMilliseconds(scene, height);
  else drawFrames(scene, height, step);
  pen.fillStyle = palette["line-strong"];
  pen.fillRect(0, height - 1, view.width, 1);
}

/** @param {Scene} scene @param {number} height @param {number} step */
function drawFrames({ pen, view, clock, palette }, height, step) {
  const first = Math.floor((view.start * clock.numerator) / clock.denominator / step) * step;
  const parts = [10, 5, 2].map((n) => step / n).filter(Number.isInteger);
  const minor = parts.find((n) => timeOf(n, clock) * view.scale >= MINOR) ?? step;
  for (let frame = first; timeOf(frame, clock) <= endOf(view); frame += minor) {
    const x = Math.round(timeToX(timeOf(frame, clock), view));
    const major = (frame - first) % step === 0;
    pen.fillStyle = major ? palette["line-strong"] : palette.line;
    pen.fillRect(x, height - (major ? 12 : 6), 1, major ? 12 : 6);
    if (!major) continue;
    pen.fillStyle = palette["text-dim"];
    pen.fillText(timecode(clock.start + frame, clock), x + 4, height - 13);
  }
}

/** @param {Scene} scene @param {number} height */
function drawMilliseconds({ pen, view, clock, palette }, height) {
  const step = MILLISECONDS.find((seconds) => seconds * view.scale >= APART) ?? 0.01;
  const minor = step / 5;
  const first = Math.floor(view.start / step);
  for (let n = first * 5; n * minor <= endOf(view); n += 1) {
    const x = Math.round(timeToX(n * minor, view));
    const major = n % 5 === 0;
    pen.fillStyle = major ? palette["line-strong"] : palette.line;
    pen.fillRect(x, height - (major ? 12 : 6), 1, major ? 12 : 6);
    if (!major) continue;
    pen.fillStyle = palette["text-dim"];
    pen.fillText(fineTime(n * minor, step), x + 4, height - 13);
  }
  const frames = (/** @type {number} */ time) =>
    Math.ceil((time * clock.numerator) / clock.denominator);
  pen.fillStyle = palette.accent;
  for (let frame = frames(view.start); timeOf(frame, clock) <= endOf(view); frame += 1) {
    pen.fillRect(Math.round(timeToX(timeOf(frame, clock), view)), 0, 1, height);
  }
}

/** Seconds with as many digits as the step needs. @param {number} time @param {number} step */
const fineTime = (time, step) => (step < 0.001 ? `${time.toFixed(4)} s` : clockTime(time));
