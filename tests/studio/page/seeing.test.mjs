import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./parts.mjs";

const { heightOf, rowAt, rowsOf } = await load("timeline/layout.js");
const { levelFor, pyramidOf } = await load("timeline/peaks.js");
const { frameStep } = await load("timeline/ruler.js");
const { eventAt, eventsIn } = await load("timeline/hits.js");
const { windowOf } = await load("timeline/minimap.js");
const { curveY, indexAt, probabilityAt } = await load("timeline/curve_row.js");
const { deltaText } = await load("timeline/snaps.js");
const { restText } = await load("panels/progress.js");
const clock = { numerator: 25, denominator: 1, drop: false, start: 0 };
const groups = (n) => Array.from({ length: n }, (_, k) => ({ id: `g${k}` }));

test("rows fill the place they have, and a lane stays tall enough for a finger", () => {
  const rows = rowsOf({ groups: groups(2) }, 500, { film: true, original: true });
  assert.deepEqual(
    rows.map((row) => row.kind),
    ["ruler", "film", "original", "curve", "lane", "lane", "mix"],
  );
  assert.ok(heightOf(rows) <= 500 && heightOf(rows) > 480);
  const many = rowsOf({ groups: groups(30) }, 500, { film: false, original: false });
  assert.ok(Math.min(...many.filter((row) => row.kind === "lane").map((row) => row.height)) >= 24);
  assert.ok(heightOf(many) > 500);
});

test("the ruler stays on top while the lanes scroll under it", () => {
  const rows = rowsOf({ groups: groups(30) }, 500, { film: false, original: false });
  assert.equal(rowAt(rows, 5, 400).kind, "ruler");
  assert.equal(
    rowAt(rows, 300, 400).key,
    rows.find((row) => row.y <= 700 && row.y + row.height > 700).key,
  );
});

test("a peak is seen at every zoom", () => {
  const pairs = new Int8Array(2 * 100_000);
  [pairs[2 * 54_321], pairs[2 * 54_321 + 1]] = [-90, 100];
  const pyramid = pyramidOf(pairs, 0.005);
  for (const level of pyramid) {
    const at = Math.floor((54_321 * 0.005) / level.seconds + 1e-9);
    assert.deepEqual([level.lows[at], level.highs[at]], [-90, 100]);
  }
  assert.ok(levelFor(pyramid, 1).seconds <= 1);
  assert.equal(levelFor(pyramid, 1e-6), pyramid[0]);
});

test("labels of the ruler stay apart from an hour to a frame, then come milliseconds", () => {
  for (let scale = 0.3; scale < 6000; scale *= 1.3) {
    const step = frameStep({ start: 0, scale, width: 1200, duration: 3600 }, clock);
    assert.ok(step === null || (step / 25) * scale >= 92, `${step} at ${scale}`);
  }
  assert.equal(frameStep({ start: 0, scale: 50_000, width: 1200, duration: 3600 }, clock), null);
});

test("the nearest event within reach is hit, in its own lane only", () => {
  const view = { start: 0, scale: 100, width: 1000, duration: 10 };
  const events = [
    [1, "g0"],
    [1.1, "g0"],
    [1, "g1"],
  ].map(([time, group], n) => ({ id: `e${n}`, time, group }));
  const at = (x, group = "g0", reach = 8) => eventAt({ events }, view, { x, group, reach })?.id;
  assert.deepEqual(
    [at(103), at(107), at(120), at(103, "g1"), at(120, "g0", 16)],
    ["e0", "e1", undefined, "e2", "e1"],
  );
  const rows = rowsOf({ groups: groups(2) }, 400, { film: false, original: false });
  const lane = rows.find((row) => row.key === "g1");
  const box = { from: 0.5, to: 2, top: lane.y + 2, bottom: lane.y + 4 };
  assert.deepEqual(eventsIn({ events }, rows, box), ["e2"]);
});

test("the part in sight can be held in the minimap, however small it is", () => {
  const seen = windowOf({ start: 3599.9, scale: 10_000, width: 1000, duration: 3600 }, 800);
  assert.deepEqual(seen, { x: 788, width: 12 });
});

test("heights of the curve and probabilities are each other's way back", () => {
  const row = { kind: "curve", key: "curve", y: 50, height: 100 };
  for (const probability of [0, 0.32, 1]) {
    assert.ok(Math.abs(probabilityAt(row, 20, curveY(row, 20, probability)) - probability) < 1e-12);
  }
  assert.deepEqual(
    [indexAt([1, 2, 3], 0), indexAt([1, 2, 3], 2), indexAt([1, 2, 3], 9)],
    [0, 1, 3],
  );
});

test("a change of time is read in milliseconds and frames, a rest in seconds and minutes", () => {
  assert.equal(deltaText(0.1, clock), "+100 ms · +2.5 fr");
  assert.equal(deltaText(-2, clock), "−2000 ms · −50 fr");
  assert.deepEqual(
    [restText(null), restText(0.4), restText(12.4), restText(200)],
    ["", "almost done", "12 s left", "3 min left"],
  );
});
