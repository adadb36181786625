/**
 * Work that the server does: started here, followed by the stream, cancelled here.
 *
 * @import { Api } from "./api.js"
 * @import { Job } from "./stream.js"
 * @import { ViewStore } from "../view.js"
 * @import { Saver } from "./saving.js"
 */

const ENDED = ["done", "failed", "cancelled"];
const KEPT = 20; // jobs in the list

/** @param {Job} job */
export const isEnded = (job) => ENDED.includes(job.state);

/**
 * @param {{api: Api, view: ViewStore, saving: Saver, failed: (message: string) => void}} parts
 */
export function createJobs({ api, view, saving, failed }) {
  /** @type {Map<string, (job: Job) => void>} */
  const waiting = new Map();

  /** @param {Job} job */
  function receive(job) {
    const others = view.get().jobs.filter((other) => other.id !== job.id);
    view.dispatch({ jobs: [...others, job].slice(-KEPT) });
    if (!isEnded(job)) return;
    waiting.get(job.id)?.(job);
    waiting.delete(job.id);
    if (job.state === "failed") failed(job.message || `The ${job.kind} failed.`);
  }

  /** @param {() => Promise<{id: string}>} start @returns {Promise<Job | null>} the job at its end; null: refused */
  async function started(start) {
    try {
      await saving.flush();
      const { id } = await start();
      const known = view.get().jobs.find((job) => job.id === id);
      if (known && isEnded(known)) return known;
      return await new Promise((resolve) => waiting.set(id, resolve));
    } catch (error) {
      failed(/** @type {Error} */ (error).message);
      return null;
    }
  }

  return {
    receive,
    started,
    /** @param {Record<string, unknown>} job */
    post: (job) => started(() => api.post(job)),
    /** @param {string} id */
    cancel: (id) => api.cancel(id).catch((error) => failed(error.message)),
    active: () => view.get().jobs.filter((job) => !isEnded(job)),
  };
}

/** @typedef {ReturnType<typeof createJobs>} Jobs */
