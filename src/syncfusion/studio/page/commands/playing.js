/**
 * Commands of the transport.
 *
 * @import { App } from "../app_types.js"
 */

import { nextSpeed, shuttled } from "../audio/shuttle.js";
import { nearestEvent, selectedEvents } from "../core/selection.js";
import { clockOf, frameAt, timeOf } from "../core/timecode.js";

const AROUND = 0.5; // seconds

/** The span of the range, else of the selection, else of the clip. @param {App} app @param {number} [margin] */
export function spanOf({ store, view }, margin = 0) {
  const { project } = store.get();
  const { from, to } = view.get();
  const events = selectedEvents(store.get());
  if (from !== null || to !== null) return { from: from ?? 0, to: to ?? project.duration };
  if (!events.length) return { from: 0, to: project.duration };
  return { from: events[0].time - margin, to: events[events.length - 1].time + margin };
}

/** @param {App} app @param {() => boolean} slowHeld  whether K is down */
export function playing(app, slowHeld) {
  const { store, view, engine } = app;
  const clock = () => clockOf(store.get().project);

  /** @param {number} frames */
  function step(frames) {
    engine.pause();
    engine.seek(timeOf(frameAt(engine.time(), clock()) + frames, clock()));
    app.reveal(engine.time());
  }

  /** @param {number} time */
  function go(time) {
    engine.seek(time);
    app.reveal(engine.time());
  }

  /** @param {-1 | 1} direction */
  const shuttle = (direction) => engine.play(shuttled(engine.rate(), direction, slowHeld()));

  /** @param {-1 | 1} way */
  function speed(way) {
    view.dispatch({ speed: nextSpeed(view.get().speed, way) });
    if (engine.playing()) engine.play(view.get().speed);
  }

  return {
    play: () => (engine.playing() ? engine.pause() : engine.play(view.get().speed)),
    backward: () => shuttle(-1),
    halt: () => engine.pause(),
    forward: () => shuttle(1),
    frameBack: () => step(-1),
    frameOn: () => step(1),
    hopBack: () => go(engine.time() - 1),
    hopOn: () => go(engine.time() + 1),
    start: () => go(0),
    end: () => go(store.get().project.duration),
    audition() {
      const { events } = store.get().project;
      const [first] = selectedEvents(store.get());
      const event = first ?? nearestEvent(events, engine.time());
      const time = event?.time ?? engine.time();
      engine.playSpan(time - AROUND, time + AROUND, {
        back: engine.time(),
        rate: view.get().speed,
      });
    },
    loop() {
      const { from, to } = spanOf(app, AROUND);
      engine.playSpan(from, to, { loop: true, rate: view.get().speed });
    },
    slower: () => speed(-1),
    faster: () => speed(1),
  };
}
