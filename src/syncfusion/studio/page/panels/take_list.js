/**
 * The takes of an event: hear, choose, compare.
 *
 * @import { App } from "../app_types.js"
 * @import { HitEvent } from "../core/types.js"
 */

import { h } from "./dom.js";

/** @param {App} app */
export function takeList(app) {
  const { store, engine } = app;
  const list = h("ul", { class: "takes", "aria-label": "Takes" });
  const compare = h(
    "button",
    {
      type: "button",
      class: "chip",
      title: "A/B at the same spot, equally loud (Q)",
      onclick: () => app.run("compare"),
    },
    "A/B",
  );
  const element = h("section", { class: "takes-box" }, h("h3", {}, "Takes", compare), list);
  let shown = "";

  /** @param {string} id @param {string} key */
  async function choose(id, key) {
    await app.takes.load(key);
    store.dispatch({ type: "chooseTakes", keys: { [id]: key } });
    if (!engine.playing()) app.run("audition");
  }

  return {
    element,
    /** @param {readonly HitEvent[]} events */
    update(events) {
      element.hidden = events.length !== 1 || !events[0].takes.length;
      if (element.hidden) return;
      const [event] = events;
      compare.hidden = event.takes.length < 2;
      const now = `${event.id} ${event.take} ${event.stale} ${event.takes.join()}`;
      if (now === shown) return;
      shown = now;
      list.replaceChildren(
        ...event.takes.map((key, n) =>
          h(
            "li",
            {},
            h(
              "button",
              {
                type: "button",
                class: "take",
                "aria-pressed": String(key === event.take),
                title: `Use and hear take ${n + 1}`,
                onclick: () => choose(event.id, key),
              },
              `Take ${n + 1}`,
              key === event.take && event.stale
                ? h("span", { class: "dim" }, " of an older prompt")
                : null,
            ),
          ),
        ),
      );
    },
  };
}
