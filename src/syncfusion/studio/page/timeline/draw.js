/**
 * The picture of the timeline: only what is in sight, nothing but canvas calls.
 *
 * @import { Scene } from "./scene.js"
 * @import { Row } from "./layout.js"
 * @import { HitEvent } from "../core/types.js"
 */

import { endOf, timeToX } from "../core/viewport.js";
import { drawLane, drawMix, visibleEvents } from "./event_rows.js";
import { drawCurve, drawThreshold } from "./curve_row.js";
import { drawFilm, drawOriginal } from "./media_rows.js";
import { drawRuler } from "./ruler.js";

/** Rows in which shot cuts are lines. @type {Row["kind"][]} */
const CUT = ["film", "original", "curve"];

/**
 * @param {Scene} scene
 * @param {boolean} whole  false: the rows of events alone; all others are there and did not change
 */
export function drawTimeline(scene, whole) {
  const { pen, view, palette, rows, scroll, height } = scene;
  pen.save();
  pen.beginPath();
  pen.rect(0, whole ? 0 : rows[0].height, view.width, height);
  pen.clip();
  if (whole) {
    pen.fillStyle = palette.canvas;
    pen.fillRect(0, 0, view.width, height);
  }
  drawRows(scene, whole);
  pen.restore();
  if (whole) drawRuler(scene);
}

/** @param {Scene} scene @param {boolean} whole */
function drawRows(scene, whole) {
  const { rows, scroll, height, state } = scene;
  const events = visibleEvents(scene);
  /** @type {Map<string, HitEvent[]>} */
  const byGroup = new Map(state.project.groups.map((group) => [group.id, []]));
  for (const event of events) byGroup.get(event.group)?.push(event);
  for (const row of rows.slice(1)) {
    const y = row.y - scroll;
    if (y > height || y + row.height < rows[0].height) continue;
    if (!whole && row.kind !== "lane" && row.kind !== "mix") continue;
    drawRow(scene, row, y, row.kind === "lane" ? (byGroup.get(row.key) ?? []) : events);
  }
}

/** Shot cuts. @param {Scene} scene @param {Row} row @param {number} y */
function drawCuts({ pen, view, palette, state }, row, y) {
  pen.fillStyle = palette.cut;
  for (const cut of state.curve.cuts)
    if (cut >= view.start && cut <= endOf(view))
      pen.fillRect(Math.round(timeToX(cut, view)), y, 1, row.height);
}

/** @param {Scene} scene @param {Row} row @param {number} y @param {HitEvent[]} events */
function drawRow(scene, row, y, events) {
  const { pen, view, palette, state } = scene;
  pen.fillStyle = row.kind === "lane" ? palette.row : palette["row-alt"];
  pen.fillRect(0, y, view.width, row.height);
  pen.save();
  pen.beginPath();
  pen.rect(0, y, view.width, row.height);
  pen.clip();
  if (row.kind === "film") drawFilm(scene, row, y);
  if (row.kind === "original") drawOriginal(scene, row, y);
  if (row.kind === "curve") drawCurve(scene, row, y);
  if (CUT.includes(row.kind)) drawCuts(scene, row, y);
  if (row.kind === "mix") drawMix(scene, row, y, events);
  const group = row.kind === "lane" && state.project.groups.find((other) => other.id === row.key);
  if (group) drawLane(scene, row, y, group, events);
  pen.restore();
  pen.fillStyle = palette.line;
  pen.fillRect(0, y + row.height - 1, view.width, 1);
}

/**
 * What moves over the picture: threshold, playhead, range, selection box, guide line and readout.
 *
 * @typedef {object} Overlay
 * @property {number} playhead  seconds
 * @property {number | null} from
 * @property {number | null} to
 * @property {{x0: number, y0: number, x1: number, y1: number} | null} box
 * @property {{time: number, text: string, snapped: boolean} | null} guide
 * @property {number | null} pointer  x of the pointer
 *
 * @param {Scene} scene
 * @param {Overlay} overlay
 */
export function drawOverlay(scene, { playhead, from, to, box, guide, pointer }) {
  const { pen, view, palette, height, rows } = scene;
  pen.clearRect(0, 0, view.width, height);
  drawThreshold(scene);
  if (from !== null || to !== null) {
    const [x0, x1] = [timeToX(from ?? 0, view), timeToX(to ?? view.duration, view)];
    pen.fillStyle = palette.accent;
    pen.globalAlpha = 0.12;
    pen.fillRect(x0, 0, x1 - x0, height);
    pen.globalAlpha = 1;
    pen.fillRect(x0, 0, x1 - x0, 3);
  }
  if (box) {
    pen.strokeStyle = palette.selection;
    pen.lineWidth = 1;
    const [x, y] = [Math.min(box.x0, box.x1), Math.min(box.y0, box.y1)];
    const [w, h] = [Math.abs(box.x1 - box.x0), Math.abs(box.y1 - box.y0)];
    pen.globalAlpha = 0.15;
    pen.fillStyle = palette.selection;
    pen.fillRect(x, y, w, h);
    pen.globalAlpha = 1;
    pen.strokeRect(x + 0.5, y + 0.5, w, h);
  }
  if (pointer !== null && !guide) {
    pen.fillStyle = palette["line-strong"];
    pen.fillRect(Math.round(pointer), rows[0].height, 1, height);
  }
  drawPlayhead(pen, Math.round(timeToX(playhead, view)), height, palette);
  if (guide)
    drawGuide(pen, guide, timeToX(guide.time, view), { height, width: view.width, palette });
}

/** @param {CanvasRenderingContext2D} pen @param {number} x @param {number} height @param {Scene["palette"]} palette */
function drawPlayhead(pen, x, height, palette) {
  pen.fillStyle = palette.playhead;
  pen.fillRect(x, 0, 1.5, height);
  pen.beginPath();
  pen.moveTo(x - 6, 0);
  pen.lineTo(x + 7, 0);
  pen.lineTo(x + 7, 7);
  pen.lineTo(x + 0.75, 14);
  pen.lineTo(x - 6, 7);
  pen.fill();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{text: string, snapped: boolean}} guide
 * @param {number} x
 * @param {{height: number, width: number, palette: Scene["palette"]}} place
 */
function drawGuide(pen, { text, snapped }, x, { height, width, palette }) {
  pen.fillStyle = palette.guide;
  pen.globalAlpha = snapped ? 1 : 0.6;
  pen.fillRect(Math.round(x), 0, 1, height);
  pen.globalAlpha = 1;
  pen.font = `12px ${palette.font}`;
  const wide = pen.measureText(text).width + 14;
  const left = x + 10 + wide > width ? x - 10 - wide : x + 10;
  pen.beginPath();
  pen.roundRect(left, 32, wide, 22, 4);
  pen.fill();
  pen.fillStyle = palette.canvas;
  pen.textBaseline = "middle";
  pen.fillText(text, left + 7, 43.5);
}
