/**
 * From key presses to commands.
 *
 * @import { Command, Binding } from "./bindings.js"
 */

import { chord } from "./bindings.js";

const TYPED = ["text", "search", "number", "email", "url", ""]; // inputs that take letters

/** Whether letters go into a field. @param {EventTarget | null} target */
export function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return TYPED.includes(target.type);
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    target.isContentEditable
  );
}

/** Keys that a focused control needs for itself. @param {KeyboardEvent} event */
function isTheControls({ target, code, ctrlKey, metaKey }) {
  if (ctrlKey || metaKey) return false;
  if (
    target instanceof HTMLButtonElement ||
    target instanceof HTMLAnchorElement ||
    (target instanceof HTMLElement && target.tagName === "SUMMARY")
  ) {
    return code === "Space" || code === "Enter";
  }
  return (
    target instanceof HTMLInputElement &&
    (code.startsWith("Arrow") || code === "Home" || code === "End" || code === "Space")
  );
}

/**
 * @param {object} parts
 * @param {() => Binding[]} parts.table
 * @param {(command: Command, repeat: boolean) => void} parts.run
 * @param {(digit: number) => void} parts.digit
 * @param {(code: string, down: boolean) => void} parts.held  of every key, for chords such as K and L
 */
export function listenToKeys({ table, run, digit, held }) {
  document.addEventListener("keydown", (event) => {
    held(event.code, true);
    const modal = document.querySelector("dialog[open]");
    if (modal || isTheControls(event)) return;
    const mod = event.ctrlKey || event.metaKey;
    const typing = isTyping(event.target);
    const typed = chord(event.code, { shift: event.shiftKey, mod, alt: event.altKey });
    const keys = event.key === "?" ? "Shift+Slash" : typed; // wherever a keyboard has it
    if (typing && !["Mod+KeyS", "Escape", "Mod+Enter"].includes(keys)) return;
    if (typing && event.code === "Escape") return /** @type {HTMLElement} */ (event.target).blur();
    const found = table().find((binding) => binding.keys.includes(keys));
    const number = /^(Digit|Numpad)([1-9])$/.exec(event.code);
    if (found) run(found.command, event.repeat);
    else if (number && !mod && !event.altKey && !event.shiftKey) digit(Number(number[2]));
    else return;
    event.preventDefault();
  });
  document.addEventListener("keyup", (event) => held(event.code, false));
  addEventListener("blur", () => held("", false));
}
