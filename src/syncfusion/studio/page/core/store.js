/**
 * The one place that holds a state, and reports changes of it.
 */

/**
 * @template S, A
 * @param {(state: S, action: A) => S} reduce
 * @param {S} first
 */
export function createStore(reduce, first) {
  let state = first;
  /** @type {Set<(state: S, before: S) => void>} */
  const listeners = new Set();
  return {
    get: () => state,
    /** @param {A} action */
    dispatch(action) {
      const before = state;
      state = reduce(state, action);
      if (state !== before) for (const listener of [...listeners]) listener(state, before);
      return state;
    },
    /** @param {(state: S, before: S) => void} listener */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
