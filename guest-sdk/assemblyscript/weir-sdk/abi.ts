// Values as the component model's canonical ABI lays them out in memory.

import { write as logWrite } from "./imports";

// Blocks that the host has filled or has yet to read: of the call at hand, and of the one before it, whose answer the host read after
// the call had returned.
let current: Array<usize> = new Array<usize>();
let previous: Array<usize> = new Array<usize>();

/** Zeroed memory that stays until the end of the next call. */
export function allocate(size: usize): usize {
  const block = heap.alloc(max<usize>(size, 8));
  memory.fill(block, 0, size);
  current.push(block);
  return block;
}

/** What the host calls to put arguments and answers into memory. */
export function cabi_realloc(old: usize, oldSize: usize, align: usize, size: usize): usize {
  const block = heap.alloc(max<usize>(size, 8));
  if (oldSize > 0) memory.copy(block, old, min<usize>(oldSize, size));
  current.push(block);
  return block;
}

/** Ends an exported call: what the call before it left can go. */
export function done(): void {
  for (let i = 0; i < previous.length; i++) heap.free(unchecked(previous[i]));
  previous.length = 0;
  const swap = previous;
  previous = current;
  current = swap;
}

/** The text at a place. */
export function textAt(at: usize, length: usize): string {
  return String.UTF8.decodeUnsafe(at, length);
}

/** A string's bytes in memory that stays until the end of the next call. */
export class Utf8 {
  at: usize;
  size: usize;

  constructor(text: string) {
    this.size = <usize>String.UTF8.byteLength(text);
    this.at = allocate(this.size);
    String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, this.at);
  }
}

/** Reads fields in their order; each is aligned to its size. */
export class Reader {
  constructor(public at: usize) {}

  align(to: usize): void {
    this.at = (this.at + to - 1) & ~(to - 1);
  }

  u8(): u8 {
    const v = load<u8>(this.at);
    this.at += 1;
    return v;
  }

  bool(): bool {
    return this.u8() != 0;
  }

  u16(): u16 {
    this.align(2);
    const v = load<u16>(this.at);
    this.at += 2;
    return v;
  }

  u32(): u32 {
    this.align(4);
    const v = load<u32>(this.at);
    this.at += 4;
    return v;
  }

  u64(): u64 {
    this.align(8);
    const v = load<u64>(this.at);
    this.at += 8;
    return v;
  }

  f64(): f64 {
    this.align(8);
    const v = load<f64>(this.at);
    this.at += 8;
    return v;
  }

  text(): string {
    const at = this.u32();
    return textAt(at, this.u32());
  }

  bytes(): Uint8Array {
    const at = this.u32();
    const size = this.u32();
    const bytes = new Uint8Array(size);
    memory.copy(bytes.dataStart, at, size);
    return bytes;
  }

  pairs(): Array<Attribute> {
    const list = new Reader(this.u32());
    const count = this.u32();
    const pairs = new Array<Attribute>();
    for (let i: u32 = 0; i < count; i++) pairs.push(new Attribute(list.text(), list.text()));
    return pairs;
  }
}

/** A name and a value. */
export class Attribute {
  constructor(public name: string, public value: string) {}
}

/** The first value of this name; null if there is none. */
export function find(attributes: Array<Attribute>, name: string): string | null {
  for (let i = 0; i < attributes.length; i++) {
    if (attributes[i].name == name) return attributes[i].value;
  }
  return null;
}

/** Writes fields in their order. */
export class Writer {
  constructor(public at: usize) {}

  align(to: usize): void {
    this.at = (this.at + to - 1) & ~(to - 1);
  }

  u8(v: u8): void {
    store<u8>(this.at, v);
    this.at += 1;
  }

  bool(v: bool): void {
    this.u8(v ? 1 : 0);
  }

  u16(v: u16): void {
    this.align(2);
    store<u16>(this.at, v);
    this.at += 2;
  }

  u32(v: u32): void {
    this.align(4);
    store<u32>(this.at, v);
    this.at += 4;
  }

  u64(v: u64): void {
    this.align(8);
    store<u64>(this.at, v);
    this.at += 8;
  }

  f64(v: f64): void {
    this.align(8);
    store<f64>(this.at, v);
    this.at += 8;
  }

  text(v: string): void {
    const bytes = new Utf8(v);
    this.u32(<u32>bytes.at);
    this.u32(<u32>bytes.size);
  }

  bytes(v: Uint8Array): void {
    const at = allocate(v.length);
    memory.copy(at, v.dataStart, v.length);
    this.u32(<u32>at);
    this.u32(v.length);
  }

  /** Place and length of a list; a writer of its elements, whose size is a multiple of their alignment. */
  list(size: usize, count: i32): Writer {
    const at = allocate(size * count);
    this.u32(<u32>at);
    this.u32(count);
    return new Writer(at);
  }

  pairs(v: Array<Attribute>): void {
    const list = this.list(16, v.length);
    for (let i = 0; i < v.length; i++) {
      list.text(v[i].name);
      list.text(v[i].value);
    }
  }
}

/** One line in the log. */
export function logLine(level: i32, message: string, fields: Array<Attribute>): void {
  const pair = allocate(8);
  new Writer(pair).pairs(fields);
  const text = new Utf8(message);
  logWrite(level, text.at, text.size, load<u32>(pair), load<u32>(pair, 4));
}
