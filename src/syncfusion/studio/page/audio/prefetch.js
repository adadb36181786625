/**
 * The sounds of events in sight are fetched before they are played, so that they can be seen.
 *
 * @import { App } from "../app_types.js"
 */

import { endOf } from "../core/viewport.js";

const QUIET = 120; // ms without a change before anything is fetched
const AT_ONCE = 4;
const MOST = 400; // sounds of one view
const WIDE = 8; // pixels a second from which sounds are drawn

/** @param {Pick<App, "store" | "view" | "takes">} app */
export function createPrefetch({ store, view, takes }) {
  let timer = 0;
  let round = 0;

  function missing() {
    const { viewport } = view.get();
    if (viewport.scale < WIDE) return [];
    const end = endOf(viewport);
    const keys = store
      .get()
      .project.events.filter((event) => event.time >= viewport.start - 2 && event.time <= end)
      .flatMap((event) => (event.take && !takes.peek(event.take) ? [event.take] : []));
    return [...new Set(keys)].slice(0, MOST);
  }

  async function fetchAll() {
    const mine = (round += 1);
    const keys = missing();
    const work = Array.from({ length: AT_ONCE }, async () => {
      for (let key = keys.shift(); key && mine === round; key = keys.shift()) await takes.load(key);
    });
    await Promise.all(work);
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(fetchAll, QUIET);
  }
  store.subscribe((state, before) => state.project !== before.project && later());
  view.subscribe((now, before) => now.viewport !== before.viewport && later());
}
