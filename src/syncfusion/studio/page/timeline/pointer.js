/**
 * Mouse, pen and fingers on the timeline.
 *
 * @import { App } from "../app_types.js"
 * @import { Surface } from "./surface.js"
 * @import { Drag, Place } from "./drags.js"
 */

import { scrolled, xToTime, zoomedAt } from "../core/viewport.js";
import { boxSelect, dragRange, dragThreshold, moveEvents, scrub } from "./drags.js";
import { REACH, eventAt } from "./hits.js";
import { rowAt } from "./layout.js";
import { curveY } from "./curve_row.js";

const THRESHOLD = 4; // pixels before a press is a drag
const ZOOM = 0.0025; // of the exponent, a pixel of the wheel

/**
 * @param {App} app
 * @param {Surface} surface
 * @param {HTMLCanvasElement} canvas
 */
export function listenToPointers(app, surface, canvas) {
  const { store, view } = app;
  /** @type {Map<number, Place>} */
  const down = new Map();
  /** @type {{drag: Drag, from: Place, moved: boolean, id: number} | null} */
  let active = null;

  let box = canvas.getBoundingClientRect();

  /** While a drag lasts, the canvas stays where it is. @param {PointerEvent | MouseEvent} event @returns {Place} */
  function placeOf(event) {
    if (!active) box = canvas.getBoundingClientRect();
    const { left, top } = box;
    const touch = event instanceof PointerEvent && event.pointerType === "touch";
    return {
      x: event.clientX - left,
      y: event.clientY - top,
      shift: event.shiftKey,
      mod: event.ctrlKey || event.metaKey,
      touch,
    };
  }

  /** @param {Place} place */
  function under({ x, y, touch }) {
    const row = rowAt(surface.rows(), y, surface.scroll());
    const reach = touch ? REACH.touch : REACH.mouse;
    const { project } = store.get();
    const event =
      row?.kind === "lane"
        ? eventAt(project, view.get().viewport, { x, group: row.key, reach })
        : null;
    const line =
      row?.kind === "curve" ? curveY(row, row.y - surface.scroll(), project.threshold) : NaN;
    return { row, event, onThreshold: Math.abs(line - y) <= (touch ? 14 : 7) };
  }

  /** @param {Place} place @returns {Drag | null} */
  function begin(place) {
    const { row, event, onThreshold } = under(place);
    if (!row) return null;
    if (row.kind === "curve")
      return onThreshold ? dragThreshold(app, surface, row) : dragRange(app, place);
    if (row.kind !== "lane") return place.shift ? dragRange(app, place) : scrub(app);
    if (!event) return boxSelect(app, surface, place);
    const ripples = place.mod && place.shift;
    const isSelected = store.get().selection.includes(event.id);
    if (place.mod && !ripples) store.dispatch({ type: "select", ids: [event.id], mode: "toggle" });
    else if (place.shift && !ripples)
      store.dispatch({ type: "select", ids: [event.id], mode: "range" });
    else if (!isSelected) store.dispatch({ type: "select", ids: [event.id] });
    view.dispatch({ group: null });
    const drag = moveEvents(app, surface, event, place, ripples);
    const alone = () => isSelected && !place.mod && !place.shift;
    return {
      ...drag,
      end(at, moved) {
        drag.end?.(at, moved);
        if (!moved && alone()) store.dispatch({ type: "select", ids: [event.id] });
      },
    };
  }

  function cancel() {
    active?.drag.cancel?.();
    active = null;
  }

  /** Two fingers: scroll and zoom. @param {Place} place @param {number} id */
  function pinch(place, id) {
    const [a, b] = [...down.values()];
    const spread = Math.max(10, Math.abs(a.x - b.x));
    const middle = (a.x + b.x) / 2;
    down.set(id, place);
    const [c, d] = [...down.values()];
    const factor = Math.max(10, Math.abs(c.x - d.x)) / spread;
    const moved = scrolled(view.get().viewport, middle - (c.x + d.x) / 2);
    view.dispatch({ viewport: zoomedAt(moved, factor, (c.x + d.x) / 2), follows: false });
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    const place = placeOf(event);
    down.set(event.pointerId, place);
    if (down.size === 2) return cancel();
    const drag = begin(place);
    const row = under(place).row;
    if (drag) active = { drag, from: place, moved: false, id: event.pointerId };
    if (drag && row && ["ruler", "film", "original", "mix"].includes(row.kind) && !place.shift)
      drag.move(place);
  });

  canvas.addEventListener("pointermove", (event) => {
    const place = placeOf(event);
    if (down.size === 2 && down.has(event.pointerId)) return pinch(place, event.pointerId);
    if (!active) return hover(place);
    if (active.id !== event.pointerId) return;
    const far = Math.hypot(place.x - active.from.x, place.y - active.from.y) >= THRESHOLD;
    active.moved ||= far;
    if (active.moved) active.drag.move(place);
  });

  /** @param {Place} place */
  function hover(place) {
    const { row, event, onThreshold } = under(place);
    surface.hover(event?.id ?? null);
    surface.mark({ pointer: place.x });
    const cursors = { lane: event ? "grab" : "default", curve: onThreshold ? "ns-resize" : "text" };
    canvas.style.cursor = cursors[/** @type {"lane"} */ (row?.kind)] ?? "col-resize";
  }

  /** @param {PointerEvent} event */
  function up(event) {
    down.delete(event.pointerId);
    if (active?.id !== event.pointerId) return;
    active.drag.end?.(placeOf(event), active.moved);
    active = null;
  }
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", (event) => {
    down.delete(event.pointerId);
    cancel();
  });
  canvas.addEventListener("pointerleave", () => {
    surface.hover(null);
    surface.mark({ pointer: null });
  });

  canvas.addEventListener("dblclick", (event) => {
    const place = placeOf(event);
    const { row, event: known } = under(place);
    if (known) return app.run("label");
    if (row?.kind !== "lane") return;
    store.dispatch({
      type: "add",
      event: { time: xToTime(place.x, view.get().viewport), group: row.key },
    });
  });

  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === 1 ? 16 : 1;
      const [across, down] = [event.deltaX * unit, event.deltaY * unit];
      const { viewport } = view.get();
      const { x } = placeOf(event);
      if (event.ctrlKey || event.metaKey)
        return view.dispatch({ viewport: zoomedAt(viewport, Math.exp(-down * ZOOM), x) });
      view.dispatch({
        viewport: scrolled(viewport, Math.abs(across) > Math.abs(down) ? across : down),
        follows: false,
      });
      return undefined;
    },
    { passive: false },
  );
  return { cancel, dragging: () => active !== null };
}

/** @typedef {ReturnType<typeof listenToPointers>} Pointers */
