/** A place for one file: dropped on it or chosen. */

import { h, text } from "./dom.js";

/**
 * @param {{text: string, accept: string, take: (file: File) => void | Promise<void>}} parts
 */
export function dropZone({ text: words, accept, take }) {
  const input = h("input", { type: "file", accept, class: "visually-hidden" });
  const caption = h("span", {}, words);
  const element = h("label", { class: "drop-zone" }, caption, input);

  /** @param {FileList | null | undefined} files */
  async function receive(files) {
    const file = files?.[0];
    if (!file) return;
    element.classList.add("busy");
    await take(file);
    element.classList.remove("busy");
    input.value = "";
  }

  input.addEventListener("change", () => receive(input.files));
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    element.classList.add("over");
  });
  element.addEventListener("dragleave", () => element.classList.remove("over"));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    element.classList.remove("over");
    receive(event.dataTransfer?.files);
  });
  return {
    element,
    /** @param {string | null} name  of the file in use */
    show: (name) => text(caption, name ?? words),
  };
}
