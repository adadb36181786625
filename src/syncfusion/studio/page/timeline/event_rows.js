/**
 * The lanes with their events and sounds, and the mix of all.
 *
 * @import { Scene } from "./scene.js"
 * @import { Row } from "./layout.js"
 * @import { HitEvent, Group } from "../core/types.js"
 */

import { factorOf } from "../audio/strength.js";
import { PEAK } from "../audio/takes.js";
import { endOf, timeToX } from "../core/viewport.js";
import { groupColor } from "./palette.js";
import { NEAR, drawSamples } from "./samples.js";

export const HEAD = 9; // pixels: width of an event's head
const LONGEST = 10; // seconds that a sound may begin before the view and still be drawn
const CROWDED = 150; // events of a lane from which they are plain boxes
const MINOR = 3; // pixels: sounds narrower than this are not drawn

/**
 * Events that can be seen, or whose sound can.
 *
 * @param {Scene} scene
 * @returns {HitEvent[]}
 */
export function visibleEvents({ state: { project }, view }) {
  const { events } = project;
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle].time < view.start - LONGEST) low = middle + 1;
    else high = middle;
  }
  const end = endOf(view) + HEAD / view.scale;
  let last = low;
  while (last < events.length && events[last].time <= end) last += 1;
  return events.slice(low, last);
}

/**
 * The envelope of an event's sound, a column for each pixel.
 *
 * @param {Scene} scene
 * @param {HitEvent} event
 * @param {number} middle
 * @param {number} half  pixels of full scale
 */
function drawSound({ pen, view, takes }, event, middle, half) {
  const take = takes.peek(event.take);
  if (!take || take.buffer.duration * view.scale < MINOR) return;
  if (view.scale >= NEAR) {
    const { buffer, attack } = take;
    const place = {
      rate: buffer.sampleRate,
      start: event.time - attack,
      view,
      middle,
      half: half * factorOf(event),
    };
    return drawSamples(pen, buffer.getChannelData(0), place);
  }
  const start = timeToX(event.time - take.attack, view);
  const wide = PEAK * view.scale;
  const step = Math.max(1, Math.floor(1 / wide));
  const first = Math.max(0, Math.floor(-start / wide / step) * step);
  const last = Math.min(take.peaks.length, Math.ceil((view.width - start) / wide));
  for (let n = first; n < last; n += step) {
    let peak = 0;
    for (let at = n; at < Math.min(n + step, take.peaks.length); at += 1)
      peak = Math.max(peak, take.peaks[at]);
    const tall = Math.min(1, peak * factorOf(event)) * half;
    if (tall > 0.3)
      pen.fillRect(
        Math.round(start + n * wide),
        middle - tall,
        Math.max(1, Math.round(wide * step)),
        2 * tall,
      );
  }
  return undefined;
}

/** @param {Scene} scene @param {Row} row @param {number} y @param {Group} group @param {HitEvent[]} events */
export function drawLane(scene, row, y, group, events) {
  const { pen, palette, audible } = scene;
  const color = groupColor(palette, group.color);
  pen.fillStyle = color;
  for (const event of events) {
    pen.globalAlpha = audible(event) ? 0.35 : 0.12;
    drawSound(scene, event, y + row.height / 2, (row.height / 2 - 2) * Math.min(1, group.gain));
  }
  pen.globalAlpha = 1;
  const plain = events.length > CROWDED;
  for (const event of events) drawEvent(scene, row, { y, color, plain }, event);
}

/** @param {Scene} scene @param {Row} row @param {{y: number, color: string, plain: boolean}} style @param {HitEvent} event */
function drawEvent(
  { pen, view, palette, selected, audible, hovered },
  row,
  { y, color, plain },
  event,
) {
  const x = Math.round(timeToX(event.time, view));
  if (x < -HEAD) return;
  const certainty = event.confidence;
  const isSelected = selected.has(event.id);
  const tall = Math.round((row.height - 6) * (0.4 + 0.6 * certainty));
  const top = y + row.height - 3 - tall;
  pen.globalAlpha = audible(event) ? 0.45 + 0.55 * certainty : 0.3;
  pen.fillStyle = color;
  pen.fillRect(x, top, 2, tall);
  drawHead(
    pen,
    { x: x - 4, y: top, height: Math.min(tall, 14) },
    event.take && !event.stale ? null : palette.row,
    plain,
  );
  pen.globalAlpha = 1;
  if (isSelected || hovered === event.id) {
    pen.beginPath();
    pen.roundRect(x - 6.5, top - 2.5, HEAD + 5, tall + 5, 3);
    pen.strokeStyle = isSelected ? palette.selection : palette["text-dim"];
    pen.lineWidth = isSelected ? 2 : 1;
    pen.stroke();
  }
  if (event.locked) {
    pen.fillStyle = isSelected ? palette.selection : palette.text;
    pen.fillRect(x - 1, top + 5, 3, 3);
  }
}

/**
 * Full: there is a sound. With an inside, it is a frame: to be rendered. Corners only where few.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {{x: number, y: number, height: number}} place
 * @param {string | null} inside
 * @param {boolean} plain
 */
function drawHead(pen, { x, y, height }, inside, plain) {
  const box = (/** @type {number} */ margin) => {
    const [left, top, wide, tall] = [
      x + margin,
      y + margin,
      HEAD - 2 * margin,
      height - 2 * margin,
    ];
    if (plain) return pen.fillRect(left, top, wide, tall);
    pen.beginPath();
    pen.roundRect(left, top, wide, tall, 2);
    return pen.fill();
  };
  box(0);
  if (!inside) return;
  pen.fillStyle = inside;
  box(1.5);
}

/** @param {Scene} scene @param {Row} row @param {number} y @param {HitEvent[]} events */
export function drawMix(scene, row, y, events) {
  const { pen, palette, audible, state } = scene;
  const gains = new Map(state.project.groups.map((group) => [group.id, group.gain]));
  pen.fillStyle = palette.mix;
  for (const event of events) {
    if (!audible(event)) continue;
    drawSound(
      scene,
      event,
      y + row.height / 2,
      (row.height / 2 - 3) * (gains.get(event.group) ?? 1),
    );
  }
}
