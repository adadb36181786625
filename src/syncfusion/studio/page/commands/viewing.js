/**
 * Commands of what is seen.
 *
 * @import { App } from "../app_types.js"
 */

import { doubtful, nextDoubtful } from "../core/review.js";
import { fitted, timeToX, zoomedAt } from "../core/viewport.js";
import { spanOf } from "./playing.js";

const ZOOM = 1.5;

/** @param {App} app */
export function viewing(app) {
  const { store, view, engine, video, toast } = app;

  /** Zoom at the playhead if it is in sight, else in the middle. @param {number} factor */
  function zoom(factor) {
    const { viewport } = view.get();
    const x = timeToX(engine.time(), viewport);
    view.dispatch({
      viewport: zoomedAt(viewport, factor, x >= 0 && x <= viewport.width ? x : viewport.width / 2),
    });
  }

  return {
    zoomIn: () => zoom(ZOOM),
    zoomOut: () => zoom(1 / ZOOM),
    fitSelection() {
      const { from, to } = spanOf(app, 0.25);
      view.dispatch({ viewport: fitted(view.get().viewport, from, to), follows: false });
    },
    fitAll: () => view.dispatch({ viewport: fitted(view.get().viewport) }),
    follow: () => view.dispatch({ follows: !view.get().follows }),
    fullScreen: () =>
      (document.fullscreenElement
        ? document.exitFullscreen()
        : app.stage.requestFullscreen()
      ).catch(() => toast("The browser allows no full screen here.")),
    detach: () =>
      (document.pictureInPictureElement
        ? document.exitPictureInPicture()
        : video.requestPictureInPicture()
      ).catch(() => toast("The browser has no window for the video; Shift+F fills the screen.")),
    snapping() {
      view.dispatch({ snapping: !view.get().snapping });
      toast(view.get().snapping ? "Snapping is on." : "Snapping is off.");
    },
    markIn() {
      const { to } = view.get();
      const from = engine.time();
      view.dispatch({ from, to: to !== null && to <= from ? null : to });
    },
    markOut() {
      const { from } = view.get();
      const to = engine.time();
      view.dispatch({ to, from: from !== null && from >= to ? null : from });
    },
    clearRange: () => view.dispatch({ from: null, to: null }),
    selectNone() {
      if (app.cancelGesture()) return;
      if (view.get().reviewing) view.dispatch({ reviewing: false });
      else {
        store.dispatch({ type: "select", ids: [] });
        view.dispatch({ group: null });
      }
    },
    doubtful() {
      if (!doubtful(store.get().project).length) {
        view.dispatch({ reviewing: false });
        toast("No doubtful event is left.", "success");
        return;
      }
      const [current] = view.get().reviewing ? store.get().selection : [];
      view.dispatch({ reviewing: true });
      app.review(nextDoubtful(store.get().project, current));
    },
  };
}
