// Numbers of the Python implementation, handed over by tests/studio/test_page.py.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "./parts.mjs";

const path = process.env.STUDIO_NUMBERS;
const numbers = path ? JSON.parse(readFileSync(path, "utf8")) : { decodings: [], timecodes: [] };
const { decode, peaksOf } = await load("core/decode.js");
const { clockOf, timecode } = await load("core/timecode.js");

for (const [n, { curve, settings, onsets }] of numbers.decodings.entries()) {
  test(`curve ${n} at threshold ${settings.threshold} decodes to the same onsets`, () => {
    const found = decode(peaksOf({ ...curve, cuts: [] }), settings);
    assert.equal(found.length, onsets.length);
    for (const [place, [time, confidence]] of onsets.entries()) {
      assert.ok(Math.abs(found[place].time - time) < 1e-9);
      assert.equal(found[place].confidence, confidence);
    }
  });
}

for (const { rate, drop, frames, text } of numbers.timecodes) {
  test(`frame ${frames} at ${rate} is ${text}`, () => {
    const clock = clockOf({ frame_rate: rate, start_timecode: "00:00:00:00", drop_frame: drop });
    assert.equal(timecode(frames, clock), text);
  });
}
