/**
 * What a drawing function is given.
 *
 * @import { State } from "../core/types.js"
 * @import { Viewport } from "../core/viewport.js"
 * @import { Clock } from "../core/timecode.js"
 * @import { Palette } from "./palette.js"
 * @import { Row } from "./layout.js"
 * @import { Pyramid } from "./peaks.js"
 * @import { Original } from "../audio/original.js"
 * @import { Takes } from "../audio/takes.js"
 * @import { Filmstrip } from "../net/api.js"
 *
 * @typedef {object} Scene
 * @property {CanvasRenderingContext2D} pen
 * @property {State} state
 * @property {Set<string>} selected
 * @property {Viewport} view
 * @property {Clock} clock
 * @property {Palette} palette
 * @property {Row[]} rows
 * @property {number} scroll  pixels
 * @property {number} height  pixels
 * @property {Pyramid | null} original
 * @property {{strip: Filmstrip, image: HTMLImageElement} | null} film
 * @property {Takes} takes
 * @property {Original} sound  the clip's own
 * @property {(event: {group: string, mute: boolean}) => boolean} audible
 * @property {string | null} hovered  id of the event under the pointer
 */

export {};
