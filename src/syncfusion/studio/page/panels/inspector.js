/**
 * The panel at the right: the selected events, the group that is shown, or the project.
 *
 * @import { App } from "../app_types.js"
 */

import { eventForm } from "./event_form.js";
import { groupForm } from "./group_form.js";
import { projectForm } from "./project_form.js";
import { h, text } from "./dom.js";

/** @param {App} app @param {HTMLElement} place */
export function createInspector(app, place) {
  const { store, view } = app;
  const title = h("h2", {});
  const forms = { events: eventForm(app), group: groupForm(app), project: projectForm(app) };
  place.append(title, ...Object.values(forms).map((form) => form.element));
  let due = false;

  function update() {
    due = false;
    const { project, selection } = store.get();
    const group = project.groups.find((other) => other.id === view.get().group);
    const shown = selection.length ? "events" : group ? "group" : "project";
    const titles = {
      events: selection.length === 1 ? "Event" : `${selection.length} events`,
      group: "Group",
      project: "Project",
    };
    text(title, titles[shown]);
    for (const [name, form] of Object.entries(forms)) {
      form.element.hidden = name !== shown;
      if (name === shown) form.update();
    }
  }

  function later() {
    if (!due) requestAnimationFrame(update);
    due = true;
  }
  store.subscribe(later);
  view.subscribe((now, before) => {
    if (
      now.group !== before.group ||
      now.prompts !== before.prompts ||
      now.compared !== before.compared ||
      now.worker !== before.worker ||
      now.tapDelay !== before.tapDelay
    )
      later();
  });
  update();
  return {
    /** Put the cursor into the label or, with several events, the prompt. */
    edit() {
      update();
      const first = place.querySelector(
        store.get().selection.length === 1 ? "[name=label]" : "[name=prompt]",
      );
      if (first instanceof HTMLInputElement) {
        first.focus();
        first.select();
      }
    },
  };
}
