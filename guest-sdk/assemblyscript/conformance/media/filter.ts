// Does what its setting `do` names: the media filter of the conformance suite in `tests/languages`.

import * as clock from "../../weir-sdk/clock";
import * as entropy from "../../weir-sdk/entropy";
import * as kv from "../../weir-sdk/kv";
import * as log from "../../weir-sdk/log";
import {
  AVC, Answer, Attribute, Derived, Description, EndReason, Fault, Field, Frame, FrameMeta, Interest, MediaFilter, MediaKind,
  Metadata, Packet, Pressure, SavedState, Settings, StreamInfo, Subscription, TrackInfo, Value, Verdict, ViewerInfo, addTrack, dropHeld,
  emitAfter, emitBefore, exportMedia, fail, refuse, releaseHeld, secret, setMetadata,
} from "../../weir-sdk/media";
import * as metrics from "../../weir-sdk/metrics";

const KNOWN = (
  "pass drop interest remove-unit remove-units units-of insert-unit replace-unit replace edit-then-pass hold drop-held emit delay retime header header-fault " +
  "metadata metadata-drop tick count say report refused kv entropy derive add-track trap unsupported"
).split(" ");
const BUCKET = "conformance";
const SEI: u8 = 6;

// Functions are no closures: what `configure` reads stands here.
let deed = "";
let text = "";

/** Fields are names and values in turn. */
function say(name: string, fields: Array<string>): void {
  const message = new Metadata(name);
  for (let i = 0; i < fields.length; i += 2) message.fields.push(new Field(fields[i], Value.ofText(fields[i + 1])));
  assert(setMetadata(message) == Answer.Ok);
}

function pairs(attributes: Array<Attribute>): string {
  const parts = new Array<string>();
  for (let i = 0; i < attributes.length; i++) parts.push(attributes[i].name + "=" + attributes[i].value);
  return parts.join(",");
}

function viewer(v: ViewerInfo | null): string {
  if (v === null) return "none";
  return `${v.id} ${v.conn.peerIp} ${v.key.path} ${pairs(v.key.query)} ${pairs(v.tags)}`;
}

function kind(k: MediaKind): string {
  return k == MediaKind.Audio ? "audio" : k == MediaKind.Video ? "video" : "data";
}

function tag(answer: Answer): string {
  switch (answer) {
    case Answer.Ok: return "ok";
    case Answer.Denied: return "denied";
    case Answer.NoSuchTrack: return "no-such-track";
    case Answer.NameTaken: return "name-taken";
    case Answer.Full: return "full";
    case Answer.OutOfOrder: return "out-of-order";
    default: return "closed";
  }
}

function kvTag(answer: kv.Answer): string {
  switch (answer) {
    case kv.Answer.Ok: return "ok";
    case kv.Answer.Denied: return "denied";
    case kv.Answer.Conflict: return "conflict";
    default: return "other";
  }
}

function bytes(ascii: string): Uint8Array {
  return Uint8Array.wrap(String.UTF8.encode(ascii));
}

function utf8(data: Uint8Array): string {
  return String.UTF8.decodeUnsafe(data.dataStart, data.length);
}

function behind(payload: Uint8Array, byte: u8): Uint8Array {
  const longer = new Uint8Array(payload.length + 1);
  longer.set(payload);
  longer[payload.length] = byte;
  return longer;
}

function pair(a: u8, b: u8): Uint8Array {
  const both = new Uint8Array(2);
  both[0] = a;
  both[1] = b;
  return both;
}

function useKv(): void {
  const first = kv.set(BUCKET, "k", bytes("one"));
  assert(first.ok);
  const got = kv.get(BUCKET, "k").item!;
  assert(kv.compareAndSet(BUCKET, "k", got, bytes("two"), 60_000).ok);
  const conflict = kv.compareAndSet(BUCKET, "k", null, bytes("three"));
  const two = kv.get(BUCKET, "k").item!;
  const sum = kv.add(BUCKET, "n", 5).sum + kv.add(BUCKET, "n", -2).sum;
  assert(kv.remove(BUCKET, "k").ok);
  const gone = kv.get(BUCKET, "k");
  const other = kv.get("other", "k");
  say("onKv", [
    "got", utf8(got.value), "same", (got.version == first.version).toString(), "two", utf8(two.value), "conflict", kvTag(conflict.answer),
    "sum", sum.toString(), "gone", (gone.ok && gone.item === null).toString(), "other", kvTag(other.answer),
  ]);
}

class Conformance extends MediaFilter {
  seen: u64 = 0;
  held: u32 = 0;
  was: FrameMeta | null = null;
  kept: Packet | null = null;
  derived: Derived | null = null;
  added: u16 = 0;

  constructor(private stream: StreamInfo) {
    super();
  }

