/**
 * What is seen and heard rather than edited: it is not saved, and undo does not touch it.
 *
 * @import { Viewport } from "./core/viewport.js"
 * @import { Target } from "./core/snapping.js"
 * @import { Job } from "./net/stream.js"
 * @import { Saving } from "./net/saving.js"
 * @import { Filmstrip } from "./net/api.js"
 *
 * @typedef {object} View
 * @property {Viewport} viewport
 * @property {boolean} snapping
 * @property {Record<Target, boolean>} targets
 * @property {number | null} from  in point
 * @property {number | null} to  out point
 * @property {boolean} playing
 * @property {number} rate
 * @property {number} speed  of playing: 0.25, 0.5 or 1
 * @property {boolean} follows  the view follows the playhead
 * @property {boolean} reviewing
 * @property {string | null} group  the group shown in the inspector
 * @property {{mute: boolean, solo: boolean, gain: number}} clip  the clip's own sound
 * @property {Record<string, string>} compared  the other take of an event under comparison
 * @property {number} tapDelay  seconds by which the user taps late
 * @property {Saving} saving
 * @property {boolean} connected
 * @property {string} worker
 * @property {Job[]} jobs
 * @property {boolean} detected
 * @property {boolean} hasVideo
 * @property {Filmstrip | null} filmstrip
 * @property {string[]} prompts
 * @property {"auto" | "light" | "dark"} theme
 */

import { createStore } from "./core/store.js";

/** @type {View} */
const FIRST = {
  viewport: { start: 0, scale: 0, width: 0, duration: 0 },
  snapping: true,
  targets: { peak: true, frame: true, playhead: true, event: false, cut: true },
  from: null,
  to: null,
  playing: false,
  rate: 0,
  speed: 1,
  follows: true,
  reviewing: false,
  group: null,
  clip: { mute: false, solo: false, gain: 1 },
  compared: {},
  tapDelay: 0,
  saving: "saved",
  connected: true,
  worker: "starting",
  jobs: [],
  detected: false,
  hasVideo: false,
  filmstrip: null,
  prompts: [],
  theme: "auto",
};

/** Settings that a browser keeps. @type {(keyof View)[]} */
const KEPT = ["snapping", "targets", "follows", "tapDelay", "theme"];
const PLACE = "syncfusion-studio";

/** @returns {Partial<View>} */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? "{}");
  } catch {
    return {};
  }
}

/** @param {View} view @param {Partial<View>} patch @returns {View} */
function patched(view, patch) {
  const keys = /** @type {(keyof View)[]} */ (Object.keys(patch));
  return keys.every((key) => Object.is(view[key], patch[key])) ? view : { ...view, ...patch };
}

export function createView() {
  const view = createStore(patched, { ...FIRST, ...kept() });
  view.subscribe((now, before) => {
    if (KEPT.every((key) => now[key] === before[key])) return;
    try {
      localStorage.setItem(
        PLACE,
        JSON.stringify(Object.fromEntries(KEPT.map((key) => [key, now[key]]))),
      );
    } catch {
      // a browser that keeps nothing
    }
  });
  return view;
}

/** @typedef {ReturnType<typeof createView>} ViewStore */
