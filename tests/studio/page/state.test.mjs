import assert from "node:assert/strict";
import { test } from "node:test";
import { detected, load, times } from "./parts.mjs";

const { initial, reduce } = await load("core/state.js");
const ids = (state) => state.project.events.map((event) => event.id);
const frozen = (value) => {
  if (value && typeof value === "object" && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
};
const run = (state, ...actions) =>
  actions.reduce((now, action) => frozen(reduce(now, action)), frozen(state));

test("a first curve fills a project with its peaks, and is no step to undo", async () => {
  const state = await detected();
  assert.deepEqual(times(state), [1, 2, 5]);
  assert.equal(state.past.length, 0);
});

const EDITS = {
  add: (s) => ({ type: "add", event: { time: 4 } }),
  move: (s) => ({ type: "move", ids: ids(s), delta: 0.1 }),
  ripple: (s) => ({ type: "ripple", id: ids(s)[1], delta: 0.1 }),
  remove: (s) => ({ type: "remove", ids: [ids(s)[0]] }),
  patch: (s) => ({ type: "patch", ids: ids(s), patch: { label: "wood", mute: true } }),
  gain: (s) => ({ type: "gain", ids: ids(s), decibels: -6 }),
  strength: (s) => ({ type: "patch", ids: ids(s), patch: { strength: 0.5 } }),
  paste: (s) => ({ type: "paste", events: s.project.events, time: 6 }),
  turnTake: (s) => ({ type: "turnTake", ids: ids(s), step: 1 }),
  chooseTakes: (s) => ({ type: "chooseTakes", keys: { [ids(s)[0]]: "A" } }),
  place: (s) => ({ type: "place", times: { [ids(s)[0]]: 1.5, [ids(s)[2]]: 4 } }),
  humanise: (s) => ({
    type: "humanise",
    ids: ids(s),
    milliseconds: 20,
    decibels: 3,
    seeds: true,
    seed: 1,
  }),
  addGroup: (s) => ({ type: "addGroup", group: { name: "metal" }, ids: [ids(s)[0]] }),
  patchGroup: () => ({ type: "patchGroup", id: "g1", patch: { mute: true } }),
  removeGroup: () => ({ type: "removeGroup", id: "g2" }),
  settings: () => ({ type: "settings", patch: { start_timecode: "01:00:00:00" } }),
  decode: () => ({ type: "decode", threshold: 0.2, gap: 0.1 }),
  import: (s) => ({
    type: "import",
    diff: {
      added: [{ time: 7, label: "x" }],
      moved: [{ id: ids(s)[0], from: 1, to: 1.2 }],
      deleted: [ids(s)[1]],
      changed: [],
    },
  }),
};

for (const [name, action] of Object.entries(EDITS)) {
  test(`${name} is one step; undo takes it back and redo brings it again`, async () => {
    let state = await detected();
    const takes = Object.fromEntries(ids(state).map((id) => [id, { key: "A" }]));
    const more = Object.fromEntries(ids(state).map((id) => [id, { key: "B" }]));
    state = run(state, { type: "takes", takes }, { type: "takes", takes: more });
    state = run(state, { type: "addGroup", group: { name: "second" } });
    const after = run(state, action(state));
    assert.notDeepEqual(after.project, state.project);
    assert.equal(after.past.length, state.past.length + 1);
    const back = run(after, { type: "undo" });
    assert.deepEqual(back.project, state.project);
    assert.deepEqual(run(back, { type: "redo" }).project, after.project);
  });
}

test("the actions of one gesture are one step, counted from where it began", async () => {
  const start = await detected();
  const drag = (delta) => ({ type: "move", ids: [ids(start)[0]], delta, gesture: "drag 1" });
  const state = run(start, drag(0.1), drag(0.3), drag(0.25));
  assert.deepEqual(times(state), [1.25, 2, 5]);
  assert.equal(state.past.length, 1);
  assert.deepEqual(run(state, { type: "undo" }).project, start.project);
  const cancelled = run(state, drag(0));
  assert.deepEqual(cancelled.project, start.project);
  assert.equal(cancelled.past.length, 0);
});

test("events that move together keep their distances and stop at the clip's ends", async () => {
  const start = await detected();
  const left = run(start, { type: "move", ids: ids(start), delta: -3 });
  assert.deepEqual(times(left), [0, 1, 4]);
  const right = run(start, { type: "move", ids: ids(start), delta: 100 });
  assert.deepEqual(times(right), [6, 7, 10]);
  assert.ok(right.project.events[2].time < 10);
});

test("a moved or added event is locked by itself", async () => {
  const start = await detected();
  const state = run(
    start,
    { type: "move", ids: [ids(start)[0]], delta: 0.5 },
    { type: "add", event: { time: 8 } },
  );
  const hand = state.project.events.filter((event) => event.locked).map((event) => event.origin);
  assert.deepEqual(hand.sort(), ["added", "moved"]);
});

test("a prompt of its own makes a take old, and an undone one makes it good again", async () => {
  const start = await detected();
  const [id] = ids(start);
  const state = run(start, { type: "takes", takes: { [id]: { key: "A", seed: 7 } } });
  const other = run(state, { type: "patch", ids: [id], patch: { prompt: "glass" } });
  assert.deepEqual(
    [state, other].map((s) => s.project.events[0].stale),
    [false, true],
  );
  assert.equal(run(other, { type: "undo" }).project.events[0].stale, false);
});

test("a group's prompt makes its takes old, but not those of events with their own", async () => {
  const start = await detected();
  const [first, second] = ids(start);
  const state = run(
    start,
    { type: "patch", ids: [second], patch: { prompt: "glass" } },
    { type: "takes", takes: { [first]: { key: "A" }, [second]: { key: "B" } } },
    { type: "patchGroup", id: "g1", patch: { prompt: "wood" } },
  );
  assert.deepEqual(
    state.project.events.slice(0, 2).map((event) => event.stale),
    [true, false],
  );
});

test("takes that arrive later survive undo", async () => {
  const start = await detected();
  const [id] = ids(start);
  const state = run(
    start,
    { type: "move", ids: [id], delta: 0.5 },
    { type: "takes", takes: { [id]: { key: "A", seed: 7 } } },
  );
  const back = run(state, { type: "undo" }).project.events[0];
  assert.deepEqual([back.take, back.seed], ["A", 7]);
  assert.equal(state.past.length, 1);
});

test("copies have the copied one's sound, and start where they are pasted", async () => {
  const start = await detected();
  const takes = Object.fromEntries(ids(start).map((id) => [id, { key: `T${id}` }]));
  const state = run(start, { type: "takes", takes }, { type: "copy", ids: ids(start).slice(0, 2) });
  const pasted = run(state, { type: "paste", events: state.clipboard, time: 6.5 });
  assert.deepEqual(times(pasted), [1, 2, 5, 6.5, 7.5]);
  assert.deepEqual(pasted.selection.length, 2);
  assert.equal(pasted.project.events[3].take, pasted.project.events[0].take);
  assert.equal(new Set(ids(pasted)).size, 5);
});

test("an import keeps prompts, takes and seeds of events it moves, and makes groups of new labels", async () => {
  const start = await detected();
  const [id, gone] = ids(start);
  const state = run(
    start,
    { type: "takes", takes: { [id]: { key: "A", seed: 7 } } },
    { type: "patch", ids: [id], patch: { prompt: "wood" } },
  );
  const diff = {
    added: [{ time: 7, label: "glass" }],
    moved: [{ id, from: 1, to: 1.5 }],
    deleted: [gone],
    changed: [],
  };
  const { project } = run(state, { type: "import", diff });
  const moved = project.events.find((event) => event.id === id);
  assert.deepEqual([moved.time, moved.prompt, moved.take], [1.5, "wood", "A"]);
  assert.equal(project.groups.at(-1).name, "glass");
  assert.deepEqual(
    project.events.map((event) => event.time),
    [1.5, project.events[1].time, 7],
  );
});

test("humanised events keep their order, stay within the bounds and repeat with the seed", async () => {
  const start = await detected({
    bumps: [
      [1, 0.9],
      [1.3, 0.9],
      [1.6, 0.9],
      [2, 0.9],
    ],
    gap: 0.1,
  });
  const action = {
    type: "humanise",
    ids: ids(start),
    milliseconds: 400,
    decibels: 3,
    seeds: true,
    seed: 5,
  };
  const once = run(start, action);
  assert.deepEqual(ids(once), ids(start));
  assert.deepEqual(run(start, action).project, once.project);
  for (const [n, event] of once.project.events.entries()) {
    assert.ok(Math.abs(event.time - start.project.events[n].time) <= 0.4);
    assert.ok(Math.abs(20 * Math.log10(event.gain)) <= 3 + 1e-9);
  }
});

test("selection: range from the last click, toggle, and what is deleted leaves it", async () => {
  const start = await detected({
    bumps: [
      [1, 0.9],
      [2, 0.9],
      [3, 0.9],
      [4, 0.9],
    ],
  });
  const [a, b, c, d] = ids(start);
  const range = run(
    start,
    { type: "select", ids: [a] },
    { type: "select", ids: [c], mode: "range" },
  );
  assert.deepEqual(range.selection, [a, b, c]);
  const toggled = run(range, { type: "select", ids: [b, d], mode: "toggle" });
  assert.deepEqual(toggled.selection, [a, c, d]);
  assert.deepEqual(run(toggled, { type: "remove", ids: [a] }).selection, [c, d]);
});

test("an empty project has a group to add events to", () => {
  const state = run(initial({ duration: 5 }), { type: "add", event: { time: 9 } });
  assert.ok(state.project.events[0].time < 5);
  assert.equal(state.project.events[0].group, state.project.groups[0].id);
});