  subscribe(): Subscription {
    const wanted = new Interest();
    if (deed == "interest") {
      wanted.kinds = [MediaKind.Video];
      wanted.codecs = [AVC];
      wanted.unitTypes = [5];
      wanted.onlyKeyframes = true;
    }
    const subscription = new Subscription([wanted]);
    subscription.headers = true;
    subscription.metadata = true;
    if (deed == "hold" || deed == "drop-held") subscription.maxHoldFrames = 3;
    if (deed == "tick") subscription.tickMs = 100;
    return subscription;
  }

  onHeader(track: TrackInfo, record: Uint8Array, frame: Frame): Verdict {
    if (deed == "header") {
      frame.replace(behind(record, 0xaa));
      return Verdict.Edited;
    }
    if (deed == "header-fault") return fail(Fault.unsupported("told to fail"));
    if (deed == "report") {
      const video = track.video;
      const audio = track.audio;
      say("onHeader", [
        "track", track.id.toString(), "kind", kind(track.kind), "codec", track.codec.toString(),
        "width", video !== null ? video.width.toString() : "0", "unit_length", video !== null ? video.unitLengthBytes.toString() : "0",
        "rate", audio !== null ? audio.sampleRate.toString() : "0", "channels", audio !== null ? audio.channels.toString() : "0",
        "bytes", record.length.toString(),
      ]);
    }
    if (deed == "derive" && track.kind == MediaKind.Audio) {
      const derived = new Derived("_copy", [new Attribute("of", text)]);
      assert(derived.open() == Answer.Ok);
      assert(derived.addTrack(track, frame.retain()) == Answer.Ok);
      const name = new Metadata("onMetaData");
      name.set("name", Value.ofText(derived.key!.path));
      assert(derived.setMetadata(name) == Answer.Ok);
      this.derived = derived;
    }
    if (deed == "add-track" && track.kind == MediaKind.Audio) {
      track.id = 0;
      assert(addTrack(track, frame.retain()) == Answer.Ok);
      this.added = track.id;
    }
    return Verdict.Pass;
  }

  onMetadata(metadata: Metadata): Verdict {
    if (deed == "metadata") {
      metadata.set("added", Value.ofText(text));
      assert(setMetadata(metadata) == Answer.Ok);
      return Verdict.Edited;
    }
    if (deed == "metadata-drop") return Verdict.Drop;
    if (deed == "kv") {
      useKv();
      return Verdict.Edited;
    }
    if (deed == "entropy") {
      const one = entropy.fill(16);
      const two = entropy.fill(16);
      say("onEntropy", ["bytes", one.length.toString(), "differ", (one.toString() != two.toString()).toString()]);
      return Verdict.Edited;
    }
    return Verdict.Pass;
  }

  onFrame(meta: FrameMeta, frame: Frame): Verdict {
    const video = meta.kind == MediaKind.Video;
    if (!meta.isWarmUp) this.seen++;
    if (deed == "drop") return video && !meta.isKey ? Verdict.Drop : Verdict.Pass;
    if (deed == "interest") return Verdict.Drop;
    if (deed == "remove-units") return frame.removeUnits([SEI]) > 0 ? Verdict.Edited : Verdict.Pass;
    if (deed == "units-of") {
      const found = frame.unitsOf([SEI]);
      for (let i = 0; i < found.length; i++) frame.removeUnit(found[i]);
      return found.length > 0 ? Verdict.Edited : Verdict.Pass;
    }
    if (deed == "remove-unit" || deed == "replace-unit") {
      const units = frame.units();
      let verdict = Verdict.Pass;
      for (let i = 0; i < units.length; i++) {
        if (units[i].unitType != SEI) continue;
        verdict = Verdict.Edited;
        if (deed == "replace-unit") {
          frame.replaceUnit(i, pair(6, 0x77));
          break;
        }
        frame.removeUnit(i);
      }
      return verdict;
    }
    if (deed == "insert-unit" && video) {
      frame.insertUnit(0, pair(6, 0x55));
      frame.insertUnit(frame.units().length, pair(6, 0x66));
      return Verdict.Edited;
    }
    if (deed == "replace" || deed == "edit-then-pass") {
      frame.replace(behind(frame.read(), 0x21));
      return deed == "replace" ? Verdict.Edited : Verdict.Pass;
    }
    if ((deed == "hold" || deed == "drop-held") && video) {
      if (this.held == 3) {
        if (deed == "drop-held") dropHeld(2);
        releaseHeld(3);
        this.held = 0;
      }
      this.held++;
      return Verdict.Hold;
    }
    if (deed == "emit") {
      const own = Packet.from(bytes("before"));
      const kept = frame.retain();
      assert(emitBefore(meta, own) == Answer.Ok);
      assert(emitAfter(meta, kept) == Answer.Ok);
      own.close();
      kept.close();
    }
    if (deed == "delay" && video) {
      // The payload of the frame before goes on at the time of this one.
      const was = this.was;
      const kept = this.kept;
      if (was !== null && kept !== null) {
        was.dts = meta.dts;
        was.pts = meta.pts;
        assert(emitBefore(was, kept) == Answer.Ok);
        kept.close();
      }
      this.was = meta.copy();
      this.kept = frame.retain();
      return Verdict.Drop;
    }
    if (deed == "retime") {
      frame.retime(meta.dts + 5000, meta.pts + 7000);
      return Verdict.Edited;
    }
    if (deed == "count" && meta.isKey) {
      const count = new Metadata("onCount");
      count.set("frames", Value.ofNumber(<f64>this.seen));
      assert(setMetadata(count) == Answer.Ok);
    }
    if (deed == "say" && this.seen == 1) {
      log.info("said", ["a", "1", "text", text]);
      metrics.add("seen", 2);
      metrics.set("level", 1.5);
      metrics.observe("sizes", 10);
    }
    if (deed == "report") this.report(meta, frame);
    if (deed == "refused" && this.seen == 2) this.refused(meta, frame);
    const derived = this.derived;
    if (!video && derived !== null) assert(derived.push(meta, frame.retain()) == Answer.Ok);
    if (!video && this.added) {
      const own = meta.copy();
      own.track = this.added;
      assert(emitAfter(own, frame.retain()) == Answer.Ok);
    }
    if (deed == "trap" && this.stream.attempt == 0 && this.seen == 3) throw new Error("told to trap");
    return Verdict.Pass;
  }

