/**
 * The parts that the page is put together from, as its modules see them.
 *
 * @import { Action } from "./core/state.js"
 * @import { State } from "./core/types.js"
 * @import { ViewStore } from "./view.js"
 * @import { Engine } from "./audio/engine.js"
 * @import { Takes } from "./audio/takes.js"
 * @import { Original } from "./audio/original.js"
 * @import { Api } from "./net/api.js"
 *
 * @import { HitEvent } from "./core/types.js"
 *
 * @typedef {Pick<ReturnType<typeof import("./commands/sounding.js").sounding>, "renderChanged" | "newTakes" | "render" | "receive">} Sounding
 *
 * @typedef {object} Store
 * @property {() => State} get
 * @property {(action: Action) => State} dispatch
 * @property {(listener: (state: State, before: State) => void) => () => void} subscribe
 *
 * @typedef {"info" | "success" | "error"} Tone
 *
 * @typedef {object} App
 * @property {Store} store
 * @property {ViewStore} view
 * @property {Engine} engine
 * @property {Takes} takes
 * @property {Original} original
 * @property {Api} api
 * @property {import("./net/saving.js").Saver} saving
 * @property {import("./net/jobs.js").Jobs} jobs
 * @property {(text: string, tone?: Tone) => void} toast
 * @property {(name: import("./keys/bindings.js").Command, repeat?: boolean) => void} run
 * @property {HTMLVideoElement} video
 * @property {HTMLElement} stage  what fills the screen with the video
 * @property {(time: number) => void} reveal  scroll to a time if it is out of sight
 * @property {(event: HitEvent) => void} show  select an event, seek to it, scroll to it
 * @property {(event: HitEvent | null) => void} review  show a doubtful event and play around it; null: none is left
 * @property {(gain: number) => void} tap  add an event where the ear is
 * @property {() => boolean} cancelGesture  whether there was one
 * @property {Sounding} sounding
 * @property {() => void} detect
 * @property {() => void} acceptDoubtful
 * @property {{import: () => void, export: () => void}} dialogs
 */

export {};
