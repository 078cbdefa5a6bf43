// Small values kept by the router, shared by the filter's instances. By grant: `kv:BUCKET`. 
// What fails throws KvError.

import host from "weir:filter/kv@0.1.0";

/** `tag` names why: "no-such-bucket", "denied", "too-large", "conflict" (compareAndSet found another version), "unavailable". */
export class KvError extends Error {
  constructor({ tag, val }) {
    super(val ?? tag);
    this.tag = tag;
  }
}

function answered(call) {
  try {
    return call();
  } catch (thrown) {
    // The engine wraps the error of a result in one of its own.
    throw thrown?.payload?.tag ? new KvError(thrown.payload) : thrown;
  }
}

/** The value, a Uint8Array, and its version: { value, version }; null if there is none. */
export function get(bucket, key) {
  return answered(() => host.get(bucket, key));
}

/** Returns the new version. `ttlMs`: gone after that long. */
export function set(bucket, key, value, ttlMs = null) {
  return answered(() => host.set(bucket, key, value, ttlMs));
}

/** As `set`, if the version is still `expect`; null: if there is no such key. */
export function compareAndSet(bucket, key, expect, value, ttlMs = null) {
  return answered(() => host.compareAndSet(bucket, key, expect, value, ttlMs));
}

/** Adds to a value that is a decimal number, from 0 if there is none; returns the sum. */
export function add(bucket, key, delta, ttlMs = null) {
  return answered(() => host.add(bucket, key, delta, ttlMs));
}

/** Forgets a key. */
export function remove(bucket, key) {
  answered(() => host.delete(bucket, key));
}
