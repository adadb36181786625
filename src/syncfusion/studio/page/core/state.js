/**
 * The state of the editor and the one function that changes it. Nothing here is mutated, and
 * nothing depends on anything but the state and the action.
 *
 * @import { State, Project, Curve, HitEvent, Group, Diff } from "./types.js"
 *
 * @typedef {{gesture?: string}} OfGesture  actions of one gesture are one step, counted from its start
 *
 * @typedef {(
 *   | {type: "add", event: Partial<HitEvent> & {time: number}}
 *   | {type: "move", ids: string[], delta: number}
 *   | {type: "ripple", id: string, delta: number}
 *   | {type: "remove", ids: string[]}
 *   | {type: "patch", ids: string[], patch: Partial<HitEvent>, label?: string}
 *   | {type: "gain", ids: string[], decibels: number}
 *   | {type: "paste", events: HitEvent[], time: number, label?: string}
 *   | {type: "turnTake", ids: string[], step: number}
 *   | {type: "chooseTakes", keys: Record<string, string>}
 *   | {type: "place", times: Record<string, number>}
 *   | {type: "humanise", ids: string[], milliseconds: number, decibels: number, seeds: boolean, seed: number}
 *   | {type: "addGroup", group: Partial<Group>, ids?: string[]}
 *   | {type: "patchGroup", id: string, patch: Partial<Group>}
 *   | {type: "removeGroup", id: string}
 *   | {type: "settings", patch: Partial<Project>}
 *   | {type: "decode", threshold: number, gap: number}
 *   | {type: "import", diff: Diff}
 * ) & OfGesture} Edit
 *
 * @typedef {(
 *   | {type: "load", project: Project, curve?: Curve}
 *   | {type: "curve", curve: Curve, decodes?: boolean}
 *   | {type: "takes", takes: Record<string, {key: string, seed?: number}>}
 *   | {type: "select", ids: string[], mode?: "replace" | "toggle" | "range" | "add"}
 *   | {type: "copy", ids: string[]}
 *   | {type: "undo"}
 *   | {type: "redo"}
 * )} Other
 *
 * @typedef {Edit | Other} Action
 */

import { peaksOf } from "./decode.js";
import { projectOf } from "./defaults.js";
import * as events from "./events.js";
import * as groups from "./groups.js";
import { advanced, baseOf, everywhere, pruned, redone, undone } from "./history.js";
import { humanise } from "./humanise.js";
import { applyDiff } from "./importing.js";
import { isKept, redecode } from "./redecode.js";
import { select } from "./selection.js";
import * as takes from "./takes.js";

/** @type {Curve} */
const NO_CURVE = { times: [], probabilities: [], cuts: [] };

/**
 * @param {Partial<Project>} [project]
 * @param {Curve} [curve]
 * @returns {State}
 */
export const initial = (project, curve = NO_CURVE) => ({
  project: projectOf(project),
  curve,
  peaks: peaksOf(curve),
  selection: [],
  anchor: null,
  clipboard: [],
  attic: {},
  past: [],
  future: [],
  gesture: null,
});

const many = (/** @type {readonly unknown[]} */ list, /** @type {string} */ one = "event") =>
  list.length === 1 ? one : `${list.length} ${one}s`;

/**
 * What each edit makes of a project: the next one, its name in the history, and what is then
 * selected or else in the state.
 *
 * @type {{[K in Edit["type"]]: (project: Project, action: Extract<Edit, {type: K}>, state: State) =>
 *   {project: Project, label: string} & Partial<Pick<State, "selection" | "attic" | "anchor">>}}
 */
