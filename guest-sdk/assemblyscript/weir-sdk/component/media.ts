// The exports of the world `media-filter`; `weir filter build` gives them their names in the contract.

import { Reader, Writer, allocate, done, textAt } from "../abi";
import { describeTo, result, settings } from "../base";
import { resourceNew } from "../imports";
import {
  EndReason, Field, Frame, FrameMeta, Interest, MediaFilter, MediaKind, Metadata, SavedState, StreamInfo, TrackInfo, Value, Verdict,
  takeRefused, theExported,
} from "../media";

import "../trap";

export { cabi_realloc } from "../abi";

// By the number that the router knows them by.
const streams: Map<u32, MediaFilter> = new Map<u32, MediaFilter>();
let last: u32 = 0;
const frame: Frame = new Frame();
const meta: FrameMeta = new FrameMeta();

export function lifecycle_describe(): usize {
  const answer = describeTo(theExported().description);
  done();
  return answer;
}

export function lifecycle_configure(): usize {
  const answer = result(theExported().configure(settings()));
  done();
  return answer;
}

export function media_open(params: usize): usize {
  const r = new Reader(params);
  const info = StreamInfo.read(r);
  const resumes = r.u32() as u8;
  const resume = resumes ? new SavedState(r.u32(), r.bytes()) : null;
  const filter = theExported().open(info, resume);
  const fault = takeRefused();
  const answer = result(fault);
  if (fault === null) {
    streams.set(++last, assert(filter, "open gave no filter; refuse(…) says why"));
    store<u32>(answer, resourceNew(last), 4);
  }
  done();
  return answer;
}

export function media_drop(self: u32): void {
  streams.delete(self);
}

export function media_subscribe(self: u32): usize {
  const s = streams.get(self).subscribe();
  const answer = allocate(24);
  const w = new Writer(answer);
  const frames = w.list(32, s.frames.length);
  for (let i = 0; i < s.frames.length; i++) {
    const interest: Interest = s.frames[i];
    const kinds = frames.list(1, interest.kinds.length);
    for (let k = 0; k < interest.kinds.length; k++) kinds.u8(<u8>interest.kinds[k]);
    const codecs = frames.list(4, interest.codecs.length);
    for (let c = 0; c < interest.codecs.length; c++) codecs.u32(interest.codecs[c]);
    frames.bool(interest.onlyKeyframes);
    let types: u64 = 0;
    for (let t = 0; t < interest.unitTypes.length; t++) types |= (<u64>1) << interest.unitTypes[t];
    frames.u64(types);
  }
  w.bool(s.headers);
  w.bool(s.metadata);
  w.u8(<u8>s.swapAt);
  w.u32(s.maxHoldFrames);
  w.u32(s.tickMs ? 1 : 0);
  w.u32(s.tickMs);
  done();
  return answer;
}

function verdict(v: Verdict): usize {
  const fault = takeRefused();
  const answer = result(fault);
  if (fault === null) store<u8>(answer, <u8>v, 4);
  done();
  return answer;
}

export function media_on_header(params: usize): usize {
  const r = new Reader(params);
  const filter = streams.get(r.u32());
  const track = TrackInfo.read(r);
  return verdict(filter.onHeader(track, r.bytes(), frame));
}

export function media_on_metadata(self: u32, name: usize, size: usize, fields: usize, count: u32): usize {
  const metadata = new Metadata(textAt(name, size));
  const list = new Reader(fields);
  for (let i: u32 = 0; i < count; i++) metadata.fields.push(new Field(list.text(), Value.read(list)));
  return verdict(streams.get(self).onMetadata(metadata));
}

export function media_on_frame(
  self: u32, track: u32, kind: u32, codec: u32, flags: u32, dts: i64, pts: i64, size: u32, unitTypes: u64, seq: u64, gop: u64,
): u32 {
  meta.track = <u16>track;
  meta.kind = <MediaKind>kind;
  meta.codec = codec;
  meta.flags = flags;
  meta.dts = dts;
  meta.pts = pts;
  meta.size = size;
  meta.unitTypes = unitTypes;
  meta.seq = seq;
  meta.gop = gop;
  const answer = <u32>streams.get(self).onFrame(meta, frame);
  done();
  return answer;
}

export function media_on_tick(self: u32, now: i64): void {
  streams.get(self).onTick(now);
  done();
}

export function media_flush(self: u32): void {
  streams.get(self).flush();
  done();
}

export function media_snapshot(self: u32): usize {
  const state = streams.get(self).snapshot();
  const answer = allocate(16);
  if (state !== null) {
    const w = new Writer(answer);
    w.u32(1);
    w.u32(state.schema);
    w.bytes(state.data);
  }
  done();
  return answer;
}

export function media_end(self: u32, reason: u32): void {
  streams.get(self).end(<EndReason>reason);
  done();
}
