/**
 * Where the samples of a PCM wav file lie, and how to read them.
 *
 * @typedef {object} WavLayout
 * @property {number} start  byte of the first sample
 * @property {number} frames
 * @property {number} channels
 * @property {number} rate
 * @property {number} bytes  of one sample
 */

/**
 * @param {ArrayBuffer} head  the first bytes of the file
 * @returns {WavLayout | null} null: no wav file, or one of a kind that is not read
 */
export function wavLayout(head) {
  const view = new DataView(head);
  const name = (/** @type {number} */ at) => String.fromCharCode(...new Uint8Array(head, at, 4));
  if (head.byteLength < 44 || name(0) !== "RIFF" || name(8) !== "WAVE") return null;
  let format = null;
  for (let at = 12; at + 8 <= head.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    if (name(at) === "fmt ") {
      const [channels, rate, bits] = [
        view.getUint16(at + 10, true),
        view.getUint32(at + 12, true),
        view.getUint16(at + 22, true),
      ];
      format = { channels, rate, bytes: bits / 8 };
    } else if (name(at) === "data") {
      if (!format || ![2, 3].includes(format.bytes)) return null;
      return {
        ...format,
        start: at + 8,
        frames: Math.floor(size / (format.bytes * format.channels)),
      };
    }
    at += 8 + size + (size % 2);
  }
  return null;
}

/**
 * The first channel of raw samples, full scale is 1.
 *
 * @param {ArrayBuffer} raw
 * @param {WavLayout} layout
 */
export function samplesOf(raw, { channels, bytes }) {
  const view = new DataView(raw);
  const step = channels * bytes;
  const read =
    bytes === 2
      ? (/** @type {number} */ at) => view.getInt16(at, true) / 2 ** 15
      : (/** @type {number} */ at) =>
          (view.getInt16(at + 1, true) * 256 + view.getUint8(at)) / 2 ** 23;
  return Float32Array.from({ length: Math.floor(raw.byteLength / step) }, (_, n) => read(n * step));
}
