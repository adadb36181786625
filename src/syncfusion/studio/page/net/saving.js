/**
 * Autosave: every edit reaches the server shortly after, in order, against the revision that it
 * was made on. A conflict stops saving until the user decides.
 *
 * @import { Api } from "./api.js"
 * @import { Project } from "../core/types.js"
 *
 * @typedef {"saved" | "unsaved" | "saving" | "offline" | "conflict" | "refused"} Saving
 */

import { Refused } from "./api.js";

const QUIET = 300; // ms without an edit before it is sent
const AGAIN = 2000; // ms before a server that did not answer is asked again

/**
 * @param {Api} api
 * @param {{current: () => Project, report: (state: Saving, message?: string) => void}} parts
 */
export function createSaving(api, { current, report }) {
  let revision = 0;
  /** @type {Project | null} */
  let saved = null;
  let stopped = false;
  /** @type {Promise<void> | null} */
  let running = null;
  let timer = 0;

  const isSaved = () => saved === current();

  async function send() {
    while (!isSaved() && !stopped) {
      const project = current();
      report("saving");
      try {
        revision = (await api.save(project, revision)).revision;
        saved = project;
        report("saved");
      } catch (error) {
        if (!failed(error)) throw error;
        return;
      }
    }
  }

  /** @param {unknown} error */
  function failed(error) {
    if (!(error instanceof Refused)) return false;
    stopped = error.status === 409;
    if (error.status === 0) timer = setTimeout(flush, AGAIN);
    report(
      error.status === 409 ? "conflict" : error.status === 0 ? "offline" : "refused",
      error.message,
    );
    return true;
  }

  /** Save now; resolves when the server has the project as it is, or refused it. */
  async function flush() {
    clearTimeout(timer);
    while (running) await running;
    if (isSaved() || stopped) return;
    running = send().finally(() => (running = null));
    await running;
  }

  return {
    flush,
    isSaved,
    /** An edit was made. */
    touch() {
      if (isSaved() || stopped) return;
      report("unsaved");
      clearTimeout(timer);
      timer = setTimeout(flush, QUIET);
    },
    /** The server's project is the current one. @param {number} at */
    adopt(at) {
      revision = at;
      saved = current();
      stopped = false;
      report("saved");
    },
    /** Keep what is here: the next save goes over the other's. @param {number} at */
    overwrite(at) {
      revision = at;
      stopped = false;
      return flush();
    },
    revision: () => revision,
  };
}

/** @typedef {ReturnType<typeof createSaving>} Saver */
