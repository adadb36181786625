import assert from "node:assert/strict";
import { test } from "node:test";
import { detected, load, times } from "./parts.mjs";

const { reduce } = await load("core/state.js");
const run = (state, ...actions) => actions.reduce(reduce, state);
const ids = (state) => state.project.events.map((event) => event.id);
const decode = (threshold, gap = 0.2) => ({ type: "decode", threshold, gap });

test("a lower threshold adds peaks, a higher one takes them away, none changes the rest", async () => {
  const start = await detected();
  const low = run(start, decode(0.2));
  assert.deepEqual(times(low), [1, 2, 3, 5]);
  assert.deepEqual(
    low.project.events.filter((e) => ids(start).includes(e.id)),
    start.project.events,
  );
  assert.deepEqual(times(run(start, decode(0.85))), [1]);
});

test("a smaller gap lets the weaker of two near peaks in", async () => {
  assert.deepEqual(times(run(await detected(), decode(0.5, 0.1))), [1, 2, 5, 5.167]);
});

test("what comes back has its own id, seed and sound again", async () => {
  const start = await detected();
  const takes = Object.fromEntries(ids(start).map((id) => [id, { key: `T${id}` }]));
  const state = run(start, { type: "takes", takes });
  assert.deepEqual(run(state, decode(0.95), decode(0.5)).project.events, state.project.events);
});

test("locked, edited, moved and added events stay at any threshold", async () => {
  const start = await detected();
  const [a, b, c] = ids(start);
  const state = run(
    start,
    { type: "patch", ids: [a], patch: { locked: true } },
    { type: "patch", ids: [b], patch: { label: "mine" } },
    { type: "move", ids: [c], delta: 1 },
    { type: "add", event: { time: 8 } },
    decode(1),
  );
  assert.deepEqual(times(state), [1, 2, 6, 8]);
});

test("peaks that were deleted or moved away from do not come back, unless undone", async () => {
  const start = await detected();
  const [a, b] = ids(start);
  const state = run(start, { type: "remove", ids: [a] }, { type: "move", ids: [b], delta: 0.5 });
  assert.deepEqual(times(run(state, decode(0.2))), [2.5, 3, 5]);
  assert.deepEqual(
    times(run(state, { type: "undo" }, { type: "undo" }, decode(0.2))),
    [1, 2, 3, 5],
  );
});

test("a peak nearer than the gap to an event of the user's is left out", async () => {
  const state = run(await detected(), { type: "add", event: { time: 3.1 } }, decode(0.2));
  assert.deepEqual(times(state), [1, 2, 3.1, 5]);
});

test("settings that change nothing make no step", async () => {
  const start = await detected();
  assert.equal(run(start, decode(0.5)), start);
});

test("dragging the threshold through many values is one step, and none if it returns", async () => {
  const start = await detected();
  const drag = (threshold) => ({ ...decode(threshold), gesture: "threshold 1" });
  const state = run(start, drag(0.4), drag(0.2), drag(0.95), drag(0.25));
  assert.deepEqual(times(state), [1, 2, 3, 5]);
  assert.equal(state.past.length, 1);
});

test("a thousand peaks decode within a frame's time", async () => {
  const bumps = Array.from({ length: 1000 }, (_, n) => [
    0.5 + n * 0.5,
    0.3 + (0.6 * ((n * 7919) % 1000)) / 1000,
  ]);
  const state = await detected({ bumps, duration: 520, threshold: 0.4 });
  const spent = Array.from({ length: 20 }, (_, n) => {
    const before = performance.now();
    run(state, decode(0.3 + n / 50));
    return performance.now() - before;
  });
  assert.ok(Math.min(...spent) < 16); // the best of twenty: the machine may be busy
});

test("review goes from the least certain detection on, and accepted ones leave it", async () => {
  const { doubtful, nextDoubtful, reviewProgress } = await load("core/review.js");
  const start = run(await detected(), decode(0.2));
  const order = doubtful(start.project).map((event) => Number(event.time.toFixed(1)));
  assert.deepEqual(order, [3, 2, 5, 1]);
  const first = nextDoubtful(start.project, undefined);
  const state = run(start, { type: "patch", ids: [first.id], patch: { locked: true } });
  assert.equal(nextDoubtful(state.project, first.id).time.toFixed(1), "2.0");
  assert.deepEqual(reviewProgress(state.project), { left: 3, total: 4 });
});
