// Filters of frames, sequence headers and metadata: the world `media-filter`.

import host from "weir:filter/frame@0.1.0";
import output from "weir:filter/output@0.1.0";
import { describe, fault, settings, trapping } from "./base.js";
import { metaOf, rawMeta, unitsOf } from "./records.js";

export { IncompatibleState, InvalidConfig, Unsupported, secret } from "./base.js";

/** What becomes of a frame, header or message. */
export const PASS = "pass";
export const DROP = "drop";
/** Goes on with the edits of this call. */
export const EDITED = "edited";
/** The router keeps it until `releaseHeld` or `dropHeld`. */
export const HOLD = "hold";

/** The number of a codec by its four letters: `fourcc("avc1")`. */
export function fourcc(name) {
  return [...name].reduce((number, letter) => number * 256 + letter.charCodeAt(0), 0);
}

export const AVC = fourcc("avc1");
export const HEVC = fourcc("hvc1");
export const AV1 = fourcc("av01");
export const AAC = fourcc("mp4a");
export const OPUS = fourcc("Opus");

/**
 * Frames that fit everything given here; what is left out fits all.
 * `kinds`: "audio", "video", "data"; `codecs`: numbers as of `fourcc`; `unitTypes`: frames with a unit of one of these types.
 */
export function frames({ kinds = [], codecs = [], unitTypes = [], onlyKeyframes = false } = {}) {
  return { kinds, codecs, onlyKeyframes, unitTypes: bits(unitTypes) };
}

function bits(unitTypes) {
  let sum = 0;
  for (const type of new Set(unitTypes)) sum += 2 ** type;
  return sum;
}

/**
 * Frames that any of `interests` fits.
 * `hold`: so many frames at most are held. `tickMs`: `onTick` this often in stream time. `swapAt`: "any-frame", "keyframe", "header".
 */
export function subscribe(interests, { headers = false, metadata = false, swapAt = "any-frame", hold = 0, tickMs = null } = {}) {
  return { frames: interests, headers, metadata, swapAt, maxHoldFrames: hold, tickMs };
}

/** Whether the frame holds a NAL unit or OBU of this type. Numbers here are exact up to type 52. */
export function hasUnit(meta, type) {
  return Math.floor(meta.unitTypes / 2 ** type) % 2 === 1;
}

/** What the router says when it does not take something; `tag` names why, such as "out-of-order". */
export class OutputError extends Error {
  constructor(tag) {
    super(`refused: ${tag}`);
    this.tag = tag;
  }
}

function answered(call) {
  try {
    return call();
  } catch (thrown) {
    // The engine wraps the error of a result in one of its own.
    throw thrown?.payload?.tag ? new OutputError(thrown.payload.tag) : thrown;
  }
}

/**
 * The frame (or sequence header) in hand. It costs nothing unless it is asked.
 * Edits count when the hook answers EDITED or HOLD; with any other answer they are thrown away.
 */
export class Frame {
  /** The NAL units or OBUs, in order, as they came: { offset, size, unitType, reference, temporalId, layerId }. */
  units() {
    return unitsOf(host.units());
  }

  /** Copies `length` bytes from `offset`, clipped to the payload as it came: all of it by default. A Uint8Array. */
  read(offset = 0, length = 0xffffffff) {
    return host.read(offset, length);
  }

  /** Copies one unit. */
  readUnit(unit) {
    return host.read(unit.offset, unit.size);
  }

  /** Removes a unit by its index in `units()`; no byte is copied. A frame without units left is dropped. */
  removeUnit(index) {
    host.removeUnit(index);
  }

  /** Removes every unit of these types without a list of units; how many there were. A frame without units left is dropped. */
  removeUnits(types) {
    return host.removeUnits(bits(types));
  }

