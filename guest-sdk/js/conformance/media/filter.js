// Does what its setting `do` names: the media filter of the conformance suite in `tests/languages`.

import {
  AVC, DROP, Derived, EDITED, HOLD, IncompatibleState, InvalidConfig, MediaFilter, PASS, Unsupported, addTrack, dropHeld, emitAfter,
  emitBefore, exportMedia, frames, hasUnit, packet, releaseHeld, secret, setMetadata, subscribe, value,
} from "../../weir-sdk/media.js";
import * as clock from "../../weir-sdk/clock.js";
import * as entropy from "../../weir-sdk/entropy.js";
import * as kv from "../../weir-sdk/kv.js";
import * as log from "../../weir-sdk/log.js";
import * as metrics from "../../weir-sdk/metrics.js";

const KNOWN = (
  "pass drop interest remove-unit remove-units units-of insert-unit replace-unit replace edit-then-pass hold drop-held emit delay retime header header-fault " +
  "metadata metadata-drop tick count say report refused kv entropy derive add-track trap unsupported"
).split(" ");
const BUCKET = "conformance";
const SEI = 6;

// There is no TextEncoder here; what is said is ASCII.
const bytes = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const text = (bytes) => String.fromCharCode(...bytes);
const pairs = (attributes) => attributes.map(([k, v]) => `${k}=${v}`).join(",");
const path = (key) => `${key.app}/${key.name}`;
const viewer = (v) => (v ? `${v.id} ${v.conn.peerIp} ${path(v.key)} ${pairs(v.key.query)} ${pairs(v.tags)}` : "none");

function say(name, fields) {
  setMetadata({ name, fields: Object.entries(fields).map(([k, v]) => [k, value.text(String(v))]) });
}

function tag(call) {
  try {
    call();
    return "ok";
  } catch (refused) {
    return refused.tag;
  }
}

class Conformance extends MediaFilter {
  static description = { name: "conformance", version: "1.0.0", summary: "Does what its setting names.", stateSchema: 1 };

  static configure(settings) {
    settings.only("do", "text");
    this.do = settings.text("do");
    this.text = settings.text("text", "");
    if (!KNOWN.includes(this.do)) throw new InvalidConfig(`do: "${this.do}" is nothing that this filter does`);
  }

  do = Conformance.do;
  text = Conformance.text;
  seen = 0;
  held = 0;
  kept = null;
  derived = null;
  added = null;

  constructor(stream, resume) {
    super(stream, resume);
    if (this.do === "unsupported") throw new Unsupported("told not to");
    this.stream = stream;
    if (resume) {
      if (resume.schema !== 1) throw new IncompatibleState();
      this.seen = resume.data.reduce((sum, byte) => sum * 256 + byte, 0);
    }
  }

  subscribe() {
    const interest = { kinds: ["video"], codecs: [AVC], unitTypes: [5], onlyKeyframes: true };
    const hold = ["hold", "drop-held"].includes(this.do) ? 3 : 0;
    const tickMs = this.do === "tick" ? 100 : null;
    return subscribe([frames(this.do === "interest" ? interest : {})], { headers: true, metadata: true, hold, tickMs });
  }

  onHeader(track, record, frame) {
    if (this.do === "header") {
      frame.replace(Uint8Array.of(...record, 0xaa));
      return EDITED;
    }
    if (this.do === "header-fault") throw new Unsupported("told to fail");
    if (this.do === "report") {
      say("onHeader", {
        track: track.id,
        kind: track.kind,
        codec: track.codec,
        width: track.video?.width ?? 0,
        unit_length: track.video?.unitLengthBytes ?? 0,
        rate: track.audio?.sampleRate ?? 0,
        channels: track.audio?.channels ?? 0,
        bytes: record.length,
      });
    }
    if (this.do === "derive" && track.kind === "audio") {
      this.derived = new Derived("_copy", { of: this.text });
      const key = this.derived.open();
      this.derived.addTrack(track, frame.retain());
      this.derived.setMetadata({ name: "onMetaData", fields: [["name", value.text(path(key))]] });
    }
    if (this.do === "add-track" && track.kind === "audio") this.added = addTrack({ ...track, id: 0 }, frame.retain());
    return PASS;
  }

  onMetadata(metadata) {
    if (this.do === "metadata") {
      setMetadata({ name: metadata.name, fields: [...metadata.fields, ["added", value.text(this.text)]] });
      return EDITED;
    }
    if (this.do === "metadata-drop") return DROP;
    if (this.do === "kv") {
      const first = kv.set(BUCKET, "k", bytes("one"));
      const got = kv.get(BUCKET, "k");
      kv.compareAndSet(BUCKET, "k", first, bytes("two"), 60_000);
      const conflict = tag(() => kv.compareAndSet(BUCKET, "k", null, bytes("three")));
      const two = text(kv.get(BUCKET, "k").value);
      const sum = kv.add(BUCKET, "n", 5) + kv.add(BUCKET, "n", -2);
      kv.remove(BUCKET, "k");
      const gone = kv.get(BUCKET, "k") === null;
      const other = tag(() => kv.get("other", "k"));
      say("onKv", { got: text(got.value), same: got.version === first, two, conflict, sum, gone, other });
      return EDITED;
    }
    if (this.do === "entropy") {
      const [one, two] = [entropy.fill(16), entropy.fill(16)];
      say("onEntropy", { bytes: one.length, differ: String(one) !== String(two) });
      return EDITED;
    }
    return PASS;
  }

