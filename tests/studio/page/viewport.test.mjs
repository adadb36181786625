import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./parts.mjs";

const {
  FINEST,
  clamped,
  endOf,
  fitted,
  followed,
  resized,
  revealed,
  scrolled,
  timeToX,
  xToTime,
  zoomedAt,
} = await load("core/viewport.js");
const HOUR = clamped({ start: 0, scale: 0, width: 1000, duration: 3600 });

test("an hour fits, and a millisecond can be a hundred pixels wide", () => {
  assert.equal(timeToX(3600, HOUR), 1000);
  let view = HOUR;
  for (let n = 0; n < 100; n += 1) view = zoomedAt(view, 1.5, 500);
  assert.equal(view.scale, FINEST);
  assert.ok(Math.abs(timeToX(view.start + 0.001, view) - 100) < 1e-6);
});

test("the time under the pointer stays there, in and out", () => {
  let view = zoomedAt(HOUR, 50, 700);
  const time = xToTime(300, view);
  for (const factor of [2, 3, 0.5, 1.7]) view = zoomedAt(view, factor, 300);
  assert.ok(Math.abs(xToTime(300, view) - time) < 1e-9);
});

test("the view never leaves the clip", () => {
  const near = fitted(HOUR, 100, 200);
  assert.equal(scrolled(near, -1e9).start, 0);
  assert.ok(Math.abs(endOf(scrolled(near, 1e9)) - 3600) < 1e-9);
  assert.deepEqual(zoomedAt(near, 1e-9, 5), HOUR);
});

test("what is fitted is all in sight", () => {
  const view = fitted(HOUR, 10, 20);
  assert.ok(view.start < 10 && endOf(view) > 20 && endOf(view) - view.start < 11);
});

test("revealing scrolls only to what is out of sight; following turns pages", () => {
  const near = fitted(HOUR, 100, 200);
  assert.equal(revealed(near, 150), near);
  assert.ok(timeToX(1000, revealed(near, 1000)) > 0);
  assert.equal(followed(near, 150), near);
  assert.ok(timeToX(500, followed(near, 500)) < 100);
});

test("a wider window keeps the scale, unless all was in sight", () => {
  assert.equal(resized(HOUR, 2000).scale, 2 * HOUR.scale);
  const near = fitted(HOUR, 100, 200);
  assert.equal(resized(near, 2000).scale, near.scale);
});
