// Filters of frames, sequence headers and metadata: the world `media-filter`.

import { Attribute, Reader, Utf8, Writer, allocate } from "./abi";
import { Description, Fault, Settings } from "./base";
import * as host from "./imports";
import { ConnectionInfo, EndReason, StreamKey } from "./peer";

export { Description, Fault, Settings, secret } from "./base";
export { Attribute, ConnectionInfo, EndReason, StreamKey, find } from "./peer";

/** What becomes of a frame, header or message. */
export enum Verdict {
  Pass,
  Drop,
  /** Goes on with the edits of this call. */
  Edited,
  /** The router keeps it, with the edits of this call, until `releaseHeld` or `dropHeld`. */
  Hold,
}

/** Where a stream may go over to a new generation of the filter. */
export enum Boundary {
  AnyFrame,
  Keyframe,
  Header,
}

/** What a frame is made for. */
export enum MediaKind {
  Audio,
  Video,
  Data,
}

/** The number of a codec by its four letters: `fourcc("avc1")`. */
export function fourcc(name: string): u32 {
  let number: u32 = 0;
  for (let i = 0; i < 4; i++) number = (number << 8) | name.charCodeAt(i);
  return number;
}

export const AVC: u32 = 0x61766331;
export const HEVC: u32 = 0x68766331;
export const AV1: u32 = 0x61763031;
export const AAC: u32 = 0x6d703461;
export const OPUS: u32 = 0x4f707573;

/** One kind of frame that a filter asks for: every field must fit, an empty one fits all. */
export class Interest {
  kinds: Array<MediaKind> = [];
  codecs: Array<u32> = [];
  onlyKeyframes: bool = false;
  /** Frames that hold a NAL unit or OBU of one of these types. */
  unitTypes: Array<u8> = [];

  /** Frames of one codec that hold a unit of one of these types. */
  static units(codec: u32, types: Array<u8>): Interest {
    const interest = new Interest();
    interest.codecs = [codec];
    interest.unitTypes = types;
    return interest;
  }

  /** Frames of one kind. */
  static of(kind: MediaKind): Interest {
    const interest = new Interest();
    interest.kinds = [kind];
    return interest;
  }
}

/** What a filter wants to see. */
export class Subscription {
  headers: bool = false;
  metadata: bool = false;
  swapAt: Boundary = Boundary.AnyFrame;
  /** At most this many frames are held; the oldest is released when one more comes. */
  maxHoldFrames: u32 = 0;
  /** `onTick` this often in stream time, at least 10; 0: never. */
  tickMs: u32 = 0;

  /** A frame is shown if any of these fits. Empty: no frames. */
  constructor(public frames: Array<Interest>) {}
}

/** One frame in numbers. Times are in microseconds on the stream's own timeline. Only valid inside the hook. */
export class FrameMeta {
  track: u16 = 0;
  kind: MediaKind = MediaKind.Audio;
  codec: u32 = 0;
  flags: u32 = 0;
  /** Decoding time; never goes back within a track. */
  dts: i64 = 0;
  pts: i64 = 0;
  /** Bytes of the payload. */
  size: u32 = 0;
  /** Bit n is set when the frame holds a NAL unit or OBU of type n. */
  unitTypes: u64 = 0;
  /** Counts the frames of the stream, from 0. */
  seq: u64 = 0;
  /** Counts the key frames of the default video track. */
  gop: u64 = 0;

  /** A decoder can start here. */
  get isKey(): bool {
    return (this.flags & 1) != 0;
  }

  /** No other frame refers to this one. */
  get isDisposable(): bool {
    return (this.flags & 2) != 0;
  }

  /** Shown to a new generation for warm-up only: what it answers is thrown away. */
  get isWarmUp(): bool {
    return (this.flags & 32) != 0;
  }

  /** Audio of two channels, of a codec without sequence header. */
  get isStereo(): bool {
    return (this.flags & 64) != 0;
  }

  /** Whether the frame holds a NAL unit or OBU of this type. */
  hasUnit(unitType: u8): bool {
    return ((this.unitTypes >> unitType) & 1) != 0;
  }

  /** A copy that may be kept. */
  copy(): FrameMeta {
    const meta = new FrameMeta();
    memory.copy(changetype<usize>(meta), changetype<usize>(this), offsetof<FrameMeta>());
    return meta;
  }
}