  /** The indices in `units()` of those of these types among the first 64, rising, mostly without a list of units. As the frame came. */
  unitsOf(types) {
    const wanted = new Set(types);
    const found = [];
    let left = host.unitsOf(bits(wanted));
    if (left < 0 || left > Number.MAX_SAFE_INTEGER) {
      // There is a unit behind the 53rd: the engine's number has a sign and is not exact any more, so the list has to say it.
      const units = this.units().slice(0, 64);
      units.forEach((unit, index) => wanted.has(unit.unitType) && found.push(index));
      return found;
    }
    for (let index = 0; left > 0; index++) {
      if (left % 2) found.push(index);
      left = Math.floor(left / 2);
    }
    return found;
  }

  /** Puts another unit, without length prefix, in the place of one. */
  replaceUnit(index, data) {
    host.replaceUnit(index, data);
  }

  /** Puts a unit before the one with this index; at the end when the index equals the number of units. */
  insertUnit(before, data) {
    host.insertUnit(before, data);
  }

  /** Puts another payload (in `onHeader`: another record) in place of the whole. */
  replace(payload) {
    host.replace(payload);
  }

  /** Changes the times, in microseconds. A `dts` before the track's last one is raised to it. */
  retime(dts, pts) {
    host.retime(dts, pts);
  }

  /** A reference to the payload as it came, which outlives the call; no byte is copied. */
  retain() {
    return host.retain();
  }
}

/** A payload of the filter's own, from bytes. */
export function packet(data) {
  return new output.Packet(data);
}

/**
 * Lets a packet go, which is not used afterwards. One that nobody refers to goes too, but only when the engine collects garbage: who
 * retains many closes them.
 */
export function close(packet) {
  packet[Symbol.dispose]();
}

/** A frame of the filter's own, before the one in hand. Throws OutputError. */
export function emitBefore(meta, packet) {
  answered(() => output.emitBefore(rawMeta(meta), packet));
}

/** A frame of the filter's own, behind the one in hand. Throws OutputError. */
export function emitAfter(meta, packet) {
  answered(() => output.emitAfter(rawMeta(meta), packet));
}

/** Lets the oldest `count` held frames go on, in order, before the frame in hand. */
export function releaseHeld(count) {
  output.releaseHeld(count);
}

/** Throws the oldest `count` held frames away. */
export function dropHeld(count) {
  output.dropHeld(count);
}

/** In `onMetadata`, with EDITED: what goes on in place of the message in hand. Elsewhere: a message of the filter's own. */
export function setMetadata(metadata) {
  answered(() => output.setMetadata(metadata));
}

/**
 * A track beside those of the publisher, by grant `tracks`, and its sequence header if it has one; again, with the id that it got, for a
 * header that changes. Returns the id: that of `info` if it is no track of the publisher's, otherwise the next free one, never 0. Its
 * frames are emitted like any other. Throws OutputError.
 */
export function addTrack(info, header = null) {
  return answered(() => output.addTrack(info, header));
}

/**
 * A stream of the filter's own beside the one in hand, by grant `derive`. It is called as its parent with the suffix behind it, and ends
 * with `close` and with its parent; a new generation that opens the same suffix goes on with the same stream. What is refused throws
 * OutputError.
 */
export class Derived {
  #host;

  /** `suffix`: 1 to 64 letters, digits, `-`, `_` and `.`; `tags`, an object, stand in the router's log. */
  constructor(suffix, tags = {}) {
    this.#host = new output.Derived(suffix, Object.entries(tags));
  }