  onFrame(meta, frame) {
    const video = meta.kind === "video";
    if (!meta.flags.warmUp) this.seen++;
    switch (this.do) {
      case "pass":
        return PASS;
      case "drop":
        return video && !meta.flags.key ? DROP : PASS;
      case "interest":
        return DROP;
      case "remove-units":
        return frame.removeUnits([SEI]) ? EDITED : PASS;
      case "units-of": {
        const found = frame.unitsOf([SEI]);
        found.forEach((index) => frame.removeUnit(index));
        return found.length ? EDITED : PASS;
      }
      case "remove-unit":
      case "replace-unit": {
        const found = frame.units().flatMap((unit, index) => (unit.unitType === SEI ? [index] : []));
        if (!found.length) return PASS;
        if (this.do === "replace-unit") frame.replaceUnit(found[0], Uint8Array.of(6, 0x77));
        else found.forEach((index) => frame.removeUnit(index));
        return EDITED;
      }
      case "insert-unit":
        if (!video) return PASS;
        frame.insertUnit(0, Uint8Array.of(6, 0x55));
        frame.insertUnit(frame.units().length, Uint8Array.of(6, 0x66));
        return EDITED;
      case "replace":
      case "edit-then-pass":
        frame.replace(Uint8Array.of(...frame.read(), 0x21));
        return this.do === "replace" ? EDITED : PASS;
      case "hold":
      case "drop-held":
        if (!video) return PASS;
        if (this.held === 3) {
          if (this.do === "drop-held") dropHeld(2);
          releaseHeld(3);
          this.held = 0;
        }
        this.held++;
        return HOLD;
      case "emit":
        emitBefore(meta, packet(bytes("before")));
        emitAfter(meta, frame.retain());
        return PASS;
      case "delay": {
        if (!video) return PASS;
        // The payload of the frame before goes on at the time of this one.
        const before = this.kept;
        if (before) emitBefore({ ...before.meta, dts: meta.dts, pts: meta.pts }, before.packet);
        this.kept = { meta, packet: frame.retain() };
        return DROP;
      }
      case "retime":
        frame.retime(meta.dts + 5000, meta.pts + 7000);
        return EDITED;
      case "count":
        if (meta.flags.key) setMetadata({ name: "onCount", fields: [["frames", value.number(this.seen)]] });
        return PASS;
      case "say":
        if (this.seen === 1) {
          log.info("said", { a: 1, text: this.text });
          metrics.add("seen", 2);
          metrics.set("level", 1.5);
          metrics.observe("sizes", 10);
        }
        return PASS;
      case "report":
        this.report(meta, frame);
        return PASS;
      case "refused":
        if (this.seen === 2) {
          const kept = frame.retain();
          const derived = new Derived("_copy");
          say("onRefused", {
            late: tag(() => emitAfter({ ...meta, dts: meta.dts - 1, pts: meta.pts - 1 }, kept)),
            missing: tag(() => emitAfter({ ...meta, track: 300 }, kept)),
            derive: tag(() => derived.open()),
            closed: tag(() => derived.push(meta, kept)),
            pressure: derived.pressure(),
          });
        }
        return PASS;
      case "derive":
        if (!video) this.derived?.push(meta, frame.retain());
        return PASS;
      case "add-track":
        if (!video && this.added) emitAfter({ ...meta, track: this.added }, frame.retain());
        return PASS;
      case "trap":
        if (this.stream.attempt === 0 && this.seen === 3) throw new Error("told to trap");
        return PASS;
      default:
        return PASS;
    }
  }

  report(meta, frame) {
    if (this.seen === 1) {
      const s = this.stream;
      const started = clock.monotonicNs();
      say("onStream", {
        stream: path(s.key),
        query: pairs(s.key.query),
        ip: s.publisher.peerIp,
        agent: s.publisher.agent,
        tags: pairs(s.tags),
        viewer: viewer(s.viewer),
        attempt: s.attempt,
        text: this.text,
        secret: secret("key"),
        none: secret("none") === null,
        unix_ms: clock.unixMs(),
        onward: clock.monotonicNs() >= started,
      });
    }
    const own = packet(bytes("packet"));
    say("onFrame", {
      track: meta.track,
      kind: meta.kind,
      codec: meta.codec,
      key: meta.flags.key,
      dts: meta.dts,
      pts: meta.pts,
      size: meta.size,
      sei: hasUnit(meta, SEI),
      seq: meta.seq,
      gop: meta.gop,
      units: frame.units().map((u) => `${u.unitType}:${u.offset}+${u.size}${u.reference ? "r" : ""}`).join(" "),
      head: [...frame.read(0, 4)].join("."),
      packet: `${own.size()} ${text(own.read(2, 3))} ${text(own.read(4, 100))}`,
    });
  }

  onTick(now) {
    setMetadata({ name: "onTick", fields: [["now", value.number(now)]] });
  }

  flush() {
    if (this.do === "say") say("onFlush", { seen: this.seen });
  }

  snapshot() {
    if (this.do !== "count") return null;
    const data = new Uint8Array(8);
    for (let i = 7, rest = this.seen; i >= 0; i--, rest = Math.floor(rest / 256)) data[i] = rest % 256;
    return { schema: 1, data };
  }

  end(reason) {
    if (this.do === "say") log.info("ended", { reason });
  }
}

export const { lifecycle, media } = exportMedia(Conformance);
