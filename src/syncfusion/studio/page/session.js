/**
 * Opening a project and following it: what the server has, and what it reports.
 *
 * @import { App } from "./app_types.js"
 * @import { Surface } from "./timeline/surface.js"
 * @import { Message } from "./net/stream.js"
 */

import { fitted } from "./core/viewport.js";
import { openConflict } from "./dialogs/conflict.js";
import { isEnded } from "./net/jobs.js";
import { follow } from "./net/stream.js";
import { pyramidOf } from "./timeline/peaks.js";

/** @param {App} app @param {Surface} surface @param {(text: string | null) => void} curtain */
export function createSession(app, surface, curtain) {
  const { store, view, api, saving } = app;
  let opened = false;
  let looked = false;
  let following = false;

  async function open() {
    const { project, revision, detected } = await api.project();
    const before = store.get().project.duration;
    store.dispatch({ type: "load", project });
    saving.adopt(revision);
    view.dispatch({ detected });
    const { duration } = store.get().project;
    if (duration !== before)
      view.dispatch({ viewport: fitted({ ...view.get().viewport, duration }) });
    if (!opened && duration) await media();
    opened ||= duration > 0;
    if (!duration) curtain("Reading the video …");
    else if (following) firstLook(app.jobs.active().some((job) => job.kind === "detect"));
  }

  const media = () => Promise.all([picture(), film(), peaks(), curve()]);

  async function picture() {
    const there = await fetch("media/video", { headers: { Range: "bytes=0-0" } }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (!there) return;
    const { video } = app;
    video.src = `media/video?v=${Date.now()}`;
    view.dispatch({ hasVideo: true });
  }

  async function film() {
    const filmstrip = await api.filmstrip();
    if (!filmstrip) return;
    const image = new Image();
    image.src = filmstrip.url;
    await image.decode();
    view.dispatch({ filmstrip });
    surface.setFilm(image);
  }

  async function peaks() {
    const found = await api.peaks();
    if (!found) return;
    app.original.reset();
    surface.setOriginal(pyramidOf(found.peaks, found.samplesPerPeak / found.sampleRate));
  }

  /** Detected anew, or for the first time: a project that has events keeps them when it is opened. @param {boolean} [detects] */
  async function curve(detects = false) {
    const found = await api.curve();
    if (!found) return;
    const decodes = detects || !store.get().project.events.length;
    store.dispatch({ type: "curve", curve: found, decodes });
    view.dispatch({ detected: true });
  }

  const ready = { video: picture, filmstrip: film, peaks, curve: () => curve() };

  /** A clip that nobody has looked at is looked at once it can be read. @param {boolean} asked */
  function firstLook(asked) {
    if (looked || asked || !opened) return;
    looked = true;
    if (!view.get().detected && !store.get().project.events.length) app.detect();
  }

  /** @param {number} revision */
  async function elsewhere(revision) {
    if (revision <= saving.revision()) return;
    if (saving.isSaved()) await open();
    else conflict();
  }

  function conflict() {
    openConflict(app, {
      takeTheirs: open,
      keepMine: async () => saving.overwrite((await api.project()).revision),
    });
  }

  /** @param {Message} message */
  async function receive(message) {
    if (message.type === "connection") view.dispatch({ connected: message.open });
    if (message.type === "hello") {
      view.dispatch({ worker: message.worker, connected: true });
      for (const job of message.jobs) if (!isEnded(job)) app.jobs.receive(job);
      firstLook(message.jobs.some((job) => job.kind === "detect"));
      following = true;
      if (opened && !view.get().hasVideo) await media(); // made before the server could report it
      await elsewhere(message.revision);
    }
    if (message.type === "worker") {
      view.dispatch({ worker: message.state });
      if (message.message) app.toast(message.message, "error");
    }
    if (message.type === "media") await ready[/** @type {"video"} */ (message.name)]?.();
    if (message.type === "project" && message.page !== api.page) await elsewhere(message.revision);
    if (message.type === "job") {
      app.jobs.receive(message);
      const takes = message.kind === "render" && message.result?.takes;
      if (takes) app.sounding.receive(takes);
      if (message.kind === "detect" && message.state === "done") await curve(true);
    }
  }

  /** @param {unknown} error */
  const complain = (error) => {
    curtain(error instanceof Error ? error.message : String(error));
    app.toast(error instanceof Error ? error.message : String(error), "error");
  };

  return {
    conflict,
    async start() {
      const address = new URL(location.href);
      if (address.searchParams.has("token")) history.replaceState(null, "", address.pathname);
      try {
        await open();
        follow((message) => receive(message).catch(complain));
        view.dispatch({ prompts: await api.prompts() });
      } catch (error) {
        complain(error);
      }
    },
  };
}
