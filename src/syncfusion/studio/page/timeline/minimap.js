/**
 * The whole clip in a strip: events, the part in sight, the playhead. It is also the scrollbar.
 *
 * @import { State } from "../core/types.js"
 * @import { Viewport } from "../core/viewport.js"
 * @import { Palette } from "./palette.js"
 */

import { endOf } from "../core/viewport.js";
import { groupColor } from "./palette.js";

const LEAST = 12; // pixels: width of the part in sight, to be held

/** The part in sight, in pixels of the strip. @param {Viewport} view @param {number} width */
export function windowOf(view, width) {
  const ratio = width / Math.max(view.duration, 0.001);
  const from = view.start * ratio;
  const wide = Math.max(LEAST, (endOf(view) - view.start) * ratio);
  return { x: Math.min(from, width - wide), width: Math.min(width, wide) };
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{state: State, view: Viewport, palette: Palette, width: number, height: number, playhead: number}} scene
 */
export function drawMinimap(pen, { state, view, palette, width, height, playhead }) {
  pen.fillStyle = palette["row-alt"];
  pen.fillRect(0, 0, width, height);
  const ratio = width / Math.max(view.duration, 0.001);
  for (const group of state.project.groups) {
    pen.fillStyle = groupColor(palette, group.color);
    let column = -1;
    for (const event of state.project.events) {
      const x = Math.round(event.time * ratio);
      if (event.group !== group.id || x === column) continue;
      pen.fillRect(x, 4, 2, height - 8);
      column = x;
    }
  }
  const seen = windowOf(view, width);
  pen.fillStyle = palette.text;
  pen.globalAlpha = 0.1;
  pen.fillRect(seen.x, 0, seen.width, height);
  pen.globalAlpha = 1;
  pen.strokeStyle = palette["text-dim"];
  pen.lineWidth = 1;
  pen.strokeRect(seen.x + 0.5, 0.5, seen.width - 1, height - 1);
  pen.fillStyle = palette.playhead;
  pen.fillRect(playhead * ratio, 0, 1.5, height);
}
