/**
 * The review of doubtful events: which one, how many are left, accept, reject.
 *
 * @import { App } from "../app_types.js"
 */

import { reviewProgress } from "../core/review.js";
import { selectedEvents } from "../core/selection.js";
import { h, iconButton, text } from "./dom.js";

/** @param {App} app @param {HTMLElement} place */
export function createReviewBar(app, place) {
  const { store, view } = app;
  const words = h("span", { role: "status" });
  place.append(
    words,
    h(
      "button",
      { type: "button", class: "primary", onclick: () => app.acceptDoubtful() },
      "Accept ⏎",
    ),
    h("button", { type: "button", class: "danger", onclick: () => app.run("remove") }, "Reject ⌫"),
    h("button", { type: "button", onclick: () => app.run("doubtful") }, "Next D"),
    iconButton("close", "End the review", () => view.dispatch({ reviewing: false })),
  );

  function update() {
    const { reviewing } = view.get();
    place.hidden = !reviewing;
    if (!reviewing) return;
    const { left, total } = reviewProgress(store.get().project);
    const [event] = selectedEvents(store.get());
    const sure = !event ? "" : `${Math.round(100 * event.confidence)}% certain · `;
    text(words, `${sure}${left} of ${total} left`);
  }
  store.subscribe(update);
  view.subscribe(update);
  update();
}
