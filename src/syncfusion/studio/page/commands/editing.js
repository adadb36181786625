/**
 * Commands that change events.
 *
 * @import { App } from "../app_types.js"
 */

import { nearestPeak } from "../core/decode.js";
import { nextDoubtful } from "../core/review.js";
import { neighbour, nearestEvent, selectedEvents } from "../core/selection.js";
import { clockOf, timeOf } from "../core/timecode.js";

const MILLISECOND = 0.001;
const HUMAN = { milliseconds: 12, decibels: 1.5, seeds: true };

/** @param {App} app */
export function editing(app) {
  const { store, view, engine } = app;
  const ids = () => store.get().selection;
  const selected = () => selectedEvents(store.get());
  let held = { gesture: "", delta: 0 };

  /** A held key is one gesture: its repeats add up. @param {number} delta @param {boolean} repeat */
  function nudge(delta, repeat) {
    held = repeat
      ? { ...held, delta: held.delta + delta }
      : { gesture: `nudge ${performance.now()}`, delta };
    store.dispatch({ type: "move", ids: ids(), delta: held.delta, gesture: held.gesture });
    if (selected().length) app.reveal(selected()[0].time);
  }

  /** @param {-1 | 1} step @param {boolean} repeat */
  function frame(step, repeat) {
    if (!ids().length) return app.run(step < 0 ? "frameBack" : "frameOn");
    nudge(step * timeOf(1, clockOf(store.get().project)), repeat);
  }

  /** @param {-1 | 1} step */
  function go(step) {
    const event = neighbour(store.get(), step, engine.time());
    if (event) app.show(event);
  }

  /** Whether events are selected; says so if not. */
  function any() {
    if (ids().length) return true;
    app.toast("Select events first: click one, or press ↓.");
    return false;
  }

  /** @param {"locked" | "mute"} key @param {string} word */
  function toggle(key, word) {
    const on = !selected().every((event) => event[key]);
    store.dispatch({
      type: "patch",
      ids: ids(),
      patch: { [key]: on },
      label: on ? word : `Un${word.toLowerCase()}`,
    });
  }

  /** @param {number} seconds @param {number} [gain] */
  function add(seconds, gain = 1) {
    const [group] = selected().map((event) => event.group);
    const known = view.get().group ?? group;
    store.dispatch({
      type: "add",
      event: { time: seconds, gain, ...(known ? { group: known } : {}) },
    });
  }

  return {
    addAt: add,
    commands: {
      previous: () => go(-1),
      next: () => go(1),
      add: () => add(engine.time() - (engine.playing() ? view.get().tapDelay : 0)),
      toPeak() {
        if (!any()) return;
        const { peaks } = store.get();
        const found = selected().flatMap((event) => {
          const peak = nearestPeak(peaks, event.time);
          return peak ? [[event.id, peak.time]] : [];
        });
        if (found.length) store.dispatch({ type: "place", times: Object.fromEntries(found) });
        else app.toast("The detector has no peak near it.");
      },
      toPlayhead() {
        const near = nearestEvent(store.get().project.events, engine.time());
        const moved = ids().length ? selected() : near ? [near] : [];
        if (!moved.length) return;
        store.dispatch({
          type: "move",
          ids: moved.map((event) => event.id),
          delta: engine.time() - moved[0].time,
        });
      },
      nudgeBack: (/** @type {boolean} */ repeat) => frame(-1, repeat),
      nudgeOn: (/** @type {boolean} */ repeat) => frame(1, repeat),
      nudgeBackFine: (/** @type {boolean} */ repeat) => any() && nudge(-MILLISECOND, repeat),
      nudgeOnFine: (/** @type {boolean} */ repeat) => any() && nudge(MILLISECOND, repeat),
      remove() {
        if (!ids().length) return;
        const [current] = ids();
        const next = view.get().reviewing ? nextDoubtful(store.get().project, current) : null;
        store.dispatch({ type: "remove", ids: ids() });
        if (view.get().reviewing) app.review(next);
      },
      selectAll: () =>
        store.dispatch({
          type: "select",
          ids: store.get().project.events.map((event) => event.id),
        }),
      copy: () => any() && store.dispatch({ type: "copy", ids: ids() }),
      paste() {
        const { clipboard } = store.get();
        if (clipboard.length)
          store.dispatch({ type: "paste", events: clipboard, time: engine.time() });
        else app.toast("Nothing was copied yet.");
      },
      duplicate() {
        if (!any()) return;
        const events = selected();
        const span = events[events.length - 1].time - events[0].time;
        const time =
          events[events.length - 1].time + Math.max(span / Math.max(1, events.length - 1), 0.25);
        store.dispatch({ type: "paste", events, time, label: "Duplicate" });
      },
      lock: () => any() && toggle("locked", "Lock"),
      mute() {
        const { group } = view.get();
        const found = store.get().project.groups.find((other) => other.id === group);
        if (found && !ids().length)
          store.dispatch({ type: "patchGroup", id: found.id, patch: { mute: !found.mute } });
        else if (any()) toggle("mute", "Mute");
      },
      solo() {
        const id = selected()[0]?.group ?? view.get().group ?? store.get().project.groups[0].id;
        const group = store.get().project.groups.find((other) => other.id === id);
        if (group) store.dispatch({ type: "patchGroup", id, patch: { solo: !group.solo } });
      },
      louder: () => any() && store.dispatch({ type: "gain", ids: ids(), decibels: 1 }),
      softer: () => any() && store.dispatch({ type: "gain", ids: ids(), decibels: -1 }),
      humanise() {
        if (!any()) return;
        store.dispatch({ type: "humanise", ids: ids(), ...HUMAN, seed: store.get().past.length });
        app.toast(
          `Humanised: up to ±${HUMAN.milliseconds} ms and ±${HUMAN.decibels} dB, seeds of their own. Render to hear the seeds.`,
        );
      },
      undo() {
        const step = store.get().past.at(-1);
        store.dispatch({ type: "undo" });
        app.toast(step ? `Undone: ${step.label}` : "Nothing to undo.");
      },
      redo() {
        const [step] = store.get().future;
        store.dispatch({ type: "redo" });
        app.toast(step ? `Redone: ${step.label}` : "Nothing to redo.");
      },
    },
    /** @param {number} digit */
    assign(digit) {
      const group = store.get().project.groups[digit - 1];
      if (!group) return app.toast(`There is no group ${digit}; add one beside the lanes.`);
      if (any())
        store.dispatch({
          type: "patch",
          ids: ids(),
          patch: { group: group.id },
          label: `Assign to ${group.name}`,
        });
      return undefined;
    },
  };
}