  /**
   * Asks for the name and gives it, { app, name }. It is published when the hook has returned: if the name is in use then, what is called
   * afterwards throws "name-taken", and `open` may try again. Open is open: the same again.
   */
  open() {
    return answered(() => this.#host.open());
  }

  /** How much of the budget for emitted bytes is used up: "low", "high" or "full"; "full" for what is not open. */
  pressure() {
    return this.#host.pressure();
  }

  /** A track with the id of `info`, and its sequence header if it has one; again for a header that changes. */
  addTrack(info, header = null) {
    return answered(() => this.#host.addTrack(info, header));
  }

  /** A frame of one of its tracks; a packet that was retained is shared, not copied. The times are the parent's. */
  push(meta, packet) {
    answered(() => this.#host.push(rawMeta(meta), packet));
  }

  /** A data message; `onMetaData` is kept for players that join. */
  setMetadata(metadata) {
    answered(() => this.#host.setMetadata(metadata));
  }

  /** Ends the stream; it is not used afterwards. */
  close() {
    close(this.#host);
  }
}

/** Values of a metadata message. */
export const value = {
  number: (val) => ({ tag: "number", val }),
  bool: (val) => ({ tag: "bool", val }),
  text: (val) => ({ tag: "text", val }),
  /** Milliseconds since 1970-01-01 UTC. */
  date: (val) => ({ tag: "date", val }),
  null: () => ({ tag: "null" }),
};

/**
 * A filter of frames, sequence headers and metadata: one object per stream.
 *
 * One hook of a stream at a time, frames in the order they came. An exception becomes a line in the log with its place and costs the
 * stream its filter until the next key frame; the frame in hand is then treated by the operator's `on_failure`.
 */
export class MediaFilter {
  /** What the filter says of itself: { name, version, summary, configSchema?, stateSchema? }. */
  static description = { name: "unnamed", version: "0.0.0", summary: "" };

  /** Reads the operator's settings, once per instance. Throw InvalidConfig to keep the filter from being loaded. */
  static configure(settings) {}

  /** A stream starts, or goes over to this generation (`resume` is then { schema, data }, else null), or restarts after a fault. */
  constructor(stream, resume) {}

  /** What the filter wants to see; asked once. The router calls it for nothing else. */
  subscribe() {
    return subscribe([frames()]);
  }

  /** A sequence header. EDITED with `frame.replace` puts another record in its place. */
  onHeader(track, record, frame) {
    return PASS;
  }

  /** A data message. EDITED with `setMetadata` puts another in its place. */
  onMetadata(metadata) {
    return PASS;
  }

  /** A coded frame that the subscription asked for. */
  onFrame(meta, frame) {
    return PASS;
  }

  /** Every `tickMs` of the subscription. `now` is the stream's time in microseconds. */
  onTick(now) {}

  /** Last call for output: the stream ends or goes over to another generation. */
  flush() {}

  /** State for the next generation, { schema, data }, of the schema that `description` names; null: none. */
  snapshot() {
    return null;
  }

  /** Nothing is called afterwards. */
  end(reason) {}
}

/** What the module of a media filter exports: `export const { lifecycle, media } = exportMedia(MyFilter);` */
export function exportMedia(Filter) {
  const frame = new Frame();
  class StreamFilter {
    static open(info, resume) {
      const it = new StreamFilter();
      it.filter = trapping(() => new Filter(info, resume));
      return it;
    }
    subscribe() {
      return trapping(() => this.filter.subscribe());
    }
    onHeader(track, header) {
      return trapping(() => this.filter.onHeader(track, header, frame));
    }
    onMetadata(metadata) {
      return trapping(() => this.filter.onMetadata(metadata));
    }
    onFrame(meta) {
      // Once for every frame: without a closure of its own.
      try {
        return this.filter.onFrame(metaOf(meta), frame);
      } catch (thrown) {
        throw fault(thrown);
      }
    }
    onTick(now) {
      trapping(() => this.filter.onTick(now));
    }
    flush() {
      trapping(() => this.filter.flush());
    }
    snapshot() {
      return trapping(() => this.filter.snapshot());
    }
    end(reason) {
      trapping(() => this.filter.end(reason));
    }
  }
  return {
    lifecycle: {
      describe: () => trapping(() => describe(Filter.description)),
      configure: () => trapping(() => Filter.configure(settings())),
    },
    media: { StreamFilter },
  };
}
