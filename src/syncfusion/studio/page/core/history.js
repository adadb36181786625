/**
 * Undo and redo: the history is a list of projects, which share all that did not change.
 *
 * @import { State, Project, HitEvent } from "./types.js"
 */

const LONGEST = 500; // steps

/**
 * A step forward; the steps of one gesture are one.
 *
 * @param {State} state
 * @param {Project} project
 * @param {{label: string, gesture?: string | null}} step
 * @returns {State}
 */
export function advanced(state, project, { label, gesture = null }) {
  const same = continues(state, gesture);
  if (project === baseOf(state, gesture)) return same ? { ...undone(state), future: [] } : state;
  const past = same
    ? state.past
    : [...state.past.slice(-LONGEST + 1), { project: state.project, label }];
  return pruned({ ...state, project, past, future: [], gesture });
}

/** @param {State} state @param {string | null | undefined} gesture */
const continues = (state, gesture) =>
  gesture != null && gesture === state.gesture && state.past.length > 0;

/**
 * The project that a gesture began with: its changes are counted from there.
 *
 * @param {State} state
 * @param {string | null | undefined} gesture
 */
export const baseOf = (state, gesture) =>
  continues(state, gesture) ? state.past[state.past.length - 1].project : state.project;

/** @param {State} state @returns {State} */
export function undone(state) {
  const step = state.past[state.past.length - 1];
  if (!step) return state;
  const future = [{ project: state.project, label: step.label }, ...state.future];
  return pruned({
    ...state,
    project: step.project,
    past: state.past.slice(0, -1),
    future,
    gesture: null,
  });
}

/** @param {State} state @returns {State} */
export function redone(state) {
  const [step, ...future] = state.future;
  if (!step) return state;
  const past = [...state.past, { project: state.project, label: step.label }];
  return pruned({ ...state, project: step.project, past, future, gesture: null });
}

/** Without selected events that are gone. @param {State} state @returns {State} */
export function pruned(state) {
  const there = new Set(state.project.events.map((event) => event.id));
  if (state.selection.every((id) => there.has(id))) return state;
  return { ...state, selection: state.selection.filter((id) => there.has(id)) };
}

/**
 * What did not come from the user, such as rendered sounds, reaches every step of the history.
 *
 * @param {State} state
 * @param {(event: HitEvent) => HitEvent} change
 * @returns {State}
 */
export function everywhere(state, change) {
  /** @type {Map<HitEvent, HitEvent>} */
  const known = new Map();
  const once = (/** @type {HitEvent} */ event) => {
    const found = known.get(event) ?? change(event);
    known.set(event, found);
    return found;
  };
  const through = (/** @type {Project} */ project) => ({
    ...project,
    events: project.events.map(once),
  });
  const steps = (/** @type {State["past"]} */ list) =>
    list.map((step) => ({ ...step, project: through(step.project) }));
  return {
    ...state,
    project: through(state.project),
    past: steps(state.past),
    future: steps(state.future),
    attic: Object.fromEntries(Object.entries(state.attic).map(([id, event]) => [id, once(event)])),
  };
}
