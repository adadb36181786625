/**
 * The clock: where in the clip the ear is. It runs on the sound card's time, and backwards or
 * several times as fast when it shuttles.
 */

/**
 * Seconds between what is computed and what is heard.
 *
 * @param {AudioContext | null} context
 */
export const latencyOf = (context) => context?.outputLatency || context?.baseLatency || 0;

/** @param {() => AudioContext | null} context */
export function createClock(context) {
  let offset = 0; // seconds of the clip
  let started = 0; // seconds of the context
  let rate = 0; // 0: stopped

  /** @param {number} contextTime */
  const placeAt = (contextTime) => offset + (contextTime - started) * rate;

  return {
    running: () => rate !== 0,
    rate: () => rate,
    /** Time of the clip that is computed now, ahead of the ear. */
    computed: () => (rate === 0 ? offset : placeAt(context()?.currentTime ?? started)),
    /** Time of the clip that is heard now. */
    heard() {
      const now = context();
      if (rate === 0 || !now) return offset;
      return rate > 0
        ? Math.max(offset, placeAt(now.currentTime - latencyOf(now)))
        : placeAt(now.currentTime);
    },
    /** Time of the context at which a time of the clip is computed. @param {number} time */
    contextTime: (time) => started + (time - offset) / rate,
    /** @param {number} time @param {number} speed */
    start(time, speed) {
      offset = time;
      started = (context()?.currentTime ?? 0) + (speed > 0 ? 0.02 : 0);
      rate = speed;
    },
    /** @param {number} time */
    stop(time) {
      offset = time;
      rate = 0;
    },
  };
}

/** @typedef {ReturnType<typeof createClock>} Clock */
