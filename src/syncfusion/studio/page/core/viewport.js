/**
 * The part of the clip that the timeline shows, and the way between seconds and pixels.
 *
 * @typedef {object} Viewport
 * @property {number} start  seconds at the left edge
 * @property {number} scale  pixels a second
 * @property {number} width  pixels
 * @property {number} duration  seconds of the clip
 */

export const FINEST = 100_000; // pixels a second: a hundred pixels a millisecond
const MARGIN = 0.02; // of the width, beside what is fitted

/** Scale at which the whole clip fits. @param {Pick<Viewport, "width" | "duration">} view */
export const coarsest = ({ width, duration }) => width / Math.max(duration, 0.1);

/** @param {number} time @param {Viewport} view */
export const timeToX = (time, view) => (time - view.start) * view.scale;

/** @param {number} x @param {Viewport} view */
export const xToTime = (x, view) => view.start + x / view.scale;

/** Seconds at the right edge. @param {Viewport} view */
export const endOf = (view) => view.start + view.width / view.scale;

/**
 * @param {Viewport} view
 * @returns {Viewport} the same within the clip and the limits of scale
 */
export function clamped(view) {
  const scale = Math.min(FINEST, Math.max(coarsest(view), view.scale));
  const last = Math.max(0, view.duration - view.width / scale);
  return { ...view, scale, start: Math.min(last, Math.max(0, view.start)) };
}

/**
 * Zoom so that the time under the pointer stays there.
 *
 * @param {Viewport} view
 * @param {number} factor  above 1 is nearer
 * @param {number} x  the pointer's
 */
export function zoomedAt(view, factor, x) {
  const scale = Math.min(FINEST, Math.max(coarsest(view), view.scale * factor));
  return clamped({ ...view, scale, start: xToTime(x, view) - x / scale });
}

/** @param {Viewport} view @param {number} pixels */
export const scrolled = (view, pixels) =>
  clamped({ ...view, start: view.start + pixels / view.scale });

/** @param {Viewport} view @param {number} from @param {number} to */
export function fitted(view, from = 0, to = view.duration) {
  if (from <= 0 && to >= view.duration) return clamped({ ...view, start: 0, scale: 0 });
  const span = Math.max(to - from, 0.005) * (1 + 2 * MARGIN);
  const scale = Math.min(FINEST, view.width / span);
  return clamped({ ...view, scale, start: (from + to) / 2 - view.width / scale / 2 });
}

/** Scroll only if a time is out of sight, and then to a place with room. @param {Viewport} view @param {number} time */
export function revealed(view, time) {
  const x = timeToX(time, view);
  if (x >= 0 && x <= view.width) return view;
  return clamped({ ...view, start: time - 0.3 * (view.width / view.scale) });
}

/** A page further when the playhead leaves: no easing. @param {Viewport} view @param {number} time */
export function followed(view, time) {
  const x = timeToX(time, view);
  if (x >= 0 && x <= view.width * 0.95) return view;
  return clamped({ ...view, start: time - 0.05 * (view.width / view.scale) });
}

/** @param {Viewport} view @param {number} width @returns {Viewport} */
export function resized(view, width) {
  const whole = Math.abs(view.scale - coarsest(view)) < 1e-9 || view.width === 0;
  return clamped({ ...view, width, scale: whole ? 0 : view.scale });
}
