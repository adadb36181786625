/**
 * What a notebook loads of the page: its modules come with the widget, as there is no server; they
 * become blobs that import each other.
 *
 * @typedef {object} Model of anywidget
 * @property {(name: string) => any} get
 * @property {(name: string, value: unknown) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, listener: () => void) => void} on
 * @property {(event: string, listener: () => void) => void} off
 */

const IMPORT = /^(import\b[^"]*|\} from )"(\.[^"]+)"/gm;

/**
 * @param {Record<string, string>} modules  sources by name, such as "core/state.js"
 * @returns {(name: string) => string} a module's address
 */
export function linked(modules) {
  /** @type {Map<string, string>} */
  const addresses = new Map();

  /** @param {string} name @returns {string} */
  function address(name) {
    const known = addresses.get(name);
    if (known) return known;
    const source = modules[name].replace(IMPORT, (_, before, path) => {
      const other = new URL(path, `file:///${name}`).pathname.slice(1);
      return `${before}"${address(other)}"`;
    });
    const made = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    addresses.set(name, made);
    return made;
  }
  return address;
}

export default {
  /** @param {{model: Model, el: HTMLElement}} widget */
  async render({ model, el }) {
    const { show } = await import(linked(model.get("modules"))("notebook/timeline.js"));
    return show(model, el);
  },
};
