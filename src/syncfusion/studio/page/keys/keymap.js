/**
 * The keys in use: a preset, and what the user changed in it; the browser keeps both.
 *
 * @import { Command } from "./bindings.js"
 */

import { bindings } from "./presets.js";

const PLACE = "syncfusion-studio-keys";

/** @returns {{preset: string, own: Partial<Record<Command, string[]>>}} */
function kept() {
  try {
    return { preset: "default", own: {}, ...JSON.parse(localStorage.getItem(PLACE) ?? "{}") };
  } catch {
    return { preset: "default", own: {} };
  }
}

export function createKeymap() {
  let { preset, own } = kept();
  let table = bindings(preset, own);

  function changed() {
    table = bindings(preset, own);
    try {
      localStorage.setItem(PLACE, JSON.stringify({ preset, own }));
    } catch {
      // a browser that keeps nothing
    }
  }

  return {
    table: () => table,
    preset: () => preset,
    /** @param {string} name */
    choose(name) {
      [preset, own] = [name, {}];
      changed();
    },
    /** Give a command a key; whichever had it loses it. @param {Command} command @param {string} keys */
    assign(command, keys) {
      const loser = table.find(
        (binding) => binding.command !== command && binding.keys.includes(keys),
      );
      if (loser) own = { ...own, [loser.command]: loser.keys.filter((other) => other !== keys) };
      own = { ...own, [command]: [keys] };
      changed();
    },
    reset() {
      own = {};
      changed();
    },
  };
}

/** @typedef {ReturnType<typeof createKeymap>} Keymap */
