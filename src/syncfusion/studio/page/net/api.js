/**
 * Requests to the server. Addresses are relative: a server holds several projects.
 *
 * @import { Curve, Project } from "../core/types.js"
 *
 * @typedef {{project: Project, revision: number, detected: boolean, sample: boolean}} Opened
 * @typedef {{url: string, count: number, interval: number, width: number, height: number, columns: number}} Filmstrip
 * @typedef {{name: string, suffix: string, opened_by: string, needs_rate: boolean}} Format
 */

/** What the server refused, as the sentence that it gave. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {any} body
   */
  constructor(status, message, body) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 */
export async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Refused(
      0,
      "The studio's server does not answer; start `syncfusion studio` again.",
      null,
    );
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  throw new Refused(
    response.status,
    body?.message ?? `The server answered ${response.status}.`,
    body,
  );
}

/** @param {string} path @param {RequestInit} [options] */
const json = async (path, options) => (await request(path, options)).json();

/** What is there, or null while the server has none yet. @template T @param {Promise<T>} asked */
const ifThere = (asked) =>
  asked.catch((error) => {
    if (error instanceof Refused && error.status === 404) return null;
    throw error;
  });

/** @param {string} method @param {unknown} body */
const send = (method, body) => ({
  method,
  body: JSON.stringify(body),
  headers: { "Content-Type": "application/json" },
});

/** @param {string} path @param {File} file */
const upload = (path, file) =>
  json(`${path}?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file });

/** By this the server's messages about this page's own saves are known. */
const page = Math.random().toString(36).slice(2);

export const api = {
  page,
  /** @returns {Promise<Opened>} */
  project: () => json("api/project"),
  /** @param {Project} project @param {number} revision @returns {Promise<{revision: number}>} */
  save(project, revision) {
    const options = send("PUT", project);
    return json("api/project", {
      ...options,
      headers: { ...options.headers, "If-Match": `"${revision}"`, "X-Page": page },
    });
  },
  /** @returns {Promise<Curve | null>} */
  curve: () => ifThere(json("api/curve")),
  /** @returns {Promise<Filmstrip | null>} */
  filmstrip: () => ifThere(json("api/filmstrip")),
  /** @returns {Promise<{peaks: Int8Array, samplesPerPeak: number, sampleRate: number} | null>} */
  async peaks() {
    const response = await ifThere(request("api/peaks"));
    if (!response) return null;
    const number = (/** @type {string} */ name, /** @type {number} */ otherwise) =>
      Number(response.headers.get(name) ?? otherwise);
    const peaks = new Int8Array(await response.arrayBuffer());
    return {
      peaks,
      samplesPerPeak: number("X-Samples-Per-Peak", 256),
      sampleRate: number("X-Sample-Rate", 48000),
    };
  },
  /** @param {Record<string, unknown>} job @returns {Promise<{id: string}>} */
  post: (job) => json("api/jobs", send("POST", job)),
  /** @param {string} id */
  cancel: (id) => request(`api/jobs/${id}`, { method: "DELETE" }),
  /** @param {string} key */
  take: (key) => request(`api/takes/${key}.wav`),
  /** The impulse response of a room. @param {string} name */
  room: (name) => ifThere(request(`api/rooms/${name}.wav`)),
  /** Takes that nothing refers to: counted, or removed. @param {string[]} kept @param {boolean} remove @returns {Promise<{takes: number, bytes: number}>} */
  oldTakes: (kept, remove) => json("api/old-takes", send("POST", { kept, remove })),
  /** @returns {Promise<Format[]>} */
  formats: async () => (await json("api/formats")).formats,
  /** @returns {Promise<string[]>} */
  prompts: async () => (await json("api/prompts")).prompts,
  /** @param {File} file @returns {Promise<{id: string}>} */
  importEvents: (file) => upload("api/import", file),
  /** @param {File} file @returns {Promise<{id: string}>} */
  reference: (file) => upload("api/references", file),
  /** @param {File} file @returns {Promise<{address: string}>} */
  video: (file) => upload("api/videos", file),
};

/** @typedef {typeof api} Api */
