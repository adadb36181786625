/**
 * All keys, in one table: what they do, where help lists them. `code` is a key's place on the
 * keyboard (`event.code`), so that J K L and punctuation lie where hands expect them.
 *
 * @typedef {typeof BINDINGS[number]["command"]} Command
 * @typedef {{command: Command, keys: string[], text: string, section: string}} Binding
 */

export const BINDINGS = /** @type {const} */ ([
  { section: "Play", command: "play", keys: ["Space"], text: "Play or pause" },
  {
    section: "Play",
    command: "backward",
    keys: ["KeyJ"],
    text: "Shuttle backward, again for faster",
  },
  { section: "Play", command: "halt", keys: ["KeyK"], text: "Stop; hold it with J or L for slow" },
  {
    section: "Play",
    command: "forward",
    keys: ["KeyL"],
    text: "Shuttle forward, again for faster",
  },
  { section: "Play", command: "frameBack", keys: ["ArrowLeft"], text: "One frame back" },
  { section: "Play", command: "frameOn", keys: ["ArrowRight"], text: "One frame on" },
  { section: "Play", command: "hopBack", keys: ["Shift+ArrowLeft"], text: "One second back" },
  { section: "Play", command: "hopOn", keys: ["Shift+ArrowRight"], text: "One second on" },
  { section: "Play", command: "start", keys: ["Home"], text: "To the start" },
  { section: "Play", command: "end", keys: ["End"], text: "To the end" },
  {
    section: "Play",
    command: "audition",
    keys: ["KeyA"],
    text: "Audition around the event, ±0.5 s",
  },
  { section: "Play", command: "loop", keys: ["Shift+Space"], text: "Loop the selection or range" },
  { section: "Play", command: "slower", keys: ["BracketLeft"], text: "Slower: 0.5, 0.25" },
  { section: "Play", command: "faster", keys: ["BracketRight"], text: "Faster, up to 1" },
  { section: "Play", command: "goto", keys: ["KeyG"], text: "Go to a timecode" },
  { section: "Events", command: "previous", keys: ["ArrowUp"], text: "Previous event" },
  { section: "Events", command: "next", keys: ["ArrowDown"], text: "Next event" },
  {
    section: "Events",
    command: "add",
    keys: ["KeyM"],
    text: "Add an event at the playhead, or tap while playing",
  },
  {
    section: "Events",
    command: "toPeak",
    keys: ["KeyB"],
    text: "Move the selection to the detector's nearest peak",
  },
  {
    section: "Events",
    command: "toPlayhead",
    keys: ["KeyP"],
    text: "Move the selected or nearest event to the playhead",
  },
  {
    section: "Events",
    command: "nudgeBack",
    keys: ["Comma"],
    text: "Nudge one frame back; a frame step while nothing is selected",
  },
  { section: "Events", command: "nudgeOn", keys: ["Period"], text: "Nudge one frame on" },
  {
    section: "Events",
    command: "nudgeBackFine",
    keys: ["Shift+Comma"],
    text: "Nudge one millisecond back",
  },
  {
    section: "Events",
    command: "nudgeOnFine",
    keys: ["Shift+Period"],
    text: "Nudge one millisecond on",
  },
  {
    section: "Events",
    command: "remove",
    keys: ["Delete", "Backspace"],
    text: "Delete; while reviewing, reject",
  },
  { section: "Events", command: "selectAll", keys: ["Mod+KeyA"], text: "Select all" },
  {
    section: "Events",
    command: "selectNone",
    keys: ["Escape"],
    text: "Select nothing; end a gesture or the review",
  },
  { section: "Events", command: "copy", keys: ["Mod+KeyC"], text: "Copy" },
  { section: "Events", command: "paste", keys: ["Mod+KeyV"], text: "Paste at the playhead" },
  {
    section: "Events",
    command: "duplicate",
    keys: ["Mod+KeyD"],
    text: "Duplicate after the selection",
  },
  {
    section: "Events",
    command: "lock",
    keys: ["Backslash"],
    text: "Lock: sliders and detection leave it alone",
  },
  {
    section: "Events",
    command: "label",
    keys: ["F2", "Enter"],
    text: "Label and prompt; while reviewing, accept",
  },
  { section: "Events", command: "humanise", keys: ["KeyH"], text: "Humanise time, level and seed" },
  { section: "Events", command: "doubtful", keys: ["KeyD"], text: "Next doubtful event" },
  { section: "Sound", command: "render", keys: ["KeyR"], text: "Render the selection" },
  { section: "Sound", command: "accept", keys: ["Mod+Enter"], text: "Accept the take" },
  { section: "Sound", command: "nextTake", keys: ["KeyT"], text: "Next take" },
  { section: "Sound", command: "previousTake", keys: ["Shift+KeyT"], text: "Previous take" },
  { section: "Sound", command: "compare", keys: ["KeyQ"], text: "A/B of two takes, equally loud" },
  {
    section: "Sound",
    command: "mute",
    keys: ["KeyU"],
    text: "Mute the selection, or the group shown",
  },
  { section: "Sound", command: "solo", keys: ["KeyS"], text: "Solo the selection's group" },
  { section: "Sound", command: "louder", keys: ["Shift+ArrowUp"], text: "1 dB louder" },
  { section: "Sound", command: "softer", keys: ["Shift+ArrowDown"], text: "1 dB softer" },
  {
    section: "View",
    command: "zoomIn",
    keys: ["Equal", "NumpadAdd"],
    text: "Zoom in; Ctrl and wheel at the pointer",
  },
  { section: "View", command: "zoomOut", keys: ["Minus", "NumpadSubtract"], text: "Zoom out" },
  { section: "View", command: "fitSelection", keys: ["KeyZ"], text: "Fit the selection" },
  { section: "View", command: "fitAll", keys: ["Shift+KeyZ"], text: "Fit all" },
  { section: "View", command: "follow", keys: ["KeyF"], text: "Follow the playhead" },
  {
    section: "View",
    command: "fullScreen",
    keys: ["Shift+KeyF"],
    text: "Video over the whole screen",
  },
  {
    section: "View",
    command: "detach",
    keys: ["Mod+Shift+KeyF"],
    text: "Video in a window of its own",
  },
  {
    section: "View",
    command: "snapping",
    keys: ["KeyN"],
    text: "Snapping; hold Shift while dragging to do without",
  },
  { section: "View", command: "markIn", keys: ["KeyI"], text: "In point" },
  { section: "View", command: "markOut", keys: ["KeyO"], text: "Out point" },
  { section: "View", command: "clearRange", keys: ["KeyX"], text: "No in and out points" },
  { section: "Project", command: "undo", keys: ["Mod+KeyZ"], text: "Undo" },
  { section: "Project", command: "redo", keys: ["Mod+Shift+KeyZ", "Mod+KeyY"], text: "Redo" },
  {
    section: "Project",
    command: "save",
    keys: ["Mod+KeyS"],
    text: "Save now; every edit is saved anyway",
  },
  { section: "Project", command: "help", keys: ["Shift+Slash"], text: "Keys" },
]);

/** Assign groups by number. */
export const DIGITS = {
  section: "Events",
  keys: ["1 … 9"],
  text: "Assign the selection to a group by its number",
};

/** @param {string} code @param {{shift: boolean, mod: boolean, alt: boolean}} held */
export const chord = (code, { shift, mod, alt }) =>
  `${mod ? "Mod+" : ""}${alt ? "Alt+" : ""}${shift ? "Shift+" : ""}${code}`;

const NAMES = /** @type {Record<string, string>} */ ({
  Comma: ",",
  Period: ".",
  BracketLeft: "[",
  BracketRight: "]",
  Backslash: "\\",
  Slash: "/",
  Equal: "+",
  Minus: "−",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  NumpadAdd: "Num +",
  NumpadSubtract: "Num −",
});

/** Keys as they are printed. @param {string} keys @param {boolean} mac */
export function keyText(keys, mac) {
  if (keys === "Shift+Slash") return "?";
  return keys
    .split("+")
    .map((part) =>
      part === "Mod" ? (mac ? "⌘" : "Ctrl") : (NAMES[part] ?? part.replace(/^Key|^Digit/, "")),
    )
    .join(" ");
}
