import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./parts.mjs";

const { createClock } = await load("audio/clock.js");
const { correction } = await load("audio/picture.js");
const { nextSpeed, shuttled } = await load("audio/shuttle.js");
const { decibels, levelText, linear, loudest, matched } = await load("audio/level.js");
const { samplesOf, wavLayout } = await load("audio/wav.js");
const { gainOf, noteOf } = await load("audio/pads.js");
const near = (a, b, tolerance = 1e-9) => assert.ok(Math.abs(a - b) < tolerance, `${a} is not ${b}`);

test("what is heard lags what is computed by the sound card's latency", () => {
  const context = { currentTime: 10, outputLatency: 0.05 };
  const clock = createClock(() => context);
  clock.start(2, 1);
  context.currentTime += 1.02;
  near(clock.computed(), 3);
  near(clock.heard(), 2.95);
});

test("at half speed a second of the card is half a second of the clip, latency too", () => {
  const context = { currentTime: 0, outputLatency: 0.1 };
  const clock = createClock(() => context);
  clock.start(4, 0.5);
  context.currentTime = 2.02;
  near(clock.computed(), 5);
  near(clock.heard(), 4.95);
  near(clock.contextTime(5), 2.02);
});

test("the clock runs backwards, and stands where it is stopped", () => {
  const context = { currentTime: 0 };
  const clock = createClock(() => context);
  clock.start(4, -2);
  context.currentTime = 1;
  near(clock.heard(), 2);
  clock.stop(2);
  context.currentTime = 9;
  near(clock.heard(), 2);
});

test("the picture is left alone within a frame, pulled within four, and jumps beyond", () => {
  const frame = 0.04;
  assert.equal(correction(0.03, frame, 1), 1);
  near(correction(0.08, frame, 1), 0.98);
  near(correction(-0.08, frame, 0.5), 0.51);
  assert.equal(correction(0.2, frame, 1), null);
});

test("each press of J or L doubles the speed, the other way begins at one, K makes it slow", () => {
  const presses = (direction, times) =>
    Array.from({ length: times }).reduce((rate) => shuttled(rate, direction, false), 0);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((n) => presses(1, n)),
    [1, 2, 4, 8, 8],
  );
  assert.equal(shuttled(4, -1, false), -1);
  assert.equal(shuttled(0, -1, true), -0.25);
  assert.deepEqual(
    [nextSpeed(1, -1), nextSpeed(0.5, -1), nextSpeed(0.25, -1), nextSpeed(0.5, 1)],
    [0.5, 0.25, 0.25, 1],
  );
});

test("levels in decibels and back", () => {
  near(decibels(2), 6.0206, 1e-4);
  near(linear(decibels(0.3)), 0.3);
  assert.deepEqual(
    [levelText(1), levelText(2), levelText(0.5), levelText(0)],
    ["0.0 dB", "+6.0 dB", "−6.0 dB", "−∞ dB"],
  );
});

test("takes are matched by their loudest part, silence by nothing, within 12 dB", () => {
  const hit = Float32Array.from({ length: 4800 }, (_, n) => (n < 2400 ? 0 : 0.5));
  near(loudest(hit, 48000), 0.5);
  near(matched(0.5, 0.25), 0.5);
  assert.deepEqual([matched(0, 1), matched(0.001, 1), matched(1, 0.001)], [1, 4, 0.25]);
});

/** A wav file of given samples, with a chunk before the data. */
function wav(bytes, channels, values) {
  const size = values.length * bytes;
  const view = new DataView(new ArrayBuffer(54 + size));
  const words = (at, text) => [...text].forEach((c, n) => view.setUint8(at + n, c.charCodeAt(0)));
  (words(0, "RIFF"), words(8, "WAVEfmt "));
  (view.setUint32(16, 16, true), view.setUint16(20, 1, true), view.setUint16(22, channels, true));
  (view.setUint32(24, 48000, true), view.setUint16(34, 8 * bytes, true));
  (words(36, "odd "), view.setUint32(40, 1, true), words(46, "data"));
  view.setUint32(50, size, true);
  values.forEach((value, n) => {
    if (bytes === 2) view.setInt16(54 + 2 * n, value, true);
    else (view.setUint8(54 + 3 * n, value & 255), view.setInt16(55 + 3 * n, value >> 8, true));
  });
  return view.buffer;
}

test("wav files of 16 and 24 bit are read, past other chunks, by their first channel", () => {
  for (const [bytes, full] of [
    [2, 2 ** 15],
    [3, 2 ** 23],
  ]) {
    const file = wav(bytes, 2, [full / 2, 7, -full, 7]);
    const layout = wavLayout(file);
    assert.deepEqual([layout.start, layout.frames, layout.rate], [54, 2, 48000]);
    assert.deepEqual([...samplesOf(file.slice(layout.start), layout)], [0.5, -1]);
  }
  assert.equal(wavLayout(new ArrayBuffer(60)), null);
});

test("a pad's notes are taps whose velocity is their gain; releases are none", () => {
  assert.deepEqual(noteOf([0x99, 36, 100]), { note: 36, velocity: 100 });
  assert.equal(noteOf([0x99, 36, 0]), null);
  assert.equal(noteOf([0x89, 36, 64]), null);
  assert.equal(gainOf(50), 0.5);
});
