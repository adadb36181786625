/**
 * Rows that show what was given: pictures, the clip's own sound, the detector's curve.
 *
 * @import { Scene } from "./scene.js"
 * @import { Row } from "./layout.js"
 */

import { endOf, timeToX, xToTime } from "../core/viewport.js";
import { levelFor } from "./peaks.js";

/** @param {Scene} scene @param {Row} row @param {number} y */
export function drawFilm({ pen, view, film }, row, y) {
  if (!film) return;
  const { strip, image } = film;
  const height = row.height - 4;
  const width = (height * strip.width) / strip.height;
  const every = Math.max(strip.interval, width / view.scale);
  for (let n = Math.floor(view.start / every); n * every < endOf(view); n += 1) {
    const time = n * every;
    const picture = Math.min(strip.count - 1, Math.round(time / strip.interval));
    const [column, line] = [picture % strip.columns, Math.floor(picture / strip.columns)];
    const x = timeToX(time, view);
    const room = Math.min(width, every * view.scale) - 1;
    const part = (strip.width * room) / width;
    pen.drawImage(image, column * strip.width, line * strip.height, part, strip.height, x, y + 2, room, height);
  }
}

/** @param {Scene} scene @param {Row} row @param {number} y */
export function drawOriginal({ pen, view, palette, original }, row, y) {
  if (!original) return;
  const middle = y + row.height / 2;
  const half = (row.height / 2 - 3) / 128;
  const level = levelFor(original, 1 / view.scale);
  pen.fillStyle = palette.wave;
  const width = Math.min(view.width, timeToX(level.lows.length * level.seconds, view));
  pen.beginPath();
  for (let x = 0; x < width; x += 1) {
    const from = Math.floor(xToTime(x, view) / level.seconds);
    const to = Math.max(from + 1, Math.floor(xToTime(x + 1, view) / level.seconds));
    let [low, high] = [0, 0];
    for (let n = from; n < to && n < level.lows.length; n += 1) {
      low = Math.min(low, level.lows[n]);
      high = Math.max(high, level.highs[n]);
    }
    pen.rect(x, middle - high * half, 1, Math.max(1, (high - low) * half));
  }
  pen.fill();
}

/** y of a probability in the curve's row. @param {Row} row @param {number} y @param {number} probability */
export const curveY = (row, y, probability) => y + row.height - 5 - probability * (row.height - 12);

/** Probability at a y. @param {Row} row @param {number} y @param {number} at */
export const probabilityAt = (row, y, at) => Math.min(1, Math.max(0, (y + row.height - 5 - at) / (row.height - 12)));

/** First index of an ascending list that is not below a value. @param {number[]} list @param {number} value */
export function indexAt(list, value) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {Scene} scene @param {Row} row @param {number} y */
export function drawCurve({ pen, view, palette, state }, row, y) {
  const { times, probabilities, cuts } = state.curve;
  const { threshold } = state.project;
  const last = Math.min(times.length, indexAt(times, endOf(view)) + 2);
  const bottom = curveY(row, y, 0);
  pen.beginPath();
  pen.moveTo(0, bottom);
  let [column, best] = [-Infinity, 0];
  for (let n = Math.max(0, indexAt(times, view.start) - 2); n < last; n += 1) {
    const x = timeToX(times[n], view);
    if (x - column < 1) best = Math.max(best, probabilities[n]);
    else [column, best] = [x, probabilities[n]];
    pen.lineTo(column, curveY(row, y, best));
  }
  pen.lineTo(Math.max(column, 0), bottom);
  pen.fillStyle = palette.curve;
  pen.globalAlpha = 0.25;
  pen.fill();
  pen.globalAlpha = 1;
  pen.strokeStyle = palette.curve;
  pen.lineWidth = 1.25;
  pen.stroke();
  pen.fillStyle = palette.threshold;
  pen.fillRect(0, Math.round(curveY(row, y, threshold)), view.width, 1.5);
  pen.fillStyle = palette.cut;
  for (const cut of cuts) {
    if (cut >= view.start && cut <= endOf(view)) pen.fillRect(Math.round(timeToX(cut, view)), y, 1, row.height);
  }
}
