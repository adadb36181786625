/**
 * Timecode (SMPTE ST 12-1): frames are counted by the nominal rate and placed by the true one.
 *
 * @typedef {object} Clock
 * @property {number} numerator
 * @property {number} denominator
 * @property {boolean} drop
 * @property {number} start  frame number of the first picture
 *
 * @import { Project } from "./types.js"
 */

const PATTERN = /^(\d{1,2}):(\d{2}):(\d{2})[:;.](\d{2,3})$/;
const DAY = 24 * 60;

/** @param {Clock} clock */
export const nominal = (clock) => Math.round(clock.numerator / clock.denominator);

/** @param {Clock} clock */
const dropped = (clock) => (clock.drop ? nominal(clock) / 15 : 0);

/**
 * The clock of a project; a timecode it cannot read counts from zero.
 *
 * @param {Pick<Project, "frame_rate" | "drop_frame" | "start_timecode">} project
 * @returns {Clock}
 */
export function clockOf({ frame_rate: [numerator, denominator], drop_frame, start_timecode }) {
  const drops = denominator === 1001 && [30000, 60000].includes(numerator);
  const clock = { numerator, denominator, drop: drop_frame && drops, start: 0 };
  return { ...clock, start: framesOf(start_timecode, clock) ?? 0 };
}

/**
 * Frames between 00:00:00:00 and a timecode; null if it is none of this rate.
 *
 * @param {string} text
 * @param {Clock} clock
 * @returns {number | null}
 */
export function framesOf(text, clock) {
  const found = PATTERN.exec(text.trim());
  if (!found) return null;
  const [hours, minutes, seconds, frame] = found.slice(1).map(Number);
  if (hours > 23 || minutes > 59 || seconds > 59 || frame >= nominal(clock)) return null;
  const skip = dropped(clock);
  if (seconds === 0 && minutes % 10 && frame < skip) return null;
  const minute = 60 * hours + minutes;
  const left = skip * (minute - Math.floor(minute / 10));
  return (60 * minute + seconds) * nominal(clock) + frame - left;
}

/**
 * @param {number} frames  counted from 00:00:00:00
 * @param {Clock} clock
 */
export function timecode(frames, clock) {
  const rate = nominal(clock);
  const counted = frames + (clock.drop ? leftOut(frames, clock) : 0);
  const frame = ((counted % rate) + rate) % rate;
  const seconds = Math.floor(counted / rate);
  const minutes = Math.floor(seconds / 60);
  const inDay = ((minutes % DAY) + DAY) % DAY;
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const head = [Math.floor(inDay / 60), inDay % 60, ((seconds % 60) + 60) % 60].map(two);
  return `${head.join(":")}${clock.drop ? ";" : ":"}${two(frame)}`;
}

/**
 * Frame numbers that drop-frame leaves out before a frame.
 *
 * @param {number} frames
 * @param {Clock} clock
 */
function leftOut(frames, clock) {
  const skip = dropped(clock);
  const minute = 60 * nominal(clock) - skip;
  const tenth = 10 * minute + skip;
  const tens = Math.floor(frames / tenth);
  const ones = Math.max(0, Math.floor((frames - tens * tenth - skip) / minute));
  return skip * (9 * tens + ones);
}

/** Frame of the clip on screen at a time, 0 is the first. @param {number} time @param {Clock} clock */
export function frameAt(time, { numerator, denominator }) {
  return Math.floor((time * numerator) / denominator + 1e-3);
}

/** Frame nearest to a time. @param {number} time @param {Clock} clock */
export function nearestFrame(time, { numerator, denominator }) {
  return Math.round((time * numerator) / denominator);
}

/** Time at which a frame of the clip begins. @param {number} frame @param {Clock} clock */
export function timeOf(frame, { numerator, denominator }) {
  return (frame * denominator) / numerator;
}

/** Time in the middle of a frame: where a paused video is sought. @param {number} frame @param {Clock} clock */
export const middleOf = (frame, clock) => timeOf(frame + 0.5, clock);

/** Timecode on screen at a time. @param {number} time @param {Clock} clock */
export const timecodeAt = (time, clock) => timecode(clock.start + frameAt(time, clock), clock);

/**
 * The time that a user typed: a timecode, seconds, or minutes:seconds; null if it is neither.
 *
 * @param {string} text
 * @param {Clock} clock
 * @returns {number | null}
 */
export function parseTime(text, clock) {
  const trimmed = text.trim().replace(",", ".");
  const frames = framesOf(trimmed, clock);
  if (frames !== null) return timeOf(frames - clock.start, clock);
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  const minutes = /^(\d+):(\d{1,2}(\.\d+)?)$/.exec(trimmed);
  return minutes ? 60 * Number(minutes[1]) + Number(minutes[2]) : null;
}

/** Seconds as a person reads them: 1:02.345. @param {number} seconds */
export function clockTime(seconds) {
  const whole = Math.round(Math.abs(seconds) * 1000);
  const rest = (whole % 60000) / 1000;
  const text = `${Math.floor(whole / 60000)}:${rest.toFixed(3).padStart(6, "0")}`;
  return seconds < 0 ? `−${text}` : text;
}