/** One NAL unit or OBU of the frame in hand. */
export class UnitInfo {
  /** Where it starts in the payload, behind its length prefix. */
  offset: u32 = 0;
  size: u32 = 0;
  /** nal_unit_type or obu_type. */
  unitType: u8 = 0;
  /** Other frames may refer to it. */
  reference: bool = false;
  temporalId: u8 = 0;
  layerId: u8 = 0;
}

/** What a video track's record says; 0 where it says nothing. */
export class VideoParams {
  width: u32 = 0;
  height: u32 = 0;
  profile: u32 = 0;
  level: u32 = 0;
  bitDepth: u8 = 0;
  /** Frames per second as numerator and denominator. */
  frameRateNumerator: u32 = 0;
  frameRateDenominator: u32 = 0;
  /** Bytes of the length before each NAL unit; 0 for codecs without NAL units. */
  unitLengthBytes: u8 = 0;
}

/** What is known of an audio track. */
export class AudioParams {
  sampleRate: u32 = 0;
  channels: u8 = 0;
  bits: u8 = 0;
  objectType: u8 = 0;
}

/** One track of a stream. */
export class TrackInfo {
  id: u16 = 0;
  kind: MediaKind = MediaKind.Audio;
  codec: u32 = 0;
  video: VideoParams | null = null;
  audio: AudioParams | null = null;
  extra: Array<Attribute> = [];

  static read(r: Reader): TrackInfo {
    const t = new TrackInfo();
    t.id = r.u16();
    t.kind = <MediaKind>r.u8();
    t.codec = r.u32();
    const hasVideo = r.u32() as u8;
    let behind = r.at + 32;
    if (hasVideo) {
      const v = new VideoParams();
      v.width = r.u32();
      v.height = r.u32();
      v.profile = r.u32();
      v.level = r.u32();
      v.bitDepth = r.u8();
      v.frameRateNumerator = r.u32();
      v.frameRateDenominator = r.u32();
      v.unitLengthBytes = r.u8();
      t.video = v;
    }
    r.at = behind;
    const hasAudio = r.u32() as u8;
    behind = r.at + 8;
    if (hasAudio) {
      const a = new AudioParams();
      a.sampleRate = r.u32();
      a.channels = r.u8();
      a.bits = r.u8();
      a.objectType = r.u8();
      t.audio = a;
    }
    r.at = behind;
    t.extra = r.pairs();
    return t;
  }

  write(w: Writer): void {
    w.align(4);
    w.u16(this.id);
    w.u8(<u8>this.kind);
    w.u32(this.codec);
    const v = this.video;
    w.u32(v !== null ? 1 : 0);
    let behind = w.at + 32;
    if (v !== null) {
      w.u32(v.width);
      w.u32(v.height);
      w.u32(v.profile);
      w.u32(v.level);
      w.u8(v.bitDepth);
      w.u32(v.frameRateNumerator);
      w.u32(v.frameRateDenominator);
      w.u8(v.unitLengthBytes);
    }
    w.at = behind;
    const a = this.audio;
    w.u32(a !== null ? 1 : 0);
    behind = w.at + 8;
    if (a !== null) {
      w.u32(a.sampleRate);
      w.u8(a.channels);
      w.u8(a.bits);
      w.u8(a.objectType);
    }
    w.at = behind;
    w.pairs(this.extra);
  }
}

/** One who plays a stream. */
export class ViewerInfo {
  static readonly SIZE: usize = 144;

  /** The number of the play; never used twice. */
  id: u64 = 0;
  conn: ConnectionInfo = new ConnectionInfo();
  /** The key as the peer asked for it, before any rename, with its query. */
  key: StreamKey = new StreamKey("", "");
  /** What the session filters left with their `allow` of the connect and of the play. */
  tags: Array<Attribute> = [];

  static read(r: Reader): ViewerInfo {
    r.align(8);
    const v = new ViewerInfo();
    v.id = r.u64();
    v.conn = ConnectionInfo.read(r);
    v.key = StreamKey.read(r);
    v.tags = r.pairs();
    return v;
  }
}

