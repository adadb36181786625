/**
 * The studio's page: its parts, put together.
 *
 * @import { App } from "./app_types.js"
 * @import { HitEvent } from "./core/types.js"
 * @import { Command } from "./keys/bindings.js"
 */

import { createEngine } from "./audio/engine.js";
import { matched } from "./audio/level.js";
import { createOriginal } from "./audio/original.js";
import { createPicture } from "./audio/picture.js";
import { createPrefetch } from "./audio/prefetch.js";
import { createRoom } from "./audio/room.js";
import { createTakes } from "./audio/takes.js";
import { editing } from "./commands/editing.js";
import { playing } from "./commands/playing.js";
import { sounding } from "./commands/sounding.js";
import { viewing } from "./commands/viewing.js";
import { nextDoubtful } from "./core/review.js";
import { initial, reduce } from "./core/state.js";
import { createStore } from "./core/store.js";
import { clockOf } from "./core/timecode.js";
import { revealed } from "./core/viewport.js";
import { openExport } from "./dialogs/export.js";
import { openGoto } from "./dialogs/goto.js";
import { openHelp } from "./dialogs/help.js";
import { openImport } from "./dialogs/import.js";
import { listenToDrops } from "./drops.js";
import { returnFocus } from "./keys/focus.js";
import { listenToKeys } from "./keys/keyboard.js";
import { createKeymap } from "./keys/keymap.js";
import { api } from "./net/api.js";
import { createJobs } from "./net/jobs.js";
import { createSaving } from "./net/saving.js";
import { byId, h } from "./panels/dom.js";
import { createPanels } from "./panels/panels.js";
import { createSession } from "./session.js";
import { createSurface } from "./timeline/surface.js";
import { listenToMinimap } from "./timeline/minimap_pointer.js";
import { listenToPointers } from "./timeline/pointer.js";
import { createToasts } from "./panels/toasts.js";
import { createView } from "./view.js";

const canvas = (/** @type {string} */ id) => /** @type {HTMLCanvasElement} */ (byId(id));
const store = createStore(reduce, initial());
const view = createView();
const toast = createToasts(byId("toasts"));
const keymap = createKeymap();
const held = new Set();

const takes = createTakes(api, () => {
  surface.invalidate("events");
  engine.update();
});
const original = createOriginal(() => {
  surface.invalidate();
  engine.update();
});
const room = createRoom(api, {
  make: (name) => jobs.post({ kind: "room", room: name }),
  arrived: () => engine.update(),
});
const engine = createEngine({
  project: () => store.get().project,
  clip: () => view.get().clip,
  takes,
  original,
  room,
  trim,
  changed: (isPlaying, rate) => view.dispatch({ playing: isPlaying, rate }),
});

/** Two takes under comparison sound equally loud. @param {HitEvent} event */
function trim(event) {
  const [now, other] = [takes.peek(event.take), takes.peek(view.get().compared[event.id] ?? null)];
  return now && other ? matched(now.rms, Math.min(now.rms, other.rms)) : 1;
}

const saving = createSaving(api, {
  current: () => store.get().project,
  report(state, message) {
    view.dispatch({ saving: state });
    if (state === "conflict") session.conflict();
    if (state === "refused") toast(`Not saved: ${message}`, "error");
  },
});
const jobs = createJobs({ api, view, saving, failed: (message) => toast(message, "error") });

/** @type {App} */
const app = {
  store,
  view,
  engine,
  takes,
  original,
  api,
  saving,
  jobs,
  toast,
  video: /** @type {HTMLVideoElement} */ (byId("video")),
  stage: byId("stage"),
  run: (name, repeat = false) => void commands[name](repeat),
  reveal: (time) => view.dispatch({ viewport: revealed(view.get().viewport, time) }),
  show(event) {
    store.dispatch({ type: "select", ids: [event.id] });
    view.dispatch({ group: null });
    if (!engine.playing()) engine.seek(event.time);
    app.reveal(event.time);
    panels.list.scrollTo(event.id);
  },
  review(event) {
    if (!event) return void view.dispatch({ reviewing: false });
    app.show(event);
    app.run("audition");
  },
  tap: (gain) => edits.addAt(engine.time() - (engine.playing() ? view.get().tapDelay : 0), gain),
  cancelGesture() {
    const there = pointers.dragging();
    pointers.cancel();
    return there;
  },
  detect: () => void jobs.post({ kind: "detect" }),
  acceptDoubtful() {
    const [id] = store.get().selection;
    const next = nextDoubtful(store.get().project, id);
    if (id)
      store.dispatch({ type: "patch", ids: [id], patch: { locked: true }, label: "Accept event" });
    app.review(next && next.id !== id ? next : null);
  },
  dialogs: { import: () => openImport(app), export: () => void openExport(app) },
  sounding: {
    render: async () => {},
    renderChanged: async () => {},
    newTakes: async () => {},
    receive: () => {},
  },
};

const edits = editing(app);
const sounds = sounding(app);
app.sounding = sounds;
/** @type {Record<Command, (repeat: boolean) => unknown>} */
const commands = {
  ...playing(app, () => held.has("KeyK")),
  ...edits.commands,
  ...sounds.commands,
  ...viewing(app),
  label: () => (view.get().reviewing ? app.acceptDoubtful() : panels.inspector.edit()),
  goto: () => openGoto(app),
  help: () => openHelp(app, keymap),
  save: () => saving.flush().then(() => saving.isSaved() && toast("Saved.", "success")),
};

const surface = createSurface(app, {
  scroller: byId("scroller"),
  base: canvas("canvas"),
  over: canvas("over"),
  map: canvas("minimap"),
});
const pointers = listenToPointers(app, surface, canvas("canvas"));
listenToMinimap(view, canvas("minimap"));
const panels = createPanels(app);
const picture = createPicture(app.video, engine, () => clockOf(store.get().project));
surface.onFrame(() => {
  picture.update();
  panels.transport.update();
});

listenToKeys({
  table: keymap.table,
  run: app.run,
  digit: edits.assign,
  held: (code, down) => (code === "" ? held.clear() : down ? held.add(code) : held.delete(code)),
});

function paint() {
  const { theme } = view.get();
  const dark =
    theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  surface.recolour();
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);

store.subscribe((state, before) => {
  if (state.project === before.project) return;
  room.response(state.project.room); // on its way before it is to be heard
  engine.update();
  saving.touch();
});
view.subscribe((now, before) => {
  if (now.theme !== before.theme) paint();
  if (now.clip !== before.clip) engine.update();
  if (now.prompts !== before.prompts)
    byId("prompts").replaceChildren(...now.prompts.map((value) => h("option", { value })));
});

/** Words over the picture; null takes them away. @param {string | null} words */
function curtain(words) {
  byId("curtain").hidden = words === null;
  byId("curtain-text").textContent = words;
}
app.video.addEventListener("loadeddata", () => curtain(null));
app.video.addEventListener("error", () =>
  curtain("The browser cannot show this video yet; a version that it can is being made."),
);

const session = createSession(app, surface, curtain);
listenToDrops(app);
returnFocus();
createPrefetch(app);
addEventListener("pagehide", () => void saving.flush());
paint();
session.start();

/** For the console, and for tests: the parts by name. */
Object.assign(window, { studio: { ...app, surface, picture, keymap, room } });
