/**
 * The detector's curve with the threshold in it.
 *
 * @import { Scene } from "./scene.js"
 * @import { Row } from "./layout.js"
 */

import { endOf, timeToX } from "../core/viewport.js";

const DENSE = 600; // values in sight from which the curve is drawn column by column

/** y of a probability in the curve's row. @param {Row} row @param {number} y @param {number} probability */
export const curveY = (row, y, probability) => y + row.height - 5 - probability * (row.height - 12);

/** Probability at a y. @param {Row} row @param {number} y @param {number} at */
export const probabilityAt = (row, y, at) =>
  Math.min(1, Math.max(0, (y + row.height - 5 - at) / (row.height - 12)));

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

/**
 * The curve in sight, as places of the canvas: the highest value of each pixel.
 *
 * @param {Scene} scene
 * @param {Row} row
 * @param {number} y
 * @returns {{x: number, top: number}[]}
 */
function pointsOf({ view, state }, row, y) {
  const { times, probabilities } = state.curve;
  const last = Math.min(times.length, indexAt(times, endOf(view)) + 2);
  const points = [];
  let [column, best] = [-Infinity, 0];
  for (let n = Math.max(0, indexAt(times, view.start) - 2); n < last; n += 1) {
    const x = timeToX(times[n], view);
    if (x - column >= 1) {
      if (column > -Infinity) points.push({ x: column, top: curveY(row, y, best) });
      [column, best] = [x, 0];
    }
    best = Math.max(best, probabilities[n]);
  }
  if (column > -Infinity) points.push({ x: column, top: curveY(row, y, best) });
  return points;
}

/** A line with its area. @param {Scene} scene @param {{x: number, top: number}[]} points @param {number} bottom */
function drawLine({ pen }, points, bottom) {
  pen.beginPath();
  pen.moveTo(points[0].x, bottom);
  for (const { x, top } of points) pen.lineTo(x, top);
  pen.lineTo(points[points.length - 1].x, bottom);
  pen.globalAlpha = 0.25;
  pen.fill();
  pen.globalAlpha = 1;
  pen.lineWidth = 1.25;
  pen.stroke();
}

/** Columns: a path with a thousand spikes takes a browser longer than all the rest. @param {Scene} scene @param {{x: number, top: number}[]} points @param {number} bottom */
function drawColumns({ pen }, points, bottom) {
  let before = points[0].top;
  for (const { x, top } of points) {
    const left = Math.round(x);
    pen.globalAlpha = 0.25;
    pen.fillRect(left, top, 1, bottom - top);
    pen.globalAlpha = 1;
    pen.fillRect(left, Math.min(top, before), 1, Math.max(1.5, Math.abs(top - before)));
    before = top;
  }
}

/** @param {Scene} scene @param {Row} row @param {number} y */
export function drawCurve(scene, row, y) {
  const { pen, palette } = scene;
  const points = pointsOf(scene, row, y);
  pen.fillStyle = palette.curve;
  pen.strokeStyle = palette.curve;
  if (points.length > DENSE) drawColumns(scene, points, curveY(row, y, 0));
  else if (points.length) drawLine(scene, points, curveY(row, y, 0));
}

/** The line of the threshold, where the curve's row is not under the ruler. @param {Scene} scene */
export function drawThreshold({ pen, view, palette, rows, scroll, state }) {
  const row = rows.find((other) => other.kind === "curve");
  if (!row) return;
  const line = Math.round(curveY(row, row.y - scroll, state.project.threshold));
  if (line < rows[0].height) return;
  pen.fillStyle = palette.threshold;
  pen.fillRect(0, line, view.width, 1.5);
}