const EDITS = {
  add(project, { event }) {
    const { project: next, id } = events.add(project, event);
    return { project: next, label: "Add event", selection: [id], anchor: id };
  },
  move: (project, { ids, delta }) => ({
    project: events.move(project, ids, delta),
    label: `Move ${many(ids)}`,
  }),
  ripple: (project, { id, delta }) => ({
    project: events.ripple(project, id, delta),
    label: "Move all later events",
  }),
  remove: (project, { ids }) => ({
    project: events.remove(project, ids),
    label: `Delete ${many(ids)}`,
  }),
  patch: (project, { ids, patch, label }) => ({
    project: events.patch(project, ids, patch),
    label: label ?? `Change ${Object.keys(patch).join(", ")} of ${many(ids)}`,
  }),
  gain: (project, { ids, decibels }) => ({
    project: events.gain(project, ids, decibels),
    label: `Gain of ${many(ids)}`,
  }),
  paste(project, { events: copied, time, label }) {
    if (!copied.length) return { project, label: "" };
    const { project: next, ids } = events.paste(project, copied, time);
    return {
      project: ids.length ? next : project,
      label: label ?? `Paste ${many(ids)}`,
      selection: ids,
    };
  },
  turnTake: (project, { ids, step }) => ({
    project: takes.turnTake(project, ids, step),
    label: "Choose take",
  }),
  chooseTakes: (project, { keys }) => ({
    project: takes.chooseTakes(project, keys),
    label: "Choose take",
  }),
  place: (project, { times }) => ({
    project: events.place(project, times),
    label: `Place ${many(Object.keys(times))}`,
  }),
  humanise: (project, { ids, ...amount }) => ({
    project: humanise(project, ids, amount),
    label: `Humanise ${many(ids)}`,
  }),
  addGroup(project, { group, ids = [] }) {
    const { project: next, id } = groups.addGroup(project, group);
    return {
      project: ids.length ? events.patch(next, ids, { group: id }) : next,
      label: "Add group",
    };
  },
  patchGroup: (project, { id, patch }) => ({
    project: groups.patchGroup(project, id, patch),
    label: "Change group",
  }),
  removeGroup: (project, { id }) => ({
    project: groups.removeGroup(project, id),
    label: "Delete group",
  }),
  settings(project, { patch }) {
    const same = Object.entries(patch).every(([key, value]) =>
      Object.is(Reflect.get(project, key), value),
    );
    return { project: same ? project : { ...project, ...patch }, label: "Change settings" };
  },
  decode(project, { threshold, gap }, { peaks, attic }) {
    const settings = { peaks, attic, threshold, gap };
    return { ...redecode(project, settings), label: "Change threshold" };
  },
  import: (project, { diff }) => ({ project: applyDiff(project, diff), label: "Import events" }),
};

/**
 * @type {{[K in Other["type"]]: (state: State, action: Extract<Other, {type: K}>) => State}}
 */
const OTHERS = {
  load: (state, { project, curve }) => ({
    ...initial(project, curve ?? state.curve),
    clipboard: state.clipboard,
  }),
  curve(state, { curve, decodes = true }) {
    const peaks = peaksOf(curve);
    if (!decodes) return { ...state, curve, peaks };
    const { threshold, minimum_gap: gap } = state.project;
    const decoded = redecode(state.project, { peaks, attic: state.attic, threshold, gap });
    const untouched = !state.past.length && state.project.events.every((event) => !isKept(event));
    const next = { ...state, curve, peaks };
    if (untouched) return pruned({ ...next, ...decoded });
    return { ...advanced(next, decoded.project, { label: "Detect events" }), attic: decoded.attic };
  },
  takes: (state, { takes: rendered }) =>
    everywhere(state, (event) => takes.withTake(event, rendered[event.id])),
  select: (state, { ids, mode = "replace" }) => select(state, ids, mode),
  copy: (state, { ids }) => ({ ...state, clipboard: events.chosen(state.project, ids) }),
  undo: undone,
  redo: redone,
};

/** @param {Action} action @returns {action is Edit} */
const isEdit = (action) => action.type in EDITS;

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State}
 */
export function reduce(state, action) {
  if (!isEdit(action)) {
    const change = /** @type {(state: State, action: Other) => State} */ (OTHERS[action.type]);
    return change(state, action);
  }
  const edit = /** @type {(p: Project, a: Edit, s: State) => ReturnType<(typeof EDITS)["add"]>} */ (
    EDITS[action.type]
  );
  const base = baseOf(state, action.gesture);
  const { project, label, ...rest } = edit(base, action, state);
  const next = advanced(state, project, { label, gesture: action.gesture });
  return next === state ? state : { ...next, ...rest };
}
