/**
 * After a click the keys belong to the timeline again: Space plays, arrows step, whatever was
 * clicked. Who moves with Tab keeps the focus where it is.
 */

const LEAVES = "button, summary, input[type=range], input[type=checkbox], select";

export function returnFocus() {
  let pointed = false;
  addEventListener("pointerdown", () => (pointed = true), true);
  addEventListener("keydown", () => (pointed = false), true);

  /** @param {Event} event */
  function leave({ target }) {
    if (!pointed || !(target instanceof Element) || target.closest("dialog")) return;
    const control = target.closest(LEAVES);
    if (control instanceof HTMLElement && control === document.activeElement) control.blur();
  }
  addEventListener(
    "click",
    (event) => !(event.target instanceof HTMLSelectElement) && leave(event),
  );
  addEventListener("change", leave);
}
