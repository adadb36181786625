/**
 * The colours of the canvas, from the style sheet's tokens: one set per theme.
 */

const NAMES = /** @type {const} */ ([
  "canvas",
  "row",
  "row-alt",
  "line",
  "line-strong",
  "text",
  "text-dim",
  "accent",
  "playhead",
  "wave",
  "mix",
  "curve",
  "threshold",
  "guide",
  "selection",
  "warning",
  "cut",
]);
const GROUPS = 10;

/** @typedef {Record<typeof NAMES[number], string> & {groups: string[], font: string}} Palette */

/** @param {Element} element  that the tokens apply to @returns {Palette} */
export function readPalette(element) {
  const style = getComputedStyle(element);
  const value = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  const colours = Object.fromEntries(NAMES.map((name) => [name, value(`tl-${name}`)]));
  const groups = Array.from({ length: GROUPS }, (_, n) => value(`group-${n}`));
  return /** @type {Palette} */ ({ ...colours, groups, font: value("font") });
}

/** @param {Palette} palette @param {number} color */
export const groupColor = (palette, color) => palette.groups[color % palette.groups.length];
