// Small values kept by the router, shared by the filter's instances and generations. By grant: `kv:BUCKET`.

import { Reader, Utf8, allocate } from "./abi";
import { kvAdd, kvCompareAndSet, kvDelete, kvGet, kvSet } from "./imports";

/** What came of a call. */
export enum Answer {
  Ok,
  NoSuchBucket,
  Denied,
  /** Key or value over the bucket's bounds. */
  TooLarge,
  /** `compareAndSet` found another version. */
  Conflict,
  Unavailable,
}

/** A value; its version changes with every write. */
export class Item {
  constructor(public value: Uint8Array, public version: u64) {}
}

/** What a call gives: read only what `answer` is `Ok` for. */
export class Reply {
  answer: Answer = Answer.Ok;
  /** What is wrong, where the answer is `Unavailable`. */
  reason: string = "";
  /** Of `get`; null if there is no such key. */
  item: Item | null = null;
  /** Of `set` and `compareAndSet`. */
  version: u64 = 0;
  /** Of `add`. */
  sum: i64 = 0;

  get ok(): bool {
    return this.answer == Answer.Ok;
  }
}

/** A reply whose error, if it is one, stands `behind` bytes behind the start. */
function reply(at: usize, behind: usize): Reply {
  const reply = new Reply();
  if (load<u8>(at)) {
    reply.answer = <Answer>(load<u8>(at + behind) + 1);
    if (reply.answer == Answer.Unavailable) reply.reason = new Reader(at + behind + 4).text();
  }
  return reply;
}

/** The value of a key. */
export function get(bucket: string, key: string): Reply {
  const b = new Utf8(bucket);
  const k = new Utf8(key);
  const at = allocate(32);
  kvGet(b.at, b.size, k.at, k.size, at);
  const got = reply(at, 8);
  if (got.ok && load<u8>(at, 8)) {
    const r = new Reader(at + 16);
    got.item = new Item(r.bytes(), r.u64());
  }
  return got;
}

function written(at: usize): Reply {
  const wrote = reply(at, 8);
  if (wrote.ok) wrote.version = load<u64>(at, 8);
  return wrote;
}

/** Writes a value. `ttlMs`: gone after that long; 0: it stays. */
export function set(bucket: string, key: string, value: Uint8Array, ttlMs: u64 = 0): Reply {
  const b = new Utf8(bucket);
  const k = new Utf8(key);
  const at = allocate(24);
  kvSet(b.at, b.size, k.at, k.size, value.dataStart, value.length, ttlMs ? 1 : 0, ttlMs, at);
  return written(at);
}

/** As `set`, if the version is still that of `expect`; null: if there is no such key. */
export function compareAndSet(bucket: string, key: string, expect: Item | null, value: Uint8Array, ttlMs: u64 = 0): Reply {
  const b = new Utf8(bucket);
  const k = new Utf8(key);
  const at = allocate(24);
  const version: u64 = expect !== null ? expect.version : 0;
  const there: u32 = expect !== null ? 1 : 0;
  kvCompareAndSet(b.at, b.size, k.at, k.size, there, version, value.dataStart, value.length, ttlMs ? 1 : 0, ttlMs, at);
  return written(at);
}

/** Adds to a value that is a decimal number, from 0 if there is none. */
export function add(bucket: string, key: string, delta: i64, ttlMs: u64 = 0): Reply {
  const b = new Utf8(bucket);
  const k = new Utf8(key);
  const at = allocate(24);
  kvAdd(b.at, b.size, k.at, k.size, delta, ttlMs ? 1 : 0, ttlMs, at);
  const added = reply(at, 8);
  if (added.ok) added.sum = load<i64>(at, 8);
  return added;
}

/** Forgets a key. */
export function remove(bucket: string, key: string): Reply {
  const b = new Utf8(bucket);
  const k = new Utf8(key);
  const at = allocate(16);
  kvDelete(b.at, b.size, k.at, k.size, at);
  return reply(at, 4);
}