/** The stream that a filter is opened for. */
export class StreamInfo {
  id: u64 = 0;
  /** The public name, after any rename. */
  key: StreamKey = new StreamKey("", "");
  publisher: ConnectionInfo = new ConnectionInfo();
  /** The tracks known so far; more are told by `onHeader`. */
  tracks: Array<TrackInfo> = [];
  /** What the session filters left with their `allow`. */
  tags: Array<Attribute> = [];
  /** For whom, where the operator placed the filter at each viewer (`egress`). */
  viewer: ViewerInfo | null = null;
  /** 0 the first time, then counts restarts after a fault. */
  attempt: u32 = 0;

  static read(r: Reader): StreamInfo {
    r.align(8);
    const s = new StreamInfo();
    s.id = r.u64();
    s.key = StreamKey.read(r);
    s.publisher = ConnectionInfo.read(r);
    const list = new Reader(r.u32());
    const count = r.u32();
    for (let i: u32 = 0; i < count; i++) s.tracks.push(TrackInfo.read(list));
    s.tags = r.pairs();
    const viewed = r.u8();
    r.align(8);
    const behind = r.at + ViewerInfo.SIZE;
    if (viewed) s.viewer = ViewerInfo.read(r);
    r.at = behind;
    s.attempt = r.u32();
    r.align(8);
    return s;
  }
}

/** What one generation hands to the next. */
export class SavedState {
  /** `schema`: the number that the description names. */
  constructor(public schema: u32, public data: Uint8Array) {}
}

export enum ValueKind {
  Number,
  Bool,
  Text,
  Date,
  Null,
}

/** One value of a metadata message. */
export class Value {
  number: f64 = 0;
  flag: bool = false;
  text: string = "";

  private constructor(public kind: ValueKind) {}

  static ofNumber(v: f64): Value {
    const value = new Value(ValueKind.Number);
    value.number = v;
    return value;
  }

  static ofBool(v: bool): Value {
    const value = new Value(ValueKind.Bool);
    value.flag = v;
    return value;
  }

  static ofText(v: string): Value {
    const value = new Value(ValueKind.Text);
    value.text = v;
    return value;
  }

  /** Milliseconds since 1970-01-01 UTC. */
  static ofDate(v: f64): Value {
    const value = new Value(ValueKind.Date);
    value.number = v;
    return value;
  }

  static ofNull(): Value {
    return new Value(ValueKind.Null);
  }

  static read(r: Reader): Value {
    const value = new Value(<ValueKind>r.u8());
    r.align(8);
    const behind = r.at + 8;
    if (value.kind == ValueKind.Bool) value.flag = r.bool();
    else if (value.kind == ValueKind.Text) value.text = r.text();
    else if (value.kind != ValueKind.Null) value.number = r.f64();
    r.at = behind;
    return value;
  }

  write(w: Writer): void {
    w.u8(<u8>this.kind);
    w.align(8);
    const behind = w.at + 8;
    if (this.kind == ValueKind.Bool) w.bool(this.flag);
    else if (this.kind == ValueKind.Text) w.text(this.text);
    else if (this.kind != ValueKind.Null) w.f64(this.number);
    w.at = behind;
  }
}

/** A field of a metadata message. */
export class Field {
  constructor(public path: string, public value: Value) {}
}

/** An `onMetaData` or other data message, flattened to paths with dots: `width`, `trackInfo.0.language`. */
export class Metadata {
  fields: Array<Field> = [];

  constructor(public name: string) {}

  /** The first value of this path; null if there is none. */
  get(path: string): Value | null {
    for (let i = 0; i < this.fields.length; i++) {
      if (this.fields[i].path == path) return this.fields[i].value;
    }
    return null;
  }

  /** Puts a value in place of the first one of this path, or behind the others. */
  set(path: string, value: Value): void {
    for (let i = 0; i < this.fields.length; i++) {
      if (this.fields[i].path == path) {
        this.fields[i].value = value;
        return;
      }
    }
    this.fields.push(new Field(path, value));
  }
}

/** A payload that the router keeps: the filter's own, or a frame's. `close` lets it go. */
export class Packet {
  constructor(public handle: u32) {}

  /** Copies `data` to the router. */
  static from(data: Uint8Array): Packet {
    return new Packet(host.packetNew(data.dataStart, data.length));
  }

