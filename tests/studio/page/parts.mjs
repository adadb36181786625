// The page's modules, and small projects to test them with.
export const PAGE = new URL("../../../src/syncfusion/studio/page/", import.meta.url);
export const load = (name) => import(new URL(name, PAGE));

/** A curve at 30 frames a second: bumps at the given times and heights over a low floor. */
export function curveOf(bumps, { duration = 10, fps = 30 } = {}) {
  const times = Array.from({ length: Math.round(duration * fps) }, (_, frame) => frame / fps);
  const probabilities = times.map(() => 0.001);
  for (const [at, height] of bumps) {
    for (let frame = Math.floor((at - 0.2) * fps); frame <= (at + 0.2) * fps; frame += 1) {
      const value = height * Math.exp(-(((times[frame] - at) * 25) ** 2));
      probabilities[frame] = Math.max(probabilities[frame], value);
    }
  }
  return { times, probabilities, cuts: [] };
}

export const BUMPS = [
  [1, 0.9],
  [2, 0.6],
  [3, 0.3],
  [5, 0.8],
  [155 / 30, 0.55],
];

/** A state with one event per bump at or over the threshold. */
export async function detected({ bumps = BUMPS, threshold = 0.5, gap = 0.2, duration = 10 } = {}) {
  const { initial, reduce } = await load("core/state.js");
  const start = initial({ duration, threshold, minimum_gap: gap, frame_rate: [30, 1] });
  return reduce(start, { type: "curve", curve: curveOf(bumps, { duration }) });
}

export const times = (state) => state.project.events.map((event) => Number(event.time.toFixed(3)));
