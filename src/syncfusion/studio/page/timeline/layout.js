/**
 * The rows of the timeline, from top to bottom; y is in pixels from the top of all rows.
 *
 * @import { Project } from "../core/types.js"
 *
 * @typedef {"ruler" | "film" | "original" | "curve" | "lane" | "mix"} Kind
 * @typedef {{kind: Kind, key: string, y: number, height: number}} Row  key: a group's id, or the kind
 */

/** @type {Record<Kind, number>} least heights: a lane can be hit with a finger */
const LEAST = { ruler: 28, film: 36, original: 32, curve: 56, lane: 36, mix: 36 };
/** @type {Record<Kind, number>} shares of the room that is left */
const SHARES = { ruler: 0, film: 1, original: 1, curve: 2, lane: 1.2, mix: 1 };
const MOST = { ruler: 28, film: 72, original: 90, curve: 160, lane: 96, mix: 96 };

/**
 * @param {Project} project
 * @param {number} height  of the place for them
 * @param {{film: boolean, original: boolean}} has
 * @returns {Row[]}
 */
export function rowsOf({ groups }, height, has) {
  /** @type {[Kind, string][]} */
  const kinds = [["ruler", "ruler"]];
  if (has.film) kinds.push(["film", "film"]);
  if (has.original) kinds.push(["original", "original"]);
  kinds.push(["curve", "curve"]);
  for (const group of groups) kinds.push(["lane", group.id]);
  kinds.push(["mix", "mix"]);
  const least = kinds.reduce((sum, [kind]) => sum + LEAST[kind], 0);
  const shares = kinds.reduce((sum, [kind]) => sum + SHARES[kind], 0);
  const room = Math.max(0, height - least);
  let y = 0;
  return kinds.map(([kind, key]) => {
    const row = {
      kind,
      key,
      y,
      height: Math.floor(Math.min(MOST[kind], LEAST[kind] + (room * SHARES[kind]) / shares)),
    };
    y += row.height;
    return row;
  });
}

/** @param {Row[]} rows */
export const heightOf = (rows) => rows.reduce((sum, row) => sum + row.height, 0);

/** The row at a place; the ruler stays on top. @param {Row[]} rows @param {number} y on screen @param {number} scroll */
export function rowAt(rows, y, scroll) {
  if (y < rows[0].height) return rows[0];
  return rows.find((row) => y + scroll >= row.y && y + scroll < row.y + row.height) ?? null;
}
