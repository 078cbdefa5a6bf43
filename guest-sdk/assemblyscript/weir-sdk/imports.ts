// What the host offers, as it is called.

// @ts-ignore: decorator
@external("weir:filter/log@0.1.0", "enabled")
export declare function enabled(level: i32): i32;
// @ts-ignore: decorator
@external("weir:filter/log@0.1.0", "write")
export declare function write(level: i32, message: usize, size: usize, fields: usize, count: usize): void;
// @ts-ignore: decorator
@external("weir:filter/metrics@0.1.0", "add")
export declare function metricsAdd(name: usize, size: usize, delta: u64): void;
// @ts-ignore: decorator
@external("weir:filter/metrics@0.1.0", "set")
export declare function metricsSet(name: usize, size: usize, value: f64): void;
// @ts-ignore: decorator
@external("weir:filter/metrics@0.1.0", "observe")
export declare function metricsObserve(name: usize, size: usize, value: f64): void;
// @ts-ignore: decorator
@external("weir:filter/clock@0.1.0", "monotonic-ns")
export declare function monotonicNs(): u64;
// @ts-ignore: decorator
@external("weir:filter/clock@0.1.0", "unix-ms")
export declare function unixMs(): u64;
// @ts-ignore: decorator
@external("weir:filter/config@0.1.0", "json")
export declare function configJson(answer: usize): void;
// @ts-ignore: decorator
@external("weir:filter/config@0.1.0", "secret")
export declare function configSecret(name: usize, size: usize, answer: usize): void;
// @ts-ignore: decorator
@external("weir:filter/entropy@0.1.0", "fill")
export declare function entropyFill(length: u32, answer: usize): void;
// @ts-ignore: decorator
@external("weir:filter/frame@0.1.0", "units")
export declare function frameUnits(answer: usize): void;
// @ts-ignore: decorator
@external("weir:filter/frame@0.1.0", "read")
export declare function frameRead(offset: u32, length: u32, answer: usize): void;
// @ts-ignore: decorator
@external("weir:filter/frame@0.1.0", "remove-unit")
export declare function frameRemoveUnit(index: u32): void;
// @ts-ignore: decorator
@external("weir:filter/frame@0.1.0", "remove-units")
export declare function frameRemoveUnits(types: u64): u32;
// @ts-ignore: decorator
@external("weir:filter/frame@0.1.0", "units-of")
export declare function frameUnitsOf(types: u64): u64;
// @ts-ignore: decorator
@external("weir:filter/frame@0.1.0", "replace-unit")
export declare function frameReplaceUnit(index: u32, data: usize, size: usize): void;
// @ts-ignore: decorator
@external("weir:filter/frame@0.1.0", "insert-unit")
export declare function frameInsertUnit(before: u32, data: usize, size: usize): void;
// @ts-ignore: decorator
@external("weir:filter/frame@0.1.0", "replace")
export declare function frameReplace(data: usize, size: usize): void;
// @ts-ignore: decorator
@external("weir:filter/frame@0.1.0", "retime")
export declare function frameRetime(dts: i64, pts: i64): void;
// @ts-ignore: decorator
@external("weir:filter/frame@0.1.0", "retain")
export declare function frameRetain(): u32;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "[constructor]packet")
export declare function packetNew(data: usize, size: usize): u32;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "[method]packet.size")
export declare function packetSize(self: u32): u32;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "[method]packet.read")
export declare function packetRead(self: u32, offset: u32, length: u32, answer: usize): void;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "[resource-drop]packet")
export declare function packetDrop(self: u32): void;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "emit-before")
export declare function outputEmitBefore(
  track: u32, kind: u32, codec: u32, flags: u32, dts: i64, pts: i64, size: u32, unitTypes: u64, seq: u64, gop: u64,
  packet: u32, answer: usize,
): void;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "emit-after")
export declare function outputEmitAfter(
  track: u32, kind: u32, codec: u32, flags: u32, dts: i64, pts: i64, size: u32, unitTypes: u64, seq: u64, gop: u64,
  packet: u32, answer: usize,
): void;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "release-held")
export declare function outputReleaseHeld(count: u32): void;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "drop-held")
export declare function outputDropHeld(count: u32): void;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "set-metadata")
export declare function outputSetMetadata(name: usize, size: usize, fields: usize, count: usize, answer: usize): void;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "add-track")
export declare function outputAddTrack(params: usize, answer: usize): void;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "[constructor]derived")
export declare function derivedNew(suffix: usize, size: usize, tags: usize, count: usize): u32;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "[method]derived.open")
export declare function derivedOpen(self: u32, answer: usize): void;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "[method]derived.pressure")
export declare function derivedPressure(self: u32): u32;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "[method]derived.add-track")
export declare function derivedAddTrack(params: usize, answer: usize): void;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "[method]derived.push")
export declare function derivedPush(
  self: u32, track: u32, kind: u32, codec: u32, flags: u32, dts: i64, pts: i64, size: u32, unitTypes: u64, seq: u64, gop: u64,
  packet: u32, answer: usize,
): void;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "[method]derived.set-metadata")
export declare function derivedSetMetadata(self: u32, name: usize, size: usize, fields: usize, count: usize, answer: usize): void;
// @ts-ignore: decorator
@external("weir:filter/output@0.1.0", "[resource-drop]derived")
export declare function derivedDrop(self: u32): void;
// @ts-ignore: decorator
@external("weir:filter/kv@0.1.0", "get")
export declare function kvGet(bucket: usize, bucketSize: usize, key: usize, keySize: usize, answer: usize): void;
// @ts-ignore: decorator
@external("weir:filter/kv@0.1.0", "set")
export declare function kvSet(
  bucket: usize, bucketSize: usize, key: usize, keySize: usize, value: usize, size: usize, ends: u32, ttlMs: u64, answer: usize,
): void;
// @ts-ignore: decorator
@external("weir:filter/kv@0.1.0", "compare-and-set")
export declare function kvCompareAndSet(
  bucket: usize, bucketSize: usize, key: usize, keySize: usize, there: u32, version: u64, value: usize, size: usize, ends: u32,
  ttlMs: u64, answer: usize,
): void;
// @ts-ignore: decorator
@external("weir:filter/kv@0.1.0", "add")
export declare function kvAdd(
  bucket: usize, bucketSize: usize, key: usize, keySize: usize, delta: i64, ends: u32, ttlMs: u64, answer: usize,
): void;
// @ts-ignore: decorator
@external("weir:filter/kv@0.1.0", "delete")
export declare function kvDelete(bucket: usize, bucketSize: usize, key: usize, keySize: usize, answer: usize): void;
// @ts-ignore: decorator
@external("[export]weir:filter/media@0.1.0", "[resource-new]stream-filter")
export declare function resourceNew(number: u32): u32;
