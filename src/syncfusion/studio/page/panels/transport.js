/**
 * Under the picture: buttons, timecode, speed.
 *
 * @import { App } from "../app_types.js"
 */

import { clockOf, clockTime, frameAt, timecodeAt } from "../core/timecode.js";
import { attribute, h, icon, iconButton, text } from "./dom.js";

/** @param {App} app @param {HTMLElement} place */
export function createTransport(app, place) {
  const { store, view, engine } = app;
  const play = iconButton("play", "Play", () => app.run("play"), { class: "icon-button play" });
  const code = h("button", {
    type: "button",
    class: "timecode",
    title: "Go to a timecode (G)",
    onclick: () => app.run("goto"),
  });
  const detail = h("span", { class: "time-detail" });
  const speed = h(
    "select",
    { "aria-label": "Speed", onchange: () => setSpeed(Number(speed.value)) },
    ...[1, 0.5, 0.25].map((value) => h("option", { value: String(value) }, `${value}×`)),
  );
  place.append(
    h(
      "div",
      { class: "buttons" },
      iconButton("start", "To the start", () => app.run("start")),
      iconButton("back", "One frame back", () => app.run("frameBack")),
      play,
      iconButton("on", "One frame on", () => app.run("frameOn")),
      iconButton("end", "To the end", () => app.run("end")),
      iconButton("loop", "Loop the selection or range", () => app.run("loop")),
    ),
    h("div", { class: "time" }, code, detail),
    h(
      "div",
      { class: "buttons" },
      speed,
      iconButton("screen", "Video over the whole screen", () => app.run("fullScreen")),
    ),
  );

  /** @param {number} value */
  function setSpeed(value) {
    view.dispatch({ speed: value });
    if (engine.playing()) engine.play(value);
  }

  view.subscribe(({ playing, speed: now }, before) => {
    if (speed.value !== String(now)) speed.value = String(now);
    if (playing === before.playing) return;
    play.replaceChildren(icon(playing ? "pause" : "play"));
    attribute(play, "aria-label", playing ? "Pause" : "Play");
  });

  return {
    /** Called once a frame of the screen. */
    update() {
      const clock = clockOf(store.get().project);
      const time = engine.time();
      text(code, timecodeAt(time, clock));
      const rate = engine.playing() && engine.rate() !== 1 ? ` · ${engine.rate()}×` : "";
      text(detail, `${clockTime(time)} · frame ${frameAt(time, clock)}${rate}`);
    },
  };
}