  get size(): u32 {
    return host.packetSize(this.handle);
  }

  /** Copies the range, clipped to the payload. */
  read(offset: u32, length: u32): Uint8Array {
    const answer = allocate(8);
    host.packetRead(this.handle, offset, length, answer);
    return new Reader(answer).bytes();
  }

  /** Lets the payload go; the packet is not used afterwards. */
  close(): void {
    host.packetDrop(this.handle);
  }
}

function bitsOf(types: Array<u8>): u64 {
  let bits: u64 = 0;
  for (let i = 0; i < types.length; i++) bits |= (<u64>1) << types[i];
  return bits;
}

/**
 * The frame (or sequence header) in hand. It costs nothing unless it is asked.
 * Edits count when the hook answers Edited or Hold; with any other answer they are thrown away.
 */
export class Frame {
  /** The NAL units or OBUs, in order, as they came; none for other codecs. */
  units(): Array<UnitInfo> {
    const answer = allocate(8);
    host.frameUnits(answer);
    const list = new Reader(load<u32>(answer));
    const count = load<u32>(answer, 4);
    const units = new Array<UnitInfo>();
    for (let i: u32 = 0; i < count; i++) {
      const unit = new UnitInfo();
      unit.offset = list.u32();
      unit.size = list.u32();
      unit.unitType = list.u8();
      unit.reference = list.bool();
      unit.temporalId = list.u8();
      unit.layerId = list.u8();
      units.push(unit);
    }
    return units;
  }

  /** Copies `length` bytes from `offset`, clipped to the payload as it came: all of it by default. */
  read(offset: u32 = 0, length: u32 = u32.MAX_VALUE): Uint8Array {
    const answer = allocate(8);
    host.frameRead(offset, length, answer);
    return new Reader(answer).bytes();
  }

  /** Copies one unit. */
  readUnit(unit: UnitInfo): Uint8Array {
    return this.read(unit.offset, unit.size);
  }

  /** Removes a unit by its index in `units()`; no byte is copied. A frame without units left is dropped. */
  removeUnit(index: u32): void {
    host.frameRemoveUnit(index);
  }

  /** Removes every unit of these types without a list of units; how many there were. A frame without units left is dropped. */
  removeUnits(types: Array<u8>): u32 {
    return host.frameRemoveUnits(bitsOf(types));
  }

  /** The indices in `units()` of those of these types among the first 64, rising, without a list of units. As the frame came. */
  unitsOf(types: Array<u8>): Array<u32> {
    const found = new Array<u32>();
    for (let left = host.frameUnitsOf(bitsOf(types)); left != 0; left &= left - 1) found.push(<u32>ctz(left));
    return found;
  }

  /** Puts another unit, without length prefix, in the place of one. */
  replaceUnit(index: u32, data: Uint8Array): void {
    host.frameReplaceUnit(index, data.dataStart, data.length);
  }

  /** Puts a unit before the one with this index; at the end when the index equals the number of units. */
  insertUnit(before: u32, data: Uint8Array): void {
    host.frameInsertUnit(before, data.dataStart, data.length);
  }

  /** Puts another payload (in `onHeader`: another record) in place of the whole. */
  replace(payload: Uint8Array): void {
    host.frameReplace(payload.dataStart, payload.length);
  }

  /** Changes the times, in microseconds. A `dts` before the track's last one is raised to it. */
  retime(dts: i64, pts: i64): void {
    host.frameRetime(dts, pts);
  }

  /** A reference to the payload as it came, which outlives the call; no byte is copied. */
  retain(): Packet {
    return new Packet(host.frameRetain());
  }
}

/** The router's answer to an emission. */
export enum Answer {
  Ok,
  Denied,
  NoSuchTrack,
  NameTaken,
  /** Over the budget for emitted or retained bytes. */
  Full,
  /** The time goes back within the track. */
  OutOfOrder,
  Closed,
}

function answered(at: usize): Answer {
  return load<u8>(at) ? <Answer>(load<u8>(at, 1) + 1) : Answer.Ok;
}

/** A frame of the filter's own, before the one in hand. */
export function emitBefore(m: FrameMeta, packet: Packet): Answer {
  const at = allocate(2);
  host.outputEmitBefore(
    m.track, m.kind, m.codec, m.flags, m.dts, m.pts, m.size, m.unitTypes, m.seq, m.gop, packet.handle, at,
  );
  return answered(at);
}

