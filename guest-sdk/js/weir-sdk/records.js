// Frames and units as the engine hands them over, and as authors see them.
//
// In the contract that the engine is built with, the records that come with every frame are lists of their fields and flags are a number:
// it makes those in half the time. They have the order of `frame-meta`, `unit-info` and `frame-flags` in `wit/types.wit`.

const FLAGS = ["key", "disposable", "endOfSequence", "fromFilter", "gapBefore", "warmUp", "stereo"];

// Flags by their number, and the number of those objects. There are as many as the router sends, a handful.
const flagsOf = [];
const numberOf = new Map();

function newFlags(number) {
  const flags = {};
  FLAGS.forEach((name, bit) => (flags[name] = (number & (1 << bit)) !== 0));
  // All frames with these flags share them.
  Object.freeze(flags);
  numberOf.set(flags, number);
  return (flagsOf[number] = flags);
}

function rawFlags(flags) {
  return numberOf.get(flags) ?? FLAGS.reduce((sum, name, bit) => (flags[name] ? sum | (1 << bit) : sum), 0);
}

/** The meta of a frame as `onFrame` gets it. */
export function metaOf(raw) {
  return {
    track: raw[0],
    kind: raw[1],
    codec: raw[2],
    flags: flagsOf[raw[3]] ?? newFlags(raw[3]),
    dts: raw[4],
    pts: raw[5],
    size: raw[6],
    unitTypes: raw[7],
    seq: raw[8],
    gop: raw[9],
  };
}

/** The same for the router, which ignores what stands behind the times. */
export function rawMeta({ track, kind, codec, flags = {}, dts, pts }) {
  return [track, kind, codec, rawFlags(flags), dts, pts, 0, 0, 0, 0];
}

/** The units of a frame as `frame.units()` gives them. The router's are three words each: in the last are the four bytes behind `size`. */
export function unitsOf(raw) {
  for (let i = 0; i < raw.length; i++) {
    const unit = raw[i];
    const rest = unit[2];
    raw[i] = {
      offset: unit[0],
      size: unit[1],
      unitType: rest & 255,
      reference: (rest & 256) !== 0,
      temporalId: (rest >> 16) & 255,
      layerId: rest >>> 24,
    };
  }
  return raw;
}
