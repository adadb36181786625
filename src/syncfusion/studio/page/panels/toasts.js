/**
 * Short sentences that come and go; errors stay until they are closed or replaced.
 *
 * @import { Tone } from "../app_types.js"
 */

import { h, iconButton } from "./dom.js";

const SHOWN = 3500; // ms
const MOST = 4;

/** @param {HTMLElement} place */
export function createToasts(place) {
  return (/** @type {string} */ text, /** @type {Tone} */ tone = "info") => {
    for (const old of place.children)
      if (old instanceof HTMLElement && old.dataset.text === text) old.remove();
    const close = () => toast.remove();
    const toast = h(
      "div",
      { class: `toast ${tone}`, role: tone === "error" ? "alert" : "status", "data-text": text },
      h("span", {}, text),
      iconButton("close", "Close", close),
    );
    place.append(toast);
    while (place.children.length > MOST) place.firstElementChild?.remove();
    if (tone !== "error") setTimeout(close, SHOWN);
  };
}
