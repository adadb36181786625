/**
 * Beside the rows: names, mute and solo of groups and of the clip's own sound.
 *
 * @import { App } from "../app_types.js"
 * @import { Row } from "../timeline/layout.js"
 * @import { Group } from "../core/types.js"
 */

import { attribute, h, iconButton } from "./dom.js";

/** @param {string} letter @param {string} name @param {() => void} click */
const toggle = (letter, name, click) =>
  h(
    "button",
    {
      type: "button",
      class: `toggle ${letter === "S" ? "solo" : "mute"}`,
      "aria-pressed": "false",
      "aria-label": name,
      title: name,
      onclick: click,
    },
    letter,
  );

/** @param {App} app @param {HTMLElement} place @param {HTMLElement} scroller */
export function createLaneHeaders(app, place, scroller) {
  const { store, view } = app;
  /** @type {Map<string, {element: HTMLElement, update: () => void}>} */
  const headers = new Map();

  /** @param {string} id @returns {Group | undefined} */
  const groupOf = (id) => store.get().project.groups.find((group) => group.id === id);

  /** @param {string} id */
  function lane(id) {
    /** @param {"mute" | "solo"} key */
    const turn = (key) => {
      const group = groupOf(id);
      if (group) store.dispatch({ type: "patchGroup", id, patch: { [key]: !group[key] } });
    };
    const name = h("button", {
      type: "button",
      class: "lane-name",
      title: "Sound of this group",
      onclick: () => open(id),
    });
    const [mute, solo] = [
      toggle("M", "Mute", () => turn("mute")),
      toggle("S", "Solo", () => turn("solo")),
    ];
    const element = h(
      "div",
      { class: "lane-header lane", "data-group": id },
      h("span", { class: "swatch" }),
      name,
      mute,
      solo,
    );
    const update = () => {
      const group = groupOf(id);
      if (!group) return;
      const { groups } = store.get().project;
      name.textContent = `${groups.indexOf(group) + 1}  ${group.name}`;
      attribute(mute, "aria-label", `Mute ${group.name}`);
      attribute(solo, "aria-label", `Solo ${group.name}`);
      attribute(mute, "aria-pressed", String(group.mute));
      attribute(solo, "aria-pressed", String(group.solo));
      element.dataset.color = String(group.color % 10);
      element.classList.toggle("open", view.get().group === id);
    };
    return { element, update };
  }

  /** @param {string} id */
  function open(id) {
    const ids = store
      .get()
      .project.events.filter((event) => event.group === id)
      .map((event) => event.id);
    if (view.get().group === id) store.dispatch({ type: "select", ids });
    else {
      store.dispatch({ type: "select", ids: [] });
      view.dispatch({ group: id });
    }
  }

  function original() {
    const set = (/** @type {"mute" | "solo"} */ key) =>
      view.dispatch({ clip: { ...view.get().clip, [key]: !view.get().clip[key] } });
    const [mute, solo] = [
      toggle("M", "Mute the clip's own sound", () => set("mute")),
      toggle("S", "Solo the clip's own sound", () => set("solo")),
    ];
    const element = h(
      "div",
      { class: "lane-header" },
      h("span", { class: "lane-title" }, "Original"),
      mute,
      solo,
    );
    const update = () => {
      attribute(mute, "aria-pressed", String(view.get().clip.mute));
      attribute(solo, "aria-pressed", String(view.get().clip.solo));
    };
    return { element, update };
  }

  /** @param {string} title @param {Node[]} more */
  const titled = (title, ...more) => ({
    element: h("div", { class: "lane-header" }, h("span", { class: "lane-title" }, title), ...more),
    update: () => {},
  });

  /** @param {Row} row */
  function made(row) {
    if (row.kind === "lane") return lane(row.key);
    if (row.kind === "original") return original();
    if (row.kind === "ruler") return titled("", iconButton("add", "Add a group", addGroup));
    return titled({ film: "Picture", curve: "Detector", mix: "Mix" }[row.kind]);
  }

  function addGroup() {
    store.dispatch({
      type: "addGroup",
      group: { name: `sound ${store.get().project.groups.length + 1}` },
      ids: store.get().selection,
    });
    const group = store.get().project.groups.at(-1);
    if (group) view.dispatch({ group: group.id });
    store.dispatch({ type: "select", ids: [] });
  }

  /** @param {Row[]} rows */
  function lay(rows) {
    const there = new Set(rows.map((row) => row.key));
    for (const [key, { element }] of headers) {
      if (there.has(key)) continue;
      element.remove();
      headers.delete(key);
    }
    for (const row of rows) {
      const header = headers.get(row.key) ?? made(row);
      headers.set(row.key, header);
      header.element.style.height = `${row.height}px`;
      header.element.classList.toggle("pinned", row.kind === "ruler");
      if (header.element !== place.children[rows.indexOf(row)])
        place.insertBefore(header.element, place.children[rows.indexOf(row)] ?? null);
      header.update();
    }
  }

  scroller.addEventListener("rows", (event) =>
    lay(/** @type {CustomEvent<Row[]>} */ (event).detail),
  );
  const update = () => headers.forEach((header) => header.update());
  store.subscribe((state, before) => state.project.groups !== before.project.groups && update());
  view.subscribe(
    (now, before) => (now.clip !== before.clip || now.group !== before.group) && update(),
  );
}
