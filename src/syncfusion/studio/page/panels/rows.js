/** Rows of forms: a label with its control. */

import { h } from "./dom.js";

/** @typedef {import("./dom.js").Child} Child */

/** @param {string} name @param {...Child} controls */
export const row = (name, ...controls) =>
  h(
    "label",
    { class: "form-row" },
    h("span", {}, name),
    h("span", { class: "controls" }, ...controls),
  );

/** A row whose controls have names of their own. @param {string} name @param {...Child} controls */
export const group = (name, ...controls) =>
  h(
    "div",
    { class: "form-row", role: "group", "aria-label": name },
    h("span", {}, name),
    h("span", { class: "controls" }, ...controls),
  );

/** The value that all have, or "" where they differ. @template T @param {readonly T[]} values */
export const common = (values) =>
  values.every((value) => Object.is(value, values[0])) ? String(values[0] ?? "") : "";

/** @param {string} text @returns {number | null} */
export function numberIn(text) {
  const value = Number(
    text
      .replace(",", ".")
      .replace("−", "-")
      .replace(/[^\d.+-eE]/g, ""),
  );
  return text.trim() && Number.isFinite(value) ? value : null;
}
