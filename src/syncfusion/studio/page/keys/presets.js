/**
 * Tables of keys: our own, with those of other programs and of the user in it.
 *
 * @import { Binding, Command } from "./bindings.js"
 */

import { BINDINGS } from "./bindings.js";

/**
 * Keys of other programs, for those commands that differ.
 *
 * @type {Record<string, {title: string, keys: Partial<Record<Command, string[]>>}>}
 */
export const PRESETS = {
  default: { title: "SyncFusion", keys: {} },
  protools: {
    title: "Pro Tools",
    keys: {
      add: ["KeyM", "NumpadEnter"],
      toPlayhead: ["KeyY"],
      mute: ["Shift+KeyM"],
      solo: ["Shift+KeyS"],
      zoomIn: ["Equal", "BracketRight"],
      zoomOut: ["Minus", "BracketLeft"],
      slower: [],
      faster: [],
    },
  },
  premiere: {
    title: "Premiere",
    keys: {
      fitAll: ["Backslash"],
      lock: ["Shift+KeyL"],
      snapping: ["KeyS"],
      solo: ["Shift+KeyS"],
      clearRange: ["Mod+Shift+KeyX"],
    },
  },
  reaper: {
    title: "REAPER",
    keys: {
      solo: ["F6"],
      mute: ["F5", "KeyU"],
      snapping: ["Alt+KeyS"],
      loop: ["KeyR"],
      render: ["Mod+Alt+KeyR"],
    },
  },
};

/**
 * The table with a preset's and the user's own keys in it.
 *
 * @param {string} preset
 * @param {Partial<Record<Command, string[]>>} own
 * @returns {Binding[]}
 */
export function bindings(preset = "default", own = {}) {
  const keys = { ...PRESETS[preset]?.keys, ...own };
  return BINDINGS.map((binding) => ({
    ...binding,
    keys: keys[binding.command] ?? [...binding.keys],
  }));
}
