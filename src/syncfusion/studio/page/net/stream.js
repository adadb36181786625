/**
 * The server's messages: jobs, other editors, media that became ready.
 *
 * @typedef {object} Job
 * @property {string} id
 * @property {string} kind
 * @property {"queued" | "running" | "done" | "failed" | "cancelled"} state
 * @property {string} stage
 * @property {number} done
 * @property {number} total
 * @property {number | null} seconds_left
 * @property {string} message
 * @property {any} result
 *
 * @typedef {(
 *   | {type: "hello", revision: number, worker: string, jobs: Job[]}
 *   | ({type: "job"} & Job)
 *   | {type: "project", revision: number, page: string}
 *   | {type: "worker", state: string, message?: string}
 *   | {type: "media", name: string}
 *   | {type: "connection", open: boolean}
 * )} Message
 */

/**
 * Follow the stream; the browser connects again by itself.
 *
 * @param {(message: Message) => void} receive
 */
export function follow(receive) {
  const source = new EventSource("api/stream");
  source.onmessage = ({ data }) => receive(JSON.parse(data));
  source.onopen = () => receive({ type: "connection", open: true });
  source.onerror = () => receive({ type: "connection", open: false });
  addEventListener("pagehide", () => source.close());
}
