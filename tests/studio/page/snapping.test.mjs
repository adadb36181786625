import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./parts.mjs";

const { snap, snapDelta } = await load("core/snapping.js");
const around = (more = {}) => ({
  enabled: true,
  bypass: false,
  tolerance: 0.05,
  targets: { peak: true, playhead: true, event: true, cut: true, frame: true },
  clock: { numerator: 25, denominator: 1, drop: false, start: 0 },
  peaks: [],
  playhead: null,
  events: [],
  cuts: [],
  ...more,
});

test("the nearest target within the tolerance wins, and is named", () => {
  const scene = around({ peaks: [1.03], events: [1.06], cuts: [0.96], playhead: 1.1 });
  assert.deepEqual(snap(1.02, scene), { time: 1.03, target: "peak" });
  assert.deepEqual(snap(1.055, scene), { time: 1.06, target: "event" });
  assert.deepEqual(snap(0.97, scene), { time: 0.96, target: "cut" });
  assert.deepEqual(snap(1.09, scene), { time: 1.1, target: "playhead" });
});

test("the frame grid counts only where nothing else is near", () => {
  assert.deepEqual(snap(1.01, around()), { time: 1, target: "frame" });
  assert.deepEqual(snap(1.001, around({ peaks: [1.045] })), { time: 1.045, target: "peak" });
});

test("frames of 30000/1001 are fractions, an hour in too", () => {
  const clock = { numerator: 30000, denominator: 1001, drop: false, start: 0 };
  const frame = 107892;
  const { time } = snap((frame * 1001) / 30000 + 0.004, around({ clock }));
  assert.equal(time, (frame * 1001) / 30000);
});

test("nothing snaps when it is off, bypassed, out of reach or switched off by kind", () => {
  const free = { time: 1.02, target: null };
  const peaks = [1.03];
  assert.deepEqual(snap(1.02, around({ peaks, enabled: false })), free);
  assert.deepEqual(snap(1.02, around({ peaks, bypass: true })), free);
  assert.deepEqual(snap(1.02, around({ peaks, tolerance: 0.001 })), free);
  const targets = { peak: false, playhead: true, event: true, cut: true, frame: false };
  assert.deepEqual(snap(1.02, around({ peaks, targets })), free);
});

test("of two equally near targets the peak goes first", () => {
  assert.equal(snap(1, around({ peaks: [1.02], events: [0.98] })).target, "peak");
});

test("a group snaps by the event that is held", () => {
  const { delta, target } = snapDelta(2, 0.98, around({ peaks: [3] }));
  assert.equal(target, "peak");
  assert.ok(Math.abs(delta - 1) < 1e-12);
});