  private refused(meta: FrameMeta, frame: Frame): void {
    const packet = frame.retain();
    const early = meta.copy();
    early.dts--;
    early.pts--;
    const late = emitAfter(early, packet);
    const elsewhere = meta.copy();
    elsewhere.track = 300;
    const missing = emitAfter(elsewhere, packet);
    const derived = new Derived("_copy");
    const closed = derived.push(meta, packet);
    const pressure = derived.pressure();
    say("onRefused", [
      "late", tag(late), "missing", tag(missing), "derive", tag(derived.open()), "closed", tag(closed),
      "pressure", pressure == Pressure.Low ? "low" : pressure == Pressure.High ? "high" : "full",
    ]);
  }

  private report(meta: FrameMeta, frame: Frame): void {
    if (this.seen == 1) {
      const s = this.stream;
      const started = clock.monotonicNs();
      const key = secret("key");
      say("onStream", [
        "stream", s.key.path, "query", pairs(s.key.query), "ip", s.publisher.peerIp, "agent", s.publisher.agent,
        "tags", pairs(s.tags), "viewer", viewer(s.viewer), "attempt", s.attempt.toString(), "text", text,
        "secret", key !== null ? key : "", "none", (secret("none") === null).toString(), "unix_ms", clock.unixMs().toString(),
        "onward", (clock.monotonicNs() >= started).toString(),
      ]);
    }
    const list = frame.units();
    const units = new Array<string>();
    for (let i = 0; i < list.length; i++) {
      const u = list[i];
      units.push(`${u.unitType}:${u.offset}+${u.size}${u.reference ? "r" : ""}`);
    }
    const own = Packet.from(bytes("packet"));
    say("onFrame", [
      "track", meta.track.toString(), "kind", kind(meta.kind), "codec", meta.codec.toString(), "key", meta.isKey.toString(),
      "dts", meta.dts.toString(), "pts", meta.pts.toString(), "size", meta.size.toString(), "sei", meta.hasUnit(SEI).toString(),
      "seq", meta.seq.toString(), "gop", meta.gop.toString(), "units", units.join(" "), "head", frame.read(0, 4).join("."),
      "packet", `${own.size} ${utf8(own.read(2, 3))} ${utf8(own.read(4, 100))}`,
    ]);
    own.close();
  }

  onTick(now: i64): void {
    const tick = new Metadata("onTick");
    tick.set("now", Value.ofNumber(<f64>now));
    assert(setMetadata(tick) == Answer.Ok);
  }

  flush(): void {
    if (deed == "say") say("onFlush", ["seen", this.seen.toString()]);
  }

  snapshot(): SavedState | null {
    if (deed != "count") return null;
    const data = new Uint8Array(8);
    store<u64>(data.dataStart, bswap(this.seen));
    return new SavedState(1, data);
  }

  end(reason: EndReason): void {
    if (deed == "say") log.info("ended", ["reason", reason == EndReason.SourceEnded ? "source-ended" : "other"]);
  }
}

const description = new Description("conformance", "1.0.0", "Does what its setting names.");
description.stateSchema = 1;

exportMedia(
  description,
  (settings: Settings): Fault | null => {
    settings.only(["do", "text"]);
    deed = settings.text("do", "");
    text = settings.text("text", "");
    if (settings.problem === null && !KNOWN.includes(deed)) {
      return Fault.invalidConfig(`do: "${deed}" is nothing that this filter does`);
    }
    return settings.problem;
  },
  (stream: StreamInfo, resume: SavedState | null): MediaFilter | null => {
    if (deed == "unsupported") return refuse(Fault.unsupported("told not to"));
    const filter = new Conformance(stream);
    if (resume !== null) {
      if (resume.schema != 1) return refuse(Fault.incompatibleState());
      filter.seen = bswap(load<u64>(resume.data.dataStart));
    }
    return filter;
  },
);
