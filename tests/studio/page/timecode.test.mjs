import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./parts.mjs";

const { clockOf, clockTime, frameAt, framesOf, middleOf, parseTime, timecode, timecodeAt, timeOf } =
  await load("core/timecode.js");
const clock = (rate, start = "00:00:00:00", drop = false) =>
  clockOf({ frame_rate: rate, start_timecode: start, drop_frame: drop });

test("every frame of an hour has its timecode, and the way back, drop-frame too", () => {
  for (const [rate, drop] of [
    [[24000, 1001], false],
    [[25, 1], false],
    [[30000, 1001], true],
    [[60000, 1001], true],
  ]) {
    const at = clock(rate, "00:00:00:00", drop);
    for (let frame = 0; frame < 216000; frame += 7)
      assert.equal(framesOf(timecode(frame, at), at), frame);
  }
});

test("drop-frame leaves out two numbers each minute but the tenth", () => {
  const at = clock([30000, 1001], "00:00:00;00", true);
  assert.equal(timecode(1799, at), "00:00:59;29");
  assert.equal(timecode(1800, at), "00:01:00;02");
  assert.equal(timecode(17982, at), "00:10:00;00");
  assert.equal(framesOf("00:01:00;00", at), null);
});

test("a project that starts at one hour counts from there", () => {
  const at = clock([24000, 1001], "01:00:00:00");
  assert.equal(timecodeAt(0, at), "01:00:00:00");
  assert.equal(timecodeAt(1.001, at), "01:00:01:00");
});

test("stepping by frames returns to where it began, however far", () => {
  const at = clock([30000, 1001]);
  for (let frame = 0; frame < 200000; frame += 991)
    assert.equal(frameAt(timeOf(frame, at), at), frame);
  assert.equal(frameAt(middleOf(12345, at), at), 12345);
});

test("a typed time is a timecode, seconds or minutes and seconds", () => {
  const at = clock([25, 1], "01:00:00:00");
  assert.equal(parseTime("01:00:03:12", at), 3.48);
  assert.equal(parseTime(" 3,5 ", at), 3.5);
  assert.equal(parseTime("1:02.25", at), 62.25);
  assert.equal(parseTime("soon", at), null);
  assert.equal(parseTime("01:00:03:25", at), null);
});

test("seconds are read as minutes, with milliseconds", () => {
  assert.equal(clockTime(62.3456), "1:02.346");
  assert.equal(clockTime(-0.5), "−0:00.500");
  assert.equal(clockTime(59.9999), "1:00.000");
});
