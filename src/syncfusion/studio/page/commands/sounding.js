/**
 * Commands of takes: render, turn, compare, accept.
 *
 * @import { App } from "../app_types.js"
 * @import { HitEvent } from "../core/types.js"
 */

import { selectedEvents } from "../core/selection.js";

/** Events whose sound is missing or old. @param {readonly HitEvent[]} events */
export const unrendered = (events) =>
  events.filter((event) => !event.mute && (!event.take || event.stale));

/** @param {App} app */
export function sounding(app) {
  const { store, view, engine, jobs, toast } = app;
  const selected = () => selectedEvents(store.get());

  /** @param {HitEvent[]} events @param {boolean} newTake */
  async function render(events, newTake) {
    if (!events.length) return;
    const job = await jobs.post({
      kind: "render",
      events: events.map((event) => event.id),
      new_take: newTake,
    });
    if (job?.state !== "done") return;
    receive(job.result?.takes ?? {});
  }

  /** @param {Record<string, {key: string, seed?: number}>} takes */
  function receive(takes) {
    store.dispatch({ type: "takes", takes });
    for (const { key } of Object.values(takes)) app.takes.load(key);
  }

  function renderChanged() {
    const events = unrendered(store.get().project.events);
    if (!events.length) toast("Every event has its sound.");
    return render(events, false);
  }

  /** @param {-1 | 1} step */
  function turn(step) {
    const events = selected();
    const many = events.filter((event) => event.takes.length > 1);
    if (!events.length) toast("Select an event first.");
    else if (many.length)
      store.dispatch({ type: "turnTake", ids: many.map((event) => event.id), step });
    else toast("It has one take only; Shift and the render button make another.");
  }

  function compare() {
    const events = selected().filter((event) => event.takes.length > 1);
    if (!events.length) return toast("A/B needs an event with two takes.");
    const { compared } = view.get();
    /** @type {Record<string, string>} */
    const others = {};
    /** @type {Record<string, string>} */
    const keys = {};
    for (const event of events) {
      const before = compared[event.id];
      const other =
        before && before !== event.take ? before : event.takes.find((key) => key !== event.take);
      if (!other || !event.take) continue;
      others[event.id] = event.take;
      keys[event.id] = other;
      app.takes.load(other);
    }
    view.dispatch({ compared: { ...compared, ...others } });
    store.dispatch({ type: "chooseTakes", keys, gesture: "compare" });
    if (!engine.playing()) app.run("audition");
    return undefined;
  }

  return {
    render,
    renderChanged,
    newTakes: () => render(selected(), true),
    receive,
    commands: {
      render() {
        const events = selected();
        if (!events.length) return renderChanged();
        const old = unrendered(events);
        return render(old.length ? old : events, !old.length);
      },
      accept() {
        const ids = store.get().selection;
        if (ids.length)
          store.dispatch({ type: "patch", ids, patch: { locked: true }, label: "Accept take" });
        view.dispatch({ compared: {} });
      },
      nextTake: () => turn(1),
      previousTake: () => turn(-1),
      compare,
    },
  };
}