/** A frame of the filter's own, behind the one in hand. */
export function emitAfter(m: FrameMeta, packet: Packet): Answer {
  const at = allocate(2);
  host.outputEmitAfter(
    m.track, m.kind, m.codec, m.flags, m.dts, m.pts, m.size, m.unitTypes, m.seq, m.gop, packet.handle, at,
  );
  return answered(at);
}

/** Lets the oldest `count` held frames go on, in order, before the frame in hand. */
export function releaseHeld(count: u32): void {
  host.outputReleaseHeld(count);
}

/** Throws the oldest `count` held frames away. */
export function dropHeld(count: u32): void {
  host.outputDropHeld(count);
}

/** A message's name and fields in memory. */
class Lowered {
  name: Utf8;
  fields: u32;
  count: u32;

  constructor(metadata: Metadata) {
    const list = allocate(8);
    const fields = new Writer(list).list(24, metadata.fields.length);
    for (let i = 0; i < metadata.fields.length; i++) {
      fields.text(metadata.fields[i].path);
      metadata.fields[i].value.write(fields);
    }
    this.name = new Utf8(metadata.name);
    this.fields = load<u32>(list);
    this.count = load<u32>(list, 4);
  }
}

/** In `onMetadata`, with Edited: what goes on in place of the message in hand. Elsewhere: a message of the filter's own. */
export function setMetadata(metadata: Metadata): Answer {
  const m = new Lowered(metadata);
  const at = allocate(2);
  host.outputSetMetadata(m.name.at, m.name.size, m.fields, m.count, at);
  return answered(at);
}

function writeTrack(w: Writer, info: TrackInfo, header: Packet | null): void {
  info.write(w);
  w.u32(header !== null ? 1 : 0);
  w.u32(header !== null ? header.handle : 0);
}

/** The answer to a new track; its id is put into `info`. */
function tracked(at: usize, info: TrackInfo): Answer {
  if (load<u8>(at)) return <Answer>(load<u8>(at, 2) + 1);
  info.id = load<u16>(at, 2);
  return Answer.Ok;
}

/**
 * A track beside those of the publisher, by grant `tracks`, and its sequence header if it has one; again, with the id that it got, for a
 * header that changes. It gets the id of `info` if that is no track of the publisher's, otherwise the next free one, never 0: `info.id`
 * is the one that it got. Its frames are emitted like any other.
 */
export function addTrack(info: TrackInfo, header: Packet | null = null): Answer {
  const params = allocate(72);
  writeTrack(new Writer(params), info, header);
  const at = allocate(4);
  host.outputAddTrack(params, at);
  return tracked(at, info);
}

/** How much of the budget for emitted bytes is used up. */
export enum Pressure {
  Low,
  High,
  Full,
}

/**
 * A stream of the filter's own beside the one in hand, by grant `derive`. It is called as its parent with the suffix behind it, and ends
 * with `close` and with its parent; a new generation that opens the same suffix goes on with the same stream.
 */
export class Derived {
  /** The name that it asked for; set by `open`. */
  key: StreamKey | null = null;
  private handle: u32;

  /** `suffix`: 1 to 64 letters, digits, `-`, `_` and `.`; `tags` stand in the router's log. */
  constructor(suffix: string, tags: Array<Attribute> = []) {
    const list = allocate(8);
    new Writer(list).pairs(tags);
    const text = new Utf8(suffix);
    this.handle = host.derivedNew(text.at, text.size, load<u32>(list), load<u32>(list, 4));
  }

  /**
   * Asks for the name. It is published when the hook has returned: if the name is in use then, what is called afterwards answers
   * NameTaken, and `open` may try again. Open is open: the same again.
   */
  open(): Answer {
    const at = allocate(28);
    host.derivedOpen(this.handle, at);
    if (load<u8>(at)) return <Answer>(load<u8>(at, 4) + 1);
    this.key = StreamKey.read(new Reader(at + 4));
    return Answer.Ok;
  }

  /** How much of the budget is used up; Full for what is not open. */
  pressure(): Pressure {
    return <Pressure>host.derivedPressure(this.handle);
  }

