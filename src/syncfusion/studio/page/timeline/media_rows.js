/**
 * Rows that show what was given: pictures and the clip's own sound.
 *
 * @import { Scene } from "./scene.js"
 * @import { Row } from "./layout.js"
 */

import { endOf, timeToX, xToTime } from "../core/viewport.js";
import { BLOCK } from "../audio/original.js";
import { levelFor } from "./peaks.js";
import { NEAR, drawSamples } from "./samples.js";

/** @param {Scene} scene @param {Row} row @param {number} y */
export function drawFilm({ pen, view, film }, row, y) {
  if (!film) return;
  const { strip, image } = film;
  const height = row.height - 4;
  const width = (height * strip.width) / strip.height;
  const every = width / view.scale;
  for (let n = Math.floor(view.start / every); n * every < endOf(view); n += 1) {
    const time = n * every;
    const picture = Math.min(strip.count - 1, Math.floor(time / strip.interval + 1e-6));
    const [column, line] = [picture % strip.columns, Math.floor(picture / strip.columns)];
    const x = timeToX(time, view);
    const from = { x: column * strip.width, y: line * strip.height };
    pen.drawImage(image, from.x, from.y, strip.width, strip.height, x, y + 2, width - 1, height);
  }
}

/** The samples of the blocks in sight; false while one is on its way. @param {Scene} scene @param {Row} row @param {number} y */
function drawNear({ pen, view, sound }, row, y) {
  const [first, last] = [Math.floor(view.start / BLOCK), Math.floor(endOf(view) / BLOCK)];
  const numbers = Array.from({ length: last - first + 1 }, (_, n) => first + n);
  for (const number of numbers) sound.need(number);
  const blocks = numbers.map((number) => sound.block(number));
  if (blocks.some((block, n) => !block && numbers[n] * BLOCK < view.duration)) return false;
  for (const [n, block] of blocks.entries()) {
    if (!block) continue;
    const place = {
      rate: block.sampleRate,
      start: numbers[n] * BLOCK,
      view,
      middle: y + row.height / 2,
      half: row.height / 2 - 3,
    };
    drawSamples(pen, block.getChannelData(0), place);
  }
  return true;
}

/** @param {Scene} scene @param {Row} row @param {number} y */
export function drawOriginal(scene, row, y) {
  const { pen, view, palette, original } = scene;
  if (!original) return;
  pen.fillStyle = palette.wave;
  if (view.scale >= NEAR && drawNear(scene, row, y)) return;
  const middle = y + row.height / 2;
  const half = (row.height / 2 - 3) / 128;
  const level = levelFor(original, 1 / view.scale);
  const width = Math.min(view.width, timeToX(level.lows.length * level.seconds, view));
  for (let x = 0; x < width; x += 1) {
    const from = Math.floor(xToTime(x, view) / level.seconds);
    const to = Math.max(from + 1, Math.floor(xToTime(x + 1, view) / level.seconds));
    let [low, high] = [0, 0];
    for (let n = from; n < to && n < level.lows.length; n += 1) {
      low = Math.min(low, level.lows[n]);
      high = Math.max(high, level.highs[n]);
    }
    pen.fillRect(x, middle - high * half, 1, Math.max(1, (high - low) * half));
  }
}
