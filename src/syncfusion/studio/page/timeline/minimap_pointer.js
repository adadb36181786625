/**
 * Dragging the part in sight in the strip of the whole clip.
 *
 * @import { ViewStore } from "../view.js"
 */

import { clamped, endOf } from "../core/viewport.js";
import { windowOf } from "./minimap.js";

/** @param {ViewStore} view @param {HTMLCanvasElement} canvas */
export function listenToMinimap(view, canvas) {
  let grip = 0; // pixels between the pointer and the left of the part in sight
  const width = () => canvas.getBoundingClientRect().width;
  const xOf = (/** @type {PointerEvent} */ event) =>
    event.clientX - canvas.getBoundingClientRect().left;

  /** @param {PointerEvent} event */
  function move(event) {
    const { viewport } = view.get();
    const start = ((xOf(event) - grip) / width()) * viewport.duration;
    view.dispatch({ viewport: clamped({ ...viewport, start }), follows: false });
  }

  canvas.addEventListener("pointerdown", (event) => {
    const { viewport } = view.get();
    const seen = windowOf(viewport, width());
    const inside = xOf(event) >= seen.x && xOf(event) <= seen.x + seen.width;
    grip = inside ? xOf(event) - seen.x : seen.width / 2;
    canvas.setPointerCapture(event.pointerId);
    move(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) move(event);
  });
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { viewport } = view.get();
      const seconds = ((endOf(viewport) - viewport.start) * (event.deltaY + event.deltaX)) / 500;
      view.dispatch({
        viewport: clamped({ ...viewport, start: viewport.start + seconds }),
        follows: false,
      });
    },
    { passive: false },
  );
}