  /** A track with the id of `info`, and its sequence header if it has one; again for a header that changes. */
  addTrack(info: TrackInfo, header: Packet | null = null): Answer {
    const params = allocate(76);
    const w = new Writer(params);
    w.u32(this.handle);
    writeTrack(w, info, header);
    const at = allocate(4);
    host.derivedAddTrack(params, at);
    return tracked(at, info);
  }

  /** A frame of one of its tracks; a packet that was retained is shared, not copied. The times are the parent's. */
  push(m: FrameMeta, packet: Packet): Answer {
    const at = allocate(2);
    host.derivedPush(
      this.handle, m.track, m.kind, m.codec, m.flags, m.dts, m.pts, m.size, m.unitTypes, m.seq, m.gop, packet.handle, at,
    );
    return answered(at);
  }

  /** A data message; `onMetaData` is kept for players that join. */
  setMetadata(metadata: Metadata): Answer {
    const m = new Lowered(metadata);
    const at = allocate(2);
    host.derivedSetMetadata(this.handle, m.name.at, m.name.size, m.fields, m.count, at);
    return answered(at);
  }

  /** Ends the stream; it is not used afterwards. */
  close(): void {
    host.derivedDrop(this.handle);
  }
}

let refused: Fault | null = null;

/** For `open`: why there is no filter for this stream. `return refuse(Fault.unsupported("…"));` */
export function refuse(fault: Fault): MediaFilter | null {
  refused = fault;
  return null;
}

/** For `onHeader` and `onMetadata`: a failure of the filter. `return fail(Fault.internal("…"));` */
export function fail(fault: Fault): Verdict {
  refused = fault;
  return Verdict.Pass;
}

/** What `refuse` or `fail` left. */
export function takeRefused(): Fault | null {
  const fault = refused;
  refused = null;
  return fault;
}

/**
 * A filter of frames, sequence headers and metadata: one object per stream.
 *
 * One hook of a stream at a time, frames in the order they came. `throw`, a failed `assert` and a bad index become a line in the log
 * with their place and cost the stream its filter until the next key frame; the frame in hand is then treated by the operator's
 * `on_failure`.
 */
export class MediaFilter {
  /** What the filter wants to see; asked once. The router calls it for nothing else. */
  subscribe(): Subscription {
    return new Subscription([new Interest()]);
  }

  /** A sequence header. Edited with `frame.replace` puts another record in its place. */
  onHeader(track: TrackInfo, record: Uint8Array, frame: Frame): Verdict {
    return Verdict.Pass;
  }

  /** A data message. Edited with `setMetadata` puts another in its place. */
  onMetadata(metadata: Metadata): Verdict {
    return Verdict.Pass;
  }

  /** A coded frame that the subscription asked for. */
  onFrame(meta: FrameMeta, frame: Frame): Verdict {
    return Verdict.Pass;
  }

  /** Every `tickMs` of the subscription. `now` is the stream's time in microseconds. */
  onTick(now: i64): void {}

  /** Last call for output: the stream ends or goes over to another generation. */
  flush(): void {}

  /** State for the next generation, of the schema that the description names; null: none. */
  snapshot(): SavedState | null {
    return null;
  }

  /** Nothing is called afterwards. */
  end(reason: EndReason): void {}
}

/** What the module of a media filter consists of; see `exportMedia`. */
export class Exported {
  constructor(
    public description: Description,
    public configure: (settings: Settings) => Fault | null,
    public open: (stream: StreamInfo, resume: SavedState | null) => MediaFilter | null,
  ) {}
}

let exported: Exported | null = null;

/**
 * Makes the module a media filter; called once, at the top level of `filter.ts`.
 * `configure` reads the settings, once per instance: a fault keeps the filter from being loaded. `open` starts a stream, or takes it
 * over with the state of the generation before, or restarts it after a fault.
 */
export function exportMedia(
  description: Description,
  configure: (settings: Settings) => Fault | null,
  open: (stream: StreamInfo, resume: SavedState | null) => MediaFilter | null,
): void {
  exported = new Exported(description, configure, open);
}

/** What `exportMedia` was given. */
export function theExported(): Exported {
  return assert(exported, "filter.ts does not call exportMedia");
}
