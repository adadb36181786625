/** Elements in one line, and icons drawn for this page. */

/**
 * @typedef {Node | string | null | undefined | false} Child
 * @typedef {Record<string, unknown>} Props  on… listens, anything else is an attribute
 */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on"))
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === "value" || name === "checked" || name === "disabled")
      Reflect.set(element, name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(
    ...children.filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

/** The element of an id that the page's own html has. @param {string} id */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/** Outlines on a grid of 16. */
const ICONS = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 2.5h3v11H4zM9 2.5h3v11H9z",
  start: "M3 3v10h1.5V3zM13 3 5.5 8l7.5 5z",
  end: "M11.5 3v10H13V3zM3 3l7.5 5L3 13z",
  back: "M10.5 3 4 8l6.5 5z",
  on: "M5.5 3 12 8l-6.5 5z",
  loop: "M3 6a3 3 0 0 1 3-3h5V1l3.5 3L11 7V5H6a1 1 0 0 0-1 1v2H3zm10 4a3 3 0 0 1-3 3H5v2L1.5 12 5 9v2h5a1 1 0 0 0 1-1V8h2z",
  undo: "M6 3 2 6.5 6 10V7.5h4a2.2 2.2 0 0 1 0 4.5H6v1.5h4a3.7 3.7 0 0 0 0-7.5H6z",
  redo: "M10 3l4 3.5-4 3.5V7.5H6a2.2 2.2 0 0 0 0 4.5h4v1.5H6a3.7 3.7 0 0 1 0-7.5h4z",
  lock: "M4.5 7V5a3.5 3.5 0 0 1 7 0v2H13v7H3V7zm1.5 0h4V5a2 2 0 0 0-4 0z",
  add: "M7 3h2v4h4v2H9v4H7V9H3V7h4z",
  remove: "M6 2h4l.5 1H14v1.5H2V3h3.5zM3 5.500h10L12.300 14H3.7z",
  sun: "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM7.300 1h1.400v2.2H7.300zM7.300 12.800h1.400V15H7.300zM1 7.300h2.2v1.400H1zM12.800 7.300H15v1.400h-2.2zM2.600 3.600l1-1 1.5 1.5-1 1zM10.900 11.900l1-1 1.5 1.5-1 1zM12.400 2.600l1 1-1.5 1.5-1-1zM4.100 10.900l1 1-1.5 1.5-1-1z",
  magnet:
    "M2 3h3.5v5.500a2.500 2.500 0 0 0 5 0V3H14v5.500a6 6 0 0 1-12 0zm0 3h3.5v1.200H2zm8.500 0H14v1.200h-3.5z",
  follow: "M1 7.300h9L7.300 4.5l1-1L12.800 8l-4.5 4.5-1-1L10 8.700H1zM13.600 3H15v10h-1.400z",
  fit: "M1 3h1.400v10H1zM13.600 3H15v10h-1.400zM3 8l3-3v2.2h4V5l3 3-3 3V8.800H6V11z",
  zoomIn:
    "M7 2a5 5 0 0 1 4 8l3 3-1 1-3-3a5 5 0 1 1-3-9zm0 1.400a3.600 3.600 0 1 0 0 7.200 3.600 3.600 0 0 0 0-7.200zM6.300 5h1.400v1.300H9v1.400H7.700V9H6.300V7.700H5V6.300h1.300z",
  zoomOut:
    "M7 2a5 5 0 0 1 4 8l3 3-1 1-3-3a5 5 0 1 1-3-9zm0 1.400a3.600 3.600 0 1 0 0 7.200 3.600 3.600 0 0 0 0-7.200zM5 6.300h4v1.400H5z",
  close: "M4 3l4 4 4-4 1 1-4 4 4 4-1 1-4-4-4 4-1-1 4-4-4-4z",
  screen: "M2 3h5v1.5H3.5V8H2zM9 3h5v5h-1.5V4.5H9zM2 9h1.5v2.500H7V13H2zM12.500 9H14v4H9v-1.5h3.5z",
  dice: "M3 2h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zm2 2a1.200 1.200 0 1 0 0 2.400A1.200 1.200 0 0 0 5 4zm3 2.800a1.200 1.200 0 1 0 0 2.400 1.200 1.200 0 0 0 0-2.400zm3 2.800a1.200 1.200 0 1 0 0 2.400 1.200 1.200 0 0 0 0-2.400z",
  import:
    "M7.300 2h1.400v6l2.300-2.300 1 1L8 10.700 4 6.700l1-1L7.300 8zM2 11h1.5v1.5h9V11H14v3H2z",
  export: "M7.300 10.700h1.400v-6L11 7l1-1-4-4-4 4 1 1 2.300-2.300zM2 11h1.5v1.5h9V11H14v3H2z",
  spark: "M8 1l1.700 5.300L15 8l-5.300 1.700L8 15l-1.700-5.300L1 8l5.300-1.700z",
};

/** @typedef {keyof typeof ICONS} IconName */

const SVG = "http://www.w3.org/2000/svg";

/** @param {IconName} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}

/**
 * A button with an icon; its name is read out and shown as a hint.
 *
 * @param {IconName} name
 * @param {string} label
 * @param {() => void} click
 * @param {Props} [props]
 */
export const iconButton = (name, label, click, props = {}) =>
  h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": label,
      title: label,
      onclick: click,
      ...props,
    },
    icon(name),
  );

/** Set an attribute only where it changes. @param {Element} element @param {string} name @param {string | null} value */
export function attribute(element, name, value) {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/** Set a text only where it changes. @param {Element} element @param {string} text */
export function text(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Set a field, but not while the user types in it. @param {HTMLInputElement | HTMLSelectElement} field @param {string} value */
export function fill(field, value) {
  if (document.activeElement === field && field.dataset.typing) return;
  if (field.value !== value) field.value = value;
}

/**
 * A field whose value is taken when it is left or Enter is pressed, and given back with Escape.
 *
 * @param {Props} props
 * @param {(value: string) => void} commit
 */
export function field(props, commit) {
  let before = "";
  const input = h("input", { type: "text", ...props });
  const done = () => {
    delete input.dataset.typing;
    if (input.value !== before) commit(input.value);
  };
  input.addEventListener("focus", () => (before = input.value));
  input.addEventListener("input", () => (input.dataset.typing = "1"));
  input.addEventListener("change", done);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") input.value = before;
    if (event.key === "Enter" || event.key === "Escape") input.blur();
    if (event.key === "Enter" || event.key === "Escape") event.stopPropagation();
  });
  return input;
}
