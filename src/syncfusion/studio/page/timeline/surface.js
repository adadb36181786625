/**
 * The canvases of the timeline: drawn when something changed, at most once a frame of the screen.
 *
 * @import { App } from "../app_types.js"
 * @import { State } from "../core/types.js"
 * @import { Overlay } from "./draw.js"
 * @import { Pyramid } from "./peaks.js"
 */

import { audible } from "../core/groups.js";
import { clockOf } from "../core/timecode.js";
import { followed, resized } from "../core/viewport.js";
import { drawOverlay, drawTimeline } from "./draw.js";
import { heightOf, rowsOf } from "./layout.js";
import { drawMinimap } from "./minimap.js";
import { readPalette } from "./palette.js";

/** @param {HTMLCanvasElement} canvas @param {boolean} [alpha] whether one sees through it */
const penOf = (canvas, alpha = false) =>
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha }));

/** @param {State} state @param {State} before */
const sameEvents = ({ project: now }, { project: before }) =>
  now.events === before.events && now.groups === before.groups;

/** What the rows that hold no events show of a state. @param {State} state @param {State} before */
const sameMedia = (state, before) =>
  state.curve === before.curve &&
  state.project.frame_rate === before.project.frame_rate &&
  state.project.start_timecode === before.project.start_timecode &&
  state.project.drop_frame === before.project.drop_frame;

/**
 * @param {App} app
 * @param {{scroller: HTMLElement, base: HTMLCanvasElement, over: HTMLCanvasElement, map: HTMLCanvasElement}} parts
 */
export function createSurface(app, { scroller, base, over, map }) {
  const { store, view, engine, takes } = app;
  const pens = { base: penOf(base), over: penOf(over, true), map: penOf(map) };
  const size = { height: 0, map: { width: 0, height: 0 } };
  let palette = readPalette(base);
  let rows = rowsOf(store.get().project, 0, { film: false, original: false });
  let scroll = 0;
  let stale = { all: true, events: true, over: true };
  let stopped = false;
  let drawn = -1; // playhead in the picture
  /** @type {Pyramid | null} */
  let original = null;
  /** @type {HTMLImageElement | null} */
  let image = null;
  /** @type {string | null} */
  let hovered = null;
  /** @type {Pick<Overlay, "box" | "guide" | "pointer">} */
  let marks = { box: null, guide: null, pointer: null };
  /** @type {Set<(at: number) => void>} */
  const frames = new Set();

  function lay() {
    rows = rowsOf(store.get().project, size.height, { film: !!image, original: !!original });
    scroller.style.setProperty("--rows-height", `${heightOf(rows)}px`);
    stale.all = true;
    scroller.dispatchEvent(new CustomEvent("rows", { detail: rows }));
  }

  /** @param {keyof typeof pens} name */
  function scene(name) {
    const state = store.get();
    const { viewport, filmstrip } = view.get();
    return {
      pen: pens[name],
      state,
      selected: new Set(state.selection),
      view: viewport,
      clock: clockOf(state.project),
      palette,
      rows,
      scroll,
      height: size.height,
      original,
      film: image && filmstrip ? { strip: filmstrip, image } : null,
      takes,
      sound: app.original,
      audible: audible(state.project),
      hovered,
    };
  }

  /** @param {number} at */
  function frame(at) {
    for (const listener of frames) listener(at);
    const { playing, follows, viewport, from, to } = view.get();
    const playhead = engine.time();
    if (playing && follows) view.dispatch({ viewport: followed(viewport, playhead) });
    const { all, events } = stale;
    if (all || events) drawTimeline(scene("base"), all);
    if (all || events || stale.over || playhead !== drawn) {
      drawn = playhead;
      drawOverlay(scene("over"), { playhead, from, to, ...marks });
      const { width, height } = size.map;
      drawMinimap(pens.map, {
        state: store.get(),
        view: view.get().viewport,
        palette,
        width,
        height,
        playhead,
      });
    }
    stale = { all: false, events: false, over: false };
    if (!stopped) requestAnimationFrame(frame);
  }

  /** @param {HTMLCanvasElement} canvas @param {number} width @param {number} height */
  function fit(canvas, width, height) {
    const ratio = devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    canvas.getContext("2d")?.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  function measure() {
    const [width, height] = [base.parentElement?.clientWidth ?? 0, scroller.clientHeight];
    if (!width || !height) return;
    size.height = height;
    fit(base, width, height);
    fit(over, width, height);
    size.map = {
      width: map.parentElement?.clientWidth ?? 0,
      height: map.parentElement?.clientHeight ?? 0,
    };
    fit(map, size.map.width, size.map.height);
    view.dispatch({ viewport: resized(view.get().viewport, width) });
    lay();
  }

  new ResizeObserver(measure).observe(scroller);
  new ResizeObserver(measure).observe(/** @type {Element} */ (map.parentElement));
  scroller.addEventListener("scroll", () => {
    scroll = scroller.scrollTop;
    stale.all = true;
  });
  store.subscribe((state, before) => {
    stale.over = true;
    if (!sameEvents(state, before) || state.selection !== before.selection) stale.events = true;
    if (!sameMedia(state, before)) stale.all = true;
    if (state.project.groups.length !== before.project.groups.length) lay();
  });
  view.subscribe((now, before) => {
    if (now.viewport !== before.viewport) stale.all = true;
    stale.over = true;
  });
  requestAnimationFrame(frame);

  return {
    /** @param {"all" | "events"} [part] */
    invalidate: (part = "all") => (stale[part] = true),
    /** @param {Partial<typeof marks>} changed */
    mark(changed) {
      marks = { ...marks, ...changed };
      stale.over = true;
    },
    /** @param {string | null} id */
    hover(id) {
      if (hovered === id) return;
      hovered = id;
      stale.events = true;
    },
    /** @param {Pyramid | null} peaks */
    setOriginal(peaks) {
      original = peaks;
      lay();
    },
    /** @param {HTMLImageElement | null} picture */
    setFilm(picture) {
      image = picture;
      lay();
    },
    recolour() {
      palette = readPalette(base);
      stale.all = true;
    },
    stop: () => (stopped = true),
    rows: () => rows,
    scroll: () => scroll,
    /** Called before each frame is drawn. @param {(at: number) => void} listener */
    onFrame: (listener) => frames.add(listener),
  };
}

/** @typedef {ReturnType<typeof createSurface>} Surface */
