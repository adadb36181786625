/**
 * The shapes that all modules share. Times are seconds of the clip, gains are linear.
 *
 * @typedef {"detected" | "added" | "moved" | "imported"} Origin
 *
 * @typedef {object} HitEvent one moment and its sound
 * @property {string} id
 * @property {number} time
 * @property {number | null} end  null: an instant
 * @property {string} group  id of its group
 * @property {string} label
 * @property {string | null} prompt  null: the group's
 * @property {number} confidence  the detector's, 0 to 1; 1 for events that it did not find
 * @property {number} gain
 * @property {number} strength  how hard it is struck, 0.1 to 3; 1: as its take is
 * @property {boolean} mute
 * @property {number} seed
 * @property {boolean} locked  threshold, gap and detection leave it alone
 * @property {boolean} edited  touched by hand: left alone too
 * @property {boolean} stale  its take was made for an older prompt or seed
 * @property {Origin} origin
 * @property {string | null} take  key of the sound in use; null: not rendered
 * @property {string[]} takes  keys of all its sounds
 *
 * @typedef {object} Group events of one sound: a lane and a stem
 * @property {string} id
 * @property {string} name
 * @property {string} prompt
 * @property {string | null} reference  name of an uploaded sound
 * @property {string | null} library  a folder of own recordings
 * @property {number} gain
 * @property {boolean} mute
 * @property {boolean} solo
 * @property {number} color  index into the palette
 *
 * @typedef {object} Project what is saved
 * @property {number} version
 * @property {string} name
 * @property {string} video
 * @property {number} duration
 * @property {[number, number]} frame_rate  numerator, denominator
 * @property {string} start_timecode
 * @property {boolean} drop_frame
 * @property {number} threshold
 * @property {number} minimum_gap
 * @property {number} seed
 * @property {string} room
 * @property {Group[]} groups
 * @property {HitEvent[]} events  by time
 * @property {number[]} rejected  times of peaks that the user deleted or moved away from
 *
 * @typedef {object} Curve the detector's probabilities
 * @property {number[]} times
 * @property {number[]} probabilities
 * @property {number[]} cuts  times of shot changes
 *
 * @typedef {object} Peak a local maximum of the curve
 * @property {number} time
 * @property {number} confidence
 * @property {number} frame  its index in the curve
 * @property {number} frameTime  the time of that index
 *
 * @typedef {object} Step one entry of the history
 * @property {Project} project
 * @property {string} label
 *
 * @typedef {object} State everything that can be edited, and what history needs
 * @property {Project} project
 * @property {Curve} curve
 * @property {Peak[]} peaks  all maxima of the curve, the most probable first
 * @property {string[]} selection  ids
 * @property {string | null} anchor  where a range selection begins
 * @property {HitEvent[]} clipboard
 * @property {Record<string, HitEvent>} attic  detections that the threshold took away
 * @property {Step[]} past
 * @property {Step[]} future
 * @property {string | null} gesture  the gesture that made the last step
 *
 * @typedef {object} Diff what a file of events changes
 * @property {Partial<HitEvent>[]} added
 * @property {{id: string, from: number, to: number}[]} moved
 * @property {string[]} deleted
 * @property {{id: string, patch: Partial<HitEvent>}[]} changed
 * @property {Group[]} [groups]  groups of added events, where their label is a new one
 */

export {};
